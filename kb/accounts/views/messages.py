"""Mail in the administration: what is kept because it could not be sent, and a test."""

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.accounts.letters import mail_test
from kb.accounts.permissions import Permission
from kb.accounts.views.blueprint import bp
from kb.audit.services import record
from kb.mail import queries, services
from kb.web.addresses import external_url
from kb.web.guards import requires
from kb.web.landmarks import Landmark
from kb.web.sessions import reader, transaction

LIST = "/administration/e-post"


@bp.get(LIST)
@requires(Permission.MAIL)
def message_index() -> str:
    """The latest messages; kept ones first."""
    messages = sorted(queries.list_messages(reader()), key=lambda message: not message.is_kept)
    return render_template("accounts/message_index.html", messages=messages, has_server=_has_server())


@bp.get(f"{LIST}/<public_id>")
@requires(Permission.MAIL)
def message_show(public_id: str) -> str:
    """One message with its text, as long as it is kept."""
    message = queries.get_message(reader(), public_id)
    return render_template("accounts/message_show.html", item=message, has_server=_has_server())


@bp.post(f"{LIST}/<public_id>/hantering")
@requires(Permission.MAIL)
def message_delete(public_id: str) -> Response:
    """The administrator has passed the message on; its text is removed."""
    with transaction() as session:
        services.mark_handled(queries.get_message(session, public_id))
        record(session, "mail.handled", actor=current_viewer().actor, message=public_id)
    flash("Meddelandet är markerat som hanterat och texten är borttagen.")
    return redirect(url_for(".message_index"), 303)


@bp.post(f"{LIST}/<public_id>/utskick")
@requires(Permission.MAIL)
def message_update(public_id: str) -> Response:
    """Try to send a kept message once more."""
    with transaction() as session:
        services.send_again(session, queries.get_message(session, public_id))
        record(session, "mail.sent_again", actor=current_viewer().actor, message=public_id)
    flash("Rådrum försöker skicka meddelandet igen.")
    return redirect(url_for(".message_show", public_id=public_id), 303)


@bp.post(f"{LIST}/prov")
@requires(Permission.MAIL)
def message_create() -> Response:
    """Send a test message to oneself."""
    with transaction() as session:
        message = mail_test(session, address=external_url(Landmark.START), by=current_viewer())
        public_id = message.public_id
    flash(f"Ett provmejl till {current_viewer().email} är på väg.")
    return redirect(url_for(".message_show", public_id=public_id), 303)


def _has_server() -> bool:
    return bool(current_app.config["SETTINGS"].smtp_url)
