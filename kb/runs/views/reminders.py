"""What a person is mailed about: an own choice, nothing from the start."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.runs.permissions import Permission
from kb.runs.reminders.forms import MailChoiceForm
from kb.runs.reminders.queries import Choice, get_choice
from kb.runs.reminders.services import choose
from kb.runs.views.blueprint import bp
from kb.web.guards import requires
from kb.web.sessions import reader, transaction

PAGE = "/konto/mejl"


@bp.get(PAGE)
@requires(Permission.SEE)
def mail_choice_edit() -> str:
    """What I am mailed about."""
    form = MailChoiceForm(obj=get_choice(reader(), current_viewer().user_id or 0))
    return render_template("runs/mail_choice_edit.html", form=form)


@bp.post(PAGE)
@requires(Permission.SEE)
def mail_choice_update() -> Response:
    """Choose anew."""
    form = MailChoiceForm()
    choice = Choice(late_steps=bool(form.late_steps.data), follow_ups=bool(form.follow_ups.data))
    with transaction() as session:
        choose(session, choice, by=current_viewer())
    flash("Ditt val är sparat.")
    return redirect(url_for(".mail_choice_edit"), 303)
