"""Mitt konto: who I am here, my password, where I am signed in."""

from flask import current_app, flash, redirect, render_template, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from kb.accounts import notices, queries
from kb.accounts.entry.signin import NOTICES, current_token, current_viewer, give_password, sign_in
from kb.accounts.forms import ChangePasswordForm, show_error
from kb.accounts.lifetimes import idle_limit
from kb.accounts.models import SignIn, User
from kb.accounts.permissions import Permission
from kb.accounts.secrets.tokens import hash_token
from kb.accounts.services import sign_ins
from kb.accounts.services.users import change_password
from kb.accounts.viewer import Viewer
from kb.accounts.views.blueprint import bp
from kb.accounts.ways import Way
from kb.audit.queries import event_rows
from kb.errors import Invalid, NotFound, TooMany
from kb.web.guards import requires
from kb.web.sessions import reader, transaction


@bp.get("/konto")
@requires(Permission.OWN)
def account_show() -> tuple[str, int]:
    """Everything about the own account."""
    return _page(ChangePasswordForm(), 200)


@bp.post("/konto/losenord")
@requires(Permission.OWN)
def password_update() -> tuple[str, int] | tuple[str, int, dict[str, str]] | Response:
    """Change the password; ends all sign-ins and begins a new one here."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        user_id = _change(form.current.data or "", form.password.data or "")
    except Invalid as error:
        show_error(form, error)
        return _page(form, 422)
    except TooMany as error:
        form.form_errors.append(error.message)
        return *_page(form, 429), {"Retry-After": str(error.retry_after)}
    sign_in(user_id)
    flash("Lösenordet är bytt. Du är utloggad på alla andra ställen.")
    return redirect(url_for(".account_show"), 303)


@bp.post("/konto/inloggningar/<public_id>/avslut")
@requires(Permission.OWN)
def session_delete(public_id: str) -> Response:
    """End one of the own sign-ins."""
    with transaction() as writing:
        query = select(SignIn).where(
            SignIn.public_id == public_id, SignIn.user_id == current_viewer().user_id
        )
        sign_in_row = writing.scalars(query).first()
        if sign_in_row is None:
            raise NotFound("Inloggningen finns inte.")
        sign_ins.end_sign_in(writing, sign_in_row, by=current_viewer())
    flash("Inloggningen är avslutad.")
    return redirect(url_for(".account_show"), 303)


@bp.post("/konto/inloggningar/ovriga/avslut")
@requires(Permission.OWN)
def other_sessions_delete() -> Response:
    """End all own sign-ins but this one."""
    viewer = current_viewer()
    with transaction() as writing:
        user = writing.get_one(User, viewer.user_id)
        reason = "avslutad av användaren"
        count = sign_ins.end_all(writing, user, reason=reason, by=viewer, besides=current_token())
    flash("Alla andra inloggningar är avslutade." if count else "Du är inte inloggad någon annanstans.")
    return redirect(url_for(".account_show"), 303)


@bp.post("/konto/handelser/sedda")
@requires(Permission.OWN)
def notices_update() -> Response:
    """The person has seen what others have done with the account."""
    with transaction() as writing:
        notices.mark_seen(writing.get_one(User, current_viewer().user_id))
    session.pop(NOTICES, None)
    return redirect(url_for(".account_show"), 303)


def _change(current: str, new: str) -> int:
    """Check the present password and store the new one. Raises `Invalid`, `TooMany`."""
    if not give_password(current):
        raise Invalid("current", "Det nuvarande lösenordet stämmer inte.")
    viewer = current_viewer()
    with transaction() as writing:
        user = writing.get_one(User, viewer.user_id)
        change_password(writing, user, password=new, by=viewer, way=Way.ACCOUNT)
        return user.id


def _page(form: ChangePasswordForm, status: int) -> tuple[str, int]:
    viewer = current_viewer()
    units = queries.unit_names(reader())
    places = [
        (name, queries.role_words(viewer.roles[key])) for key, name in units.items() if key in viewer.roles
    ]
    rows = queries.alive_sign_ins(reader(), viewer.user_id or 0)
    own = hash_token(current_token() or "")
    sessions = [(row, row.token_hash == own) for row in rows]
    done = notices.lately(reader(), reader().get_one(User, viewer.user_id or 0))
    done_by_others = event_rows(reader(), done, current_app.extensions["audit_people"])
    return render_template(
        "accounts/account_show.html",
        form=form,
        places=places,
        sessions=sessions,
        ends=_ends(viewer),
        done_by_others=done_by_others,
    ), status


def _ends(viewer: Viewer) -> str:
    """When a sign-in of this person ends by itself, in words."""
    minutes = int(idle_limit(viewer.held_roles).total_seconds()) // 60
    words = f"{minutes} minuter" if minutes < 60 else f"{minutes // 60} timmar"
    return (
        f"En inloggning upphör efter {words} utan aktivitet, på en delad enhet efter 30 minuter, "
        "och alltid efter 24 timmar."
    )
