"""Keeps the marks of `kb.web.guards`: who may come in, and whether a form came from our own page."""

from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from kb.accounts import queries
from kb.accounts.signin import current_viewer, load
from kb.accounts.viewer import ANONYMOUS, Viewer
from kb.audit.people import People
from kb.errors import Forbidden
from kb.extensions import csrf, login_manager
from kb.web.guards import Guard, guard_of
from kb.web.origin import SAFE
from kb.web.redirects import own_path
from kb.web.typed import typed_texts


def init_app(app: Flask) -> None:
    """Set up Flask-Login and the tokens of forms, check every request, and give templates `viewer`."""
    app.config.setdefault("WTF_CSRF_CHECK_DEFAULT", False)
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)
    login_manager.session_protection = None
    login_manager.user_loader(load)
    login_manager.init_app(app)
    csrf.init_app(app)
    app.extensions["audit_people"] = People(names=queries.names_by_public_id, find=queries.find_people)
    app.before_request(check_request)
    app.context_processor(lambda: {"viewer": _viewer_for_template()})


def check_request() -> Response | tuple[str, int] | None:
    """Let the request through, send the reader to sign-in, or raise `Forbidden`."""
    guard = guard_of(current_app, request.endpoint)
    if guard is None:
        return None
    if guard.permission is not None:
        viewer = current_viewer()
        if not viewer.is_signed_in:
            return _ask_to_sign_in()
        if not viewer.can(guard.permission):
            raise Forbidden()
    return _check_token(guard)


def _check_token(guard: Guard) -> tuple[str, int] | None:
    """Forms of signed-in pages and of sign-in carry a token; anonymous ones are known by their origin."""
    if guard.same_origin or request.method in SAFE or not current_app.config["WTF_CSRF_ENABLED"]:
        return None
    try:
        csrf.protect()
    except CSRFError:
        typed = typed_texts()
        if not typed:
            raise
        return render_template(
            "accounts/kept_text.html", typed=typed, is_signed_out=False, back=_page_before()
        ), 400
    return None


def _ask_to_sign_in() -> Response | tuple[str, int]:
    """To sign-in and back. A form with text in it is shown instead: nothing a person wrote is thrown away."""
    if request.method in SAFE:
        return redirect(sign_in_path(request.full_path.rstrip("?")), 303)
    typed = typed_texts()
    if typed:
        return render_template(
            "accounts/kept_text.html", typed=typed, is_signed_out=True, back=_page_before()
        ), 403
    return redirect(sign_in_path(_page_before(), again=True), 303)


def sign_in_path(onward: str, *, again: bool = False) -> str:
    """The address of sign-in that leads on to `onward`; `again`: a button has to be pressed once more."""
    query = {"vidare": own_path(onward) or "/"}
    if again:
        query["orsak"] = "igen"
    return f"/logga-in?{urlencode(query, safe='/')}"


def _page_before() -> str:
    """The own page that the form stood on, else the start page."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return "/"
    return own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path) or "/"


def _viewer_for_template() -> Viewer:
    """The viewer; the error page of a database that is away shows an anonymous one."""
    try:
        return current_viewer()
    except SQLAlchemyError:
        return ANONYMOUS
