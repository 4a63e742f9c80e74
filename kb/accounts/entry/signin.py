"""Signing in and out in the browser, and who is looking at this request."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from flask import current_app, g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts import notices, queries
from kb.accounts.addresses import normal_email
from kb.accounts.entry import throttle, unstored
from kb.accounts.entry.devices import device_words
from kb.accounts.lifetimes import FOLLOWING, PASSWORD_AGAIN, idle_limit
from kb.accounts.models import User
from kb.accounts.secrets import known_devices, passwords
from kb.accounts.secrets.tokens import keyed_hash
from kb.accounts.services import sign_ins
from kb.accounts.viewer import ANONYMOUS, Viewer
from kb.errors import TooMany
from kb.web.sessions import reader, transaction

SEEN_EVERY = timedelta(minutes=5)
OLD_FORM = "Sidan hade legat framme för länge. Skriv lösenordet en gång till."
WRONG = "E-postadressen eller lösenordet stämmer inte. Kontrollera båda och försök igen."
NOTICES = "notices"  # in the cookie: others have done something with the account


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login holds: the token of the cookie, and the viewer behind."""

    def __init__(self, token: str, viewer: Viewer, password_at: datetime, *, is_stored: bool = True) -> None:
        self.token = token
        self.viewer = viewer
        self.password_at = password_at
        self.is_stored = is_stored

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
    if not isinstance(token, str) or len(token) > unstored.LONGEST_TOKEN:
        return None
    found = queries.find_sign_in(reader(), token)
    if found is None:
        return _load_unstored(token) if token.startswith(unstored.PREFIX) else None
    if _is_visit(found) and clock.now() - found.last_seen_at > min(SEEN_EVERY, found.idle_limit / 15):
        unstored.write(lambda writing: sign_ins.touch(writing, found.sign_in_id))
    return SignedIn(token, found.viewer, found.password_at)


def try_password(email: str, password: str, *, is_shared: bool = False) -> bool:
    """Sign the browser in if the password is right. Known and unknown accounts take as long and answer alike.

    Raises `TooMany` when this browser, or its network, has failed too often (see `throttle`).
    """
    trier = trier_of(email)
    begin_attempt(trier)
    user = queries.user_by_email(reader(), email)
    stored = user.password_hash if user is not None and not user.is_closed else None
    right = passwords.verify(stored, password)
    user_id = user.id if user else None
    token = unstored.write(
        lambda writing: _begin(writing, user_id, password, stored if right else None, is_shared=is_shared)
    )
    if token is None and right and user_id is not None:
        token = unstored.make_token(reader().get_one(User, user_id), is_shared=is_shared)
    if not token:
        return False
    unstored.counted(lambda counts: throttle.succeed(counts, trier))
    known_devices.remember(normal_email(email))
    _enter(token)
    return True


def give_password(password: str) -> bool:
    """Whether it is the password of who is signed in; then it is not asked for again for a while.

    Raises `TooMany`.
    """
    trier = own_trier()
    begin_attempt(trier)
    user = reader().get_one(User, current_viewer().user_id)
    if not passwords.verify(user.password_hash, password):
        return False
    unstored.counted(lambda counts: throttle.succeed(counts, trier))
    with transaction() as writing:
        sign_ins.note_password(writing, current_token() or "")
    return True


def has_just_given_password() -> bool:
    """Whether who is signed in has shown the password in the last minutes."""
    return bool(clock.now() - current_user.password_at < PASSWORD_AGAIN)


def owner_of_cookie() -> int | None:
    """Whose sign-in the cookie is from, also when it has ended."""
    token = session.get("_user_id")
    return queries.owner_of(reader(), token) if isinstance(token, str) else None


def begin_attempt(trier: throttle.Trier) -> None:
    """Count an attempt, which nothing rolls back. Raises `TooMany`."""
    _refuse(unstored.counted(lambda counts: throttle.begin(counts, trier)))


def count_request(kind: str) -> None:
    """Count something that the reader's address may do a hundred times an hour. Raises `TooMany`."""
    _refuse(unstored.counted(lambda counts: throttle.spend(counts, _key(kind, _network()))))


def sign_in(user_id: int) -> None:
    """Sign the browser in as a person who has shown in another way who it is (a one-time link)."""
    with transaction() as writing:
        user = writing.get_one(User, user_id)
        email, token = user.email, sign_ins.begin_sign_in(writing, user, device=_device())
    place = trier_of(email).place
    unstored.counted(lambda counts: counts.know(place))
    known_devices.remember(email)
    _enter(token)


def sign_out() -> None:
    """End the sign-in on the server and empty the cookie."""
    token, viewer = current_token(), current_viewer()
    if token is not None:
        unstored.write(lambda writing: sign_ins.end_by_token(writing, token, by=viewer))
    logout_user()
    _forget_request()


def is_unstored() -> bool:
    """Whether this sign-in began while nothing could be stored, and still cannot be."""
    return bool(current_user.is_authenticated and not current_user.is_stored)


def current_token() -> str | None:
    """The token of the browser that is signed in, or None."""
    return current_user.token if current_user.is_authenticated else None


def trier_of(email: str) -> throttle.Trier:
    """Under what an attempt at an account from this browser is counted, whether the account exists or not."""
    email = normal_email(email)
    device = known_devices.device_of(email)
    place = _key("place", f"{email} {_network()}")
    return throttle.Trier(
        account=_key("account", email),
        address=_key("address", _network()),
        own=_key("own", f"{email} {device}") if device else place,
        place=place,
        is_known_device=device is not None,
    )


def own_trier() -> throttle.Trier:
    """Under what somebody who is signed in is counted when the password is asked for again."""
    trier = trier_of(current_viewer().email)
    return replace(trier, own=_key("signed in", current_viewer().actor), is_known_device=True)


def _refuse(wait: timedelta) -> None:
    if wait > throttle.NONE:
        raise TooMany(throttle.refusal(wait), retry_after=int(wait.total_seconds()) + 1)


def _key(kind: str, value: str) -> str:
    return keyed_hash(str(current_app.secret_key), kind, value)


def _network() -> str:
    return throttle.network_of(request.remote_addr or "")


def _begin(
    writing: Session, user_id: int | None, password: str, checked: str | None, *, is_shared: bool
) -> str:
    """The token of the new sign-in, or an empty one."""
    user = writing.get(User, user_id) if user_id is not None else None
    if user is not None and checked and sign_ins.accept_password(user, password=password, checked=checked):
        return sign_ins.begin_sign_in(writing, user, device=_device(), is_shared=is_shared)
    reason = "okänt konto" if user is None else "stängt konto" if user.is_closed else "fel lösenord"
    sign_ins.note_failure(writing, user, reason=reason)
    return ""


def _enter(token: str) -> None:
    """A new session from scratch, with nothing of the anonymous one in it."""
    _forget_request()
    signed_in = load(token)
    if signed_in is None:
        return
    login_user(signed_in)
    for unused in ("_id", "_fresh"):
        session.pop(unused, None)
    g.viewer = signed_in.viewer
    if notices.unseen(reader(), reader().get_one(User, signed_in.viewer.user_id)):
        session[NOTICES] = True


def _load_unstored(token: str) -> SignedIn | None:
    """A sign-in that could not be stored when it began; it is now, if that can be done."""
    claim = unstored.read_token(reader(), token)
    if claim is None or queries.owner_of(reader(), token) is not None:  # a row that has ended
        return None
    viewer = queries.get_viewer(reader(), claim.user.id)
    begun_at, user_id, is_shared = claim.begun_at, claim.user.id, claim.is_shared
    if viewer is None or clock.now() - begun_at > idle_limit(viewer.held_roles, is_shared=is_shared):
        return None
    if unstored.may_try_to_store():
        with suppress(IntegrityError):  # another request was faster
            unstored.write(
                lambda writing: sign_ins.store_sign_in(
                    writing, user_id, token, begun_at=begun_at, device=_device(), is_shared=is_shared
                )
            )
    is_stored = queries.owner_of(reader(), token) is not None
    return SignedIn(token, viewer, begun_at, is_stored=is_stored)


def _forget_request() -> None:
    session.clear()
    for name in ("viewer", "csrf_token"):
        g.pop(name, None)


def _device() -> str:
    return device_words(request.user_agent.string)


def _is_visit(found: queries.Found) -> bool:
    """Whether somebody is there. A page that asks for news by itself keeps only those in who follow a checklist."""
    by_itself = request.method == "GET" and request.headers.get("Sec-Fetch-Dest") == "empty"
    return not by_itself or found.idle_limit >= FOLLOWING
