"""Keeps the marks of `kb.web.guards`: who may come in, and whether a form came from our own page."""

from urllib.parse import urlencode

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from kb.accounts import queries
from kb.accounts.entry import carrying
from kb.accounts.entry.signin import (
    NOTICES,
    OLD_FORM,
    WRONG,
    current_viewer,
    give_password,
    has_just_given_password,
    is_unstored,
    load,
    owner_of_cookie,
    try_password,
)
from kb.accounts.forms import CarriedSignInForm, PasswordAgainForm
from kb.accounts.naming import names_by_public_id
from kb.accounts.viewer import ANONYMOUS, Viewer
from kb.audit.people import People
from kb.errors import Forbidden, TooMany
from kb.extensions import csrf, login_manager
from kb.web.addresses import page_path
from kb.web.errors import Reason, page
from kb.web.guards import Guard, guard_of
from kb.web.input import is_from_script
from kb.web.landmarks import Landmark
from kb.web.origin import SAFE
from kb.web.redirects import own_path

Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]]


def init_app(app: Flask) -> None:
    """Set up Flask-Login and the tokens of forms, check every request, and give templates `viewer`."""
    app.config.setdefault("WTF_CSRF_CHECK_DEFAULT", False)
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)
    login_manager.session_protection = None
    login_manager.user_loader(load)
    login_manager.init_app(app)
    csrf.init_app(app)
    app.extensions["audit_people"] = People(names=names_by_public_id, find=queries.find_people)
    app.before_request(check_request)
    app.context_processor(
        lambda: {
            "viewer": _viewer_for_template(),
            "has_notices": session.get(NOTICES),
            "is_unstored": _is_unstored(),
        }
    )


def check_request() -> Answer | None:
    """Let the request through, ask who it is, or raise `Forbidden`."""
    guard = guard_of(current_app, request.endpoint)
    if guard is None:
        return None
    if guard.permission is not None:
        answer = None if current_viewer().is_signed_in else _ask_to_sign_in()
        if answer is not None:
            return answer
        if _is_by_another():
            return page(401, "Någon annan är inloggad i webbläsaren.", reason=Reason.SIGN_IN)
        if not current_viewer().can(guard.permission):
            raise Forbidden()
    return _check_token(guard) or _check_password(guard)


def _check_token(guard: Guard) -> Answer | None:
    """Forms of signed-in pages and of sign-in carry a token; anonymous ones are known by their origin."""
    if guard.same_origin or request.method in SAFE or _has_token():
        return None
    if is_from_script() or not carrying.has_typed():
        raise CSRFError()
    return carrying.send_again_page()


def _has_token() -> bool:
    """Whether the form has the token of this browser; looked at once in a request."""
    if not current_app.config["WTF_CSRF_ENABLED"] or g.get("csrf_valid", False):
        return True
    try:
        csrf.protect()
    except CSRFError:
        return False
    return True


def _ask_to_sign_in() -> Answer | None:
    """To sign-in and back. What stands in a form comes along: nothing a person wrote is thrown away.

    A script keeps what it sends, and is told.
    """
    if is_from_script():
        return page(401, "Du är inte inloggad längre.", reason=Reason.SIGN_IN)
    if request.method in SAFE:
        return redirect(sign_in_path(request.full_path.rstrip("?")), 303)
    if not carrying.has_typed():
        return redirect(sign_in_path(carrying.page_before(), again=True), 303)
    form = CarriedSignInForm()
    if not carrying.wants_sign_in():
        return carrying.sign_in_page(form, 403)
    return _sign_in_and_go_on(form)


def _is_by_another() -> bool:
    """Whether a script sends, or asks for, what belongs to another than who is signed in now."""
    person = request.headers.get("X-Person")
    return person is not None and person != current_viewer().public_id


def _sign_in_and_go_on(form: CarriedSignInForm) -> Answer | None:
    """The answer to the page that carries a form: with the right password the form is taken."""
    if not _has_token():
        form.form_errors.append(OLD_FORM)
        return carrying.sign_in_page(form, 400)
    if not form.validate():
        return carrying.sign_in_page(form, 422)
    owner = owner_of_cookie()
    try:
        is_right = try_password(form.inloggning_epost.data or "", form.inloggning_losenord.data or "")
    except TooMany as error:
        form.form_errors.append(error.message)
        return *carrying.sign_in_page(form, 429), {"Retry-After": str(error.retry_after)}
    if not is_right:
        form.form_errors.append(WRONG)
        return carrying.sign_in_page(form, 422)
    if owner not in {None, current_viewer().user_id}:
        raise Forbidden("Texten skrevs av någon annan, och sparas inte i ditt namn.")
    return None


def _check_password(guard: Guard) -> Answer | None:
    """What concerns others is done only by who has just shown the password."""
    if not guard.with_password or request.method in SAFE or has_just_given_password():
        return None
    form = PasswordAgainForm()
    if not carrying.wants_password():
        return carrying.password_page(form, 403)
    if not form.validate():
        return carrying.password_page(form, 422)
    try:
        is_right = give_password(form.losenord_igen.data or "")
    except TooMany as error:
        form.form_errors.append(error.message)
        return *carrying.password_page(form, 429), {"Retry-After": str(error.retry_after)}
    if is_right:
        return None
    form.losenord_igen.errors = ["Lösenordet stämmer inte."]
    return carrying.password_page(form, 422)


def sign_in_path(onward: str, *, again: bool = False) -> str:
    """The address of sign-in that leads on to `onward`; `again`: a button has to be pressed once more."""
    query = {"vidare": own_path(onward) or page_path(Landmark.START)}
    if again:
        query["orsak"] = "igen"
    return f"{url_for('accounts.signin_new')}?{urlencode(query, safe='/')}"


def _is_unstored() -> bool:
    try:
        return is_unstored()
    except SQLAlchemyError:
        return False


def _viewer_for_template() -> Viewer:
    """The viewer; the error page of a database that is away shows an anonymous one."""
    try:
        return current_viewer()
    except SQLAlchemyError:
        return ANONYMOUS
