"""Signing in and out, asking for a new password."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kb.accounts.addresses import normal_email
from kb.accounts.entry.signin import OLD_FORM, WRONG, count_request, current_viewer, sign_out, try_password
from kb.accounts.forms import PasswordRequestForm, SignInForm, show_error
from kb.accounts.permissions import Permission
from kb.accounts.services.users import clean_email
from kb.accounts.views.blueprint import bp
from kb.errors import Invalid, TooMany
from kb.jobs.outbox import enqueue
from kb.web.addresses import page_path
from kb.web.guards import public, public_form, requires
from kb.web.landmarks import Landmark
from kb.web.redirects import own_path
from kb.web.sessions import transaction

Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@bp.get("/logga-in")
@public
def signin_new() -> str | Response:
    """The form; who is signed in already goes on."""
    if current_viewer().is_signed_in:
        return redirect(_onward(), 303)
    return _page(SignInForm(), 200)[0]


@bp.post("/logga-in")
@public_form  # the form looks at its token itself: an old one is not the end of the road
def signin_create() -> Answer:
    """Try the password. The form sent again after success leads on."""
    form = SignInForm()
    is_right = form.validate_on_submit()
    if form.errors.pop("csrf_token", None):
        return _sent_again(form)
    if not is_right:
        return _page(form, 422)
    try:
        if try_password(form.email.data or "", form.password.data or "", is_shared=form.shared.data):
            return redirect(_onward(), 303)
    except TooMany as error:
        form.form_errors.append(error.message)
        return *_page(form, 429), {"Retry-After": str(error.retry_after)}
    form.form_errors.append(WRONG)
    return _page(form, 422)


@bp.post("/utloggning")
@requires(Permission.OWN)
def signin_delete() -> Response:
    """End the sign-in on the server."""
    sign_out()
    return redirect(url_for(Landmark.START), 303)


@bp.get("/glomt-losenord")
@public
def password_request_new() -> str:
    """The form for a forgotten password, or what happens now."""
    return _request_page(PasswordRequestForm(), 200, is_sent="skickat" in request.args)[0]


@bp.post("/glomt-losenord")
@public
def password_request_create() -> Answer:
    """Ask the worker for a link; known and unknown addresses get the same answer."""
    form = PasswordRequestForm()
    if not form.validate_on_submit():
        return _request_page(form, 422)
    try:
        email = clean_email(form.email.data or "")
        count_request("password request")
        with transaction() as session:
            enqueue(session, "accounts.send_password_link", {"email": email})
    except Invalid as error:
        show_error(form, error)
        return _request_page(form, 422)
    except TooMany as error:
        form.form_errors.append(error.message)
        return *_request_page(form, 429), {"Retry-After": str(error.retry_after)}
    return redirect(url_for(".password_request_new", skickat="1"), 303)


def _sent_again(form: SignInForm) -> Answer:
    """The form is from before the last sign-in, or the cookie it belonged to is gone."""
    viewer = current_viewer()
    if viewer.is_signed_in and normal_email(form.email.data or "") == viewer.email:
        return redirect(_onward(), 303)
    form.form_errors.append(OLD_FORM)
    return _page(form, 400)


def _onward() -> str:
    return own_path(request.args.get("vidare")) or page_path(Landmark.START)


def _page(form: SignInForm, status: int) -> tuple[str, int]:
    """The sign-in page; `vidare` stays in its address."""
    must_repeat = request.args.get("orsak") == "igen"
    onward = own_path(request.args.get("vidare"))
    return render_template(
        "accounts/signin_new.html", form=form, onward=onward, must_repeat=must_repeat
    ), status


def _request_page(form: PasswordRequestForm, status: int, *, is_sent: bool = False) -> tuple[str, int]:
    return render_template("accounts/password_request_new.html", form=form, is_sent=is_sent), status
