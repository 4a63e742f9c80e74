"""The page behind a one-time link: first administrator, invitation, new password."""

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import count_request, current_viewer, sign_in
from kb.accounts.forms import FirstAccountForm, InvitationForm, PasswordForm, show_error
from kb.accounts.models import ADMINISTRATOR, INVITATION, PASSWORD, OneTimeLink, Unit
from kb.accounts.queries import role_words
from kb.accounts.services.links import find_link, use_link
from kb.accounts.views.blueprint import bp
from kb.errors import Gone, Invalid
from kb.web.guards import public, public_form
from kb.web.landmarks import Landmark
from kb.web.sessions import reader, transaction

FORMS: dict[str, type[FlaskForm]] = {
    ADMINISTRATOR: FirstAccountForm,
    INVITATION: InvitationForm,
    PASSWORD: PasswordForm,
}
Answer = tuple[str, int] | Response
ONWARD = {ADMINISTRATOR: Landmark.FIRST_DAY, INVITATION: Landmark.START, PASSWORD: "accounts.account_show"}
RECEIPTS = {PASSWORD: "Lösenordet är bytt. Du är inloggad här och utloggad på alla andra ställen."}


@bp.get("/lank/<token>")
@public
def link_show(token: str) -> Answer:
    """The form; looking at it does not use the link up."""
    try:
        link = find_link(reader(), token)
    except Gone:
        return _gone()
    return _page(link, _form(link), 200)


@bp.post("/lank/<token>")
@public_form  # the form looks at its token itself
def link_update(token: str) -> Answer:
    """Do what the link is for, and sign in."""
    try:
        link = find_link(reader(), token)
        form = _form(link)
        if not form.validate_on_submit():
            return _page(link, form, 422)
        return _use(token, link.purpose, form)
    except Gone:
        return _gone()
    except Invalid as error:
        show_error(form, error)
        return _page(find_link(reader(), token), form, 422)


def _use(token: str, purpose: str, form: FlaskForm) -> Response:
    given = {name: form[name].data if name in form else "" for name in ("name", "email", "password")}
    with transaction() as session:
        user_id = use_link(session, token, **given).id
    sign_in(user_id)
    if purpose in RECEIPTS:
        flash(RECEIPTS[purpose])
    return redirect(url_for(ONWARD[purpose]), 303)


def _form(link: OneTimeLink) -> FlaskForm:
    given = {"email": link.email} if link.purpose == ADMINISTRATOR else {}
    return FORMS[link.purpose](data=given)


def _page(link: OneTimeLink, form: FlaskForm, status: int) -> tuple[str, int]:
    unit = reader().get(Unit, link.unit_id) if link.unit_id is not None else None
    template = f"accounts/link_{link.purpose}.html"
    return render_template(
        template, form=form, link=link, unit=unit, roles=role_words(link.granted())
    ), status


def _gone() -> Answer:
    """The link is no use. Whoever has just used it goes on; who guesses is told to wait, at some time."""
    if request.method == "POST" and current_viewer().is_signed_in:
        return redirect(url_for(Landmark.START), 303)
    count_request("link")
    return render_template("accounts/link_gone.html"), 410
