"""People in the administration: list, invitation, roles, closing and opening accounts, new links."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kb.accounts import queries
from kb.accounts.entry.signin import current_token, current_viewer
from kb.accounts.forms import ConfirmForm, InviteForm, RolesForm, show_error
from kb.accounts.letters import link_url, mail_invitation
from kb.accounts.models import User
from kb.accounts.permissions import Permission
from kb.accounts.roles import ROLE_NAMES
from kb.accounts.services import links, sign_ins, users
from kb.accounts.services.handing import hand_out_password_link
from kb.accounts.views.blueprint import bp
from kb.accounts.ways import Way
from kb.errors import Invalid
from kb.web.guards import requires
from kb.web.once import take_once
from kb.web.sessions import reader, transaction

LIST = "/administration/anvandare"


@bp.get(LIST)
@requires(Permission.USERS)
def user_index() -> str:
    """Everybody with an account, and who is invited."""
    text = request.args.get("q", "")[:100]
    rows = queries.list_users(reader(), text)
    invited = [(link, queries.role_words(link.granted())) for link in queries.open_invitations(reader())]
    units = queries.unit_names(reader())
    return render_template("accounts/user_index.html", rows=rows, text=text, invited=invited, units=units)


@bp.get(f"{LIST}/ny")
@requires(Permission.USERS)
def invitation_new() -> str:
    """The form for an invitation."""
    return render_template("accounts/invitation_new.html", form=_invite_form())


@bp.post(f"{LIST}/ny")
@requires(Permission.USERS, with_password=True)
def invitation_create() -> tuple[str, int] | Response:
    """Invite: the link is mailed, and shown once to the administrator."""
    form = _invite_form()
    if form.validate_on_submit():
        try:
            address = _invite(form)
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"Inbjudan till {form.email.data} är skapad.")
            flash(address, "link")
            return redirect(url_for(".user_index"), 303)
    return render_template("accounts/invitation_new.html", form=form), 422


@bp.post(f"{LIST}/inbjudan/<public_id>/aterkallelse")
@requires(Permission.USERS, with_password=True)
def invitation_delete(public_id: str) -> Response:
    """Take an invitation back."""
    with transaction() as session:
        links.withdraw_invitation(session, queries.get_invitation(session, public_id), by=current_viewer())
    flash("Inbjudan är återkallad. Länken fungerar inte längre.")
    return redirect(url_for(".user_index"), 303)


@bp.get(f"{LIST}/<public_id>")
@requires(Permission.USERS)
def user_show(public_id: str) -> str:
    """One person: roles for each unit, account, links."""
    return _person_page(public_id, RolesForm(formdata=None))


@bp.post(f"{LIST}/<public_id>/roller")
@requires(Permission.USERS, with_password=True)
def roles_update(public_id: str) -> tuple[str, int] | Response:
    """Set the roles in one unit."""
    form = RolesForm()
    form.unit.offer(queries.list_units(reader()))
    if form.validate_on_submit():
        try:
            changed = _set_roles(public_id, form)
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_told(public_id) if changed else "Inget ändrades.")
            return redirect(url_for(".user_show", public_id=public_id), 303)
    form.form_errors += form.unit.errors  # each unit has a form of its own: there is no one field to lead to
    form.unit.errors = []
    return _person_page(public_id, form), 422


@bp.get(f"{LIST}/<public_id>/stangning")
@requires(Permission.USERS)
def closing_new(public_id: str) -> str:
    """What closing means, and the button."""
    person = queries.get_user(reader(), public_id)
    return render_template("accounts/closing_new.html", form=ConfirmForm(), person=person)


@bp.post(f"{LIST}/<public_id>/stangning")
@requires(Permission.USERS, with_password=True)
def closing_create(public_id: str) -> tuple[str, int] | Response:
    """Close the account."""
    form = ConfirmForm()
    try:
        with transaction() as session:
            users.close_account(session, queries.get_user(session, public_id), by=current_viewer())
    except Invalid as error:
        show_error(form, error)
        person = queries.get_user(reader(), public_id)
        return render_template("accounts/closing_new.html", form=form, person=person), 422
    flash("Kontot är stängt.")
    return redirect(url_for(".user_show", public_id=public_id), 303)


@bp.post(f"{LIST}/<public_id>/oppning")
@requires(Permission.USERS, with_password=True)
def closing_delete(public_id: str) -> Response:
    """Open the account again."""
    with transaction() as session:
        users.reopen_account(session, queries.get_user(session, public_id), by=current_viewer())
    flash("Kontot är öppet igen.")
    return redirect(url_for(".user_show", public_id=public_id), 303)


@bp.post(f"{LIST}/<public_id>/inloggningar/avslut")
@requires(Permission.USERS, with_password=True)
def sign_ins_delete(public_id: str) -> Response:
    """End a person's sign-ins everywhere."""
    with transaction() as session:
        person = queries.get_user(session, public_id)
        own = current_token() if _is_own(public_id) else None
        count = sign_ins.end_all(
            session, person, reason="avslutad av administratör", by=current_viewer(), besides=own
        )
    flash("Inloggningarna är avslutade." if count else "Personen var inte inloggad någonstans.")
    return redirect(url_for(".user_show", public_id=public_id), 303)


@bp.post(f"{LIST}/<public_id>/lank")
@requires(Permission.USERS, with_password=True)
def password_link_create(public_id: str) -> Response:
    """Make a link for a new password and show it once."""
    try:
        with transaction() as session:
            person = queries.get_user(session, public_id)
            token = hand_out_password_link(session, person, by=current_viewer(), way=Way.SHOWN)
        flash(
            "Länken är skapad. Den fungerar en gång, i 24 timmar. Ge den bara till personen själv. "
            "Personen får veta det i ett mejl och vid nästa inloggning, och det står i loggen."
        )
        flash(link_url(token), "link")
    except Invalid as error:
        flash(error.message, "error")
    return redirect(url_for(".user_show", public_id=public_id), 303)


def _invite_form() -> InviteForm:
    form = InviteForm()
    form.unit.offer(queries.list_units(reader()))
    return form


def _invite(form: InviteForm) -> str:
    """Make the invitation and its mail; returns the address of the link."""
    roles, by = form.roles.chosen(), current_viewer()
    with transaction() as session:
        take_once(session, by.actor, url_for(".user_index"))
        unit = queries.get_unit(session, form.unit.data)
        token = links.invite(session, email=form.email.data or "", unit=unit, roles=roles, by=by)
        address = link_url(token)
        to, words = users.clean_email(form.email.data or ""), queries.role_words(roles)
        mail_invitation(session, to=to, unit=unit.name, roles=words, address=address, by=by)
    return address


def _set_roles(public_id: str, form: RolesForm) -> bool:
    with transaction() as session:
        person = queries.get_user(session, public_id)
        unit = queries.get_unit(session, form.unit.data)
        own = current_token() if _is_own(public_id) else None
        return users.set_roles(session, person, unit, form.roles.chosen(), by=current_viewer(), besides=own)


def _is_own(public_id: str) -> bool:
    return public_id == current_viewer().public_id


def _told(public_id: str) -> str:
    if _is_own(public_id):
        return "Dina roller är sparade och gäller direkt. Du är fortfarande inloggad."
    return "Rollerna är sparade. Personen behöver logga in igen."


def _person_page(public_id: str, form: RolesForm) -> str:
    person: User = queries.get_user(reader(), public_id)
    held = queries.roles_of(reader(), person)
    units = queries.list_units(reader())
    typed = {
        unit.id: form.roles.chosen() for unit in units if form.errors and unit.public_id == form.unit.data
    }
    return render_template(
        "accounts/user_show.html",
        form=form,
        person=person,
        places=[(unit, typed.get(unit.id, held[unit.id])) for unit in units if unit.id in held],
        others=[unit for unit in units if unit.id not in held],
        role_names=ROLE_NAMES,
        signed_in=len(queries.alive_sign_ins(reader(), person.id)),
        is_own=_is_own(public_id),
    )
