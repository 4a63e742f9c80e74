"""Signing in and out in the browser, and who is looking at this request."""

from datetime import timedelta

from flask import current_app, g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts import passwords, queries, throttle
from kb.accounts.addresses import normal_email
from kb.accounts.devices import device_words
from kb.accounts.models import User
from kb.accounts.services import sign_ins
from kb.accounts.tokens import keyed_hash
from kb.accounts.viewer import ANONYMOUS, Viewer
from kb.web.sessions import reader, transaction

SEEN_EVERY = timedelta(minutes=5)
_LONGEST_TOKEN = 100


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login holds: the token of the cookie, and the viewer behind."""

    def __init__(self, token: str, viewer: Viewer) -> None:
        self.token = token
        self.viewer = viewer

    def get_id(self) -> str:
        """The cookie keeps the random token, nothing about the account."""
        return self.token


def current_viewer() -> Viewer:
    """Who is looking; found once in a request."""
    if "viewer" not in g:
        g.viewer = current_user.viewer if current_user.is_authenticated else ANONYMOUS
    viewer: Viewer = g.viewer
    return viewer


def load(token: object) -> SignedIn | None:
    """The living sign-in of a cookie, or None (Flask-Login's user loader)."""
    if not isinstance(token, str) or len(token) > _LONGEST_TOKEN:
        return None
    found = queries.find_sign_in(reader(), token)
    if found is None:
        return None
    if clock.now() - found.last_seen_at > SEEN_EVERY:
        _note_presence(found.sign_in_id)
    return SignedIn(token, found.viewer)


def try_password(email: str, password: str) -> bool:
    """Sign the browser in if the password is right. Known and unknown accounts take as long and answer alike.

    Raises `TooMany` when the account or the address of the reader has been tried too often.
    """
    account, address = account_key(email), address_key()
    with transaction() as writing:
        throttle.count(writing, address, throttle.ADDRESS)
        throttle.count(writing, account, throttle.ACCOUNT)
    user = queries.user_by_email(reader(), email)
    stored = user.password_hash if user is not None and not user.is_closed else None
    right = passwords.verify(stored, password)
    with transaction() as writing:
        token = _begin(writing, user.id if user else None, password, stored if right else None)
        if token is not None:
            throttle.forget(writing, account)
            throttle.give_back(writing, address)
    if token is not None:
        _enter(token)
    return token is not None


def sign_in(user_id: int) -> None:
    """Sign the browser in as a person who has shown in another way who it is (a one-time link)."""
    with transaction() as writing:
        token = sign_ins.begin_sign_in(writing, writing.get_one(User, user_id), device=_device())
    _enter(token)


def sign_out() -> None:
    """End the sign-in on the server and empty the cookie."""
    token = current_token()
    if token is not None:
        with transaction() as writing:
            sign_ins.end_by_token(writing, token, by=current_viewer())
    logout_user()
    _forget_request()


def current_token() -> str | None:
    """The token of the browser that is signed in, or None."""
    return current_user.token if current_user.is_authenticated else None


def account_key(email: str) -> str:
    """Under what attempts at an account are counted, whether it exists or not."""
    return keyed_hash(str(current_app.secret_key), "account", normal_email(email))


def address_key(kind: str = "address") -> str:
    """Under what attempts from the reader's network address are counted."""
    return keyed_hash(str(current_app.secret_key), kind, throttle.network_of(request.remote_addr or ""))


def _begin(writing: Session, user_id: int | None, password: str, checked: str | None) -> str | None:
    user = writing.get(User, user_id) if user_id is not None else None
    if user is not None and checked and sign_ins.accept_password(user, password=password, checked=checked):
        return sign_ins.begin_sign_in(writing, user, device=_device())
    reason = "okänt konto" if user is None else "stängt konto" if user.is_closed else "fel lösenord"
    sign_ins.note_failure(writing, user, reason=reason)
    return None


def _enter(token: str) -> None:
    """A new session from scratch, with nothing of the anonymous one in it."""
    _forget_request()
    found = queries.find_sign_in(reader(), token)
    if found is None:
        return
    login_user(SignedIn(token, found.viewer))
    for unused in ("_id", "_fresh"):
        session.pop(unused, None)
    g.viewer = found.viewer


def _forget_request() -> None:
    session.clear()
    g.pop("viewer", None)


def _device() -> str:
    return device_words(request.user_agent.string)


def _note_presence(sign_in_id: int) -> None:
    """Write that the browser was here; reading goes on when nothing can be written."""
    try:
        with transaction() as writing:
            sign_ins.touch(writing, sign_in_id)
    except (SQLAlchemyError, OSError):
        current_app.logger.warning("the time of the last visit could not be stored")
