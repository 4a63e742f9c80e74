"""Sign-ins as rows: they begin with a random token and are dead on the server when they end."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.models import SignIn, User
from kb.accounts.secrets import passwords
from kb.accounts.secrets.tokens import hash_token, new_token
from kb.accounts.viewer import Viewer
from kb.audit.services import record


def begin_sign_in(session: Session, user: User, *, device: str, is_shared: bool = False) -> str:
    """Sign a browser in; returns the token for its cookie. On a shared device it ends soon."""
    token = new_token()
    _store(session, user, token, begun_at=clock.now(), device=device, is_shared=is_shared)
    return token


def store_sign_in(
    session: Session, user_id: int, token: str, *, begun_at: datetime, device: str, is_shared: bool
) -> None:
    """Write down a sign-in that began while nothing could be stored."""
    user = session.get_one(User, user_id)
    _store(session, user, token, begun_at=begun_at, device=device, is_shared=is_shared)
    session.flush()


def accept_password(user: User, *, password: str, checked: str) -> bool:
    """Whether the account may be entered after `password` fitted the hash `checked`; renews an old hash.

    The check is slow and made outside the transaction; meanwhile the account may have been changed.
    """
    if user.is_closed or user.password_hash != checked:
        return False
    if passwords.is_outdated(checked):
        user.password_hash = passwords.hash_password(password)
    return True


def note_failure(session: Session, user: User | None, *, reason: str) -> None:
    """Record that somebody failed to sign in."""
    subject = user.public_id if user else None
    record(session, "account.sign_in_failed", actor="anonymous", subject=subject, reason=reason)


def end_by_token(session: Session, token: str, *, by: Viewer) -> None:
    """Sign out the browser that holds `token`."""
    sign_in = session.scalars(select(SignIn).where(SignIn.token_hash == hash_token(token))).first()
    if sign_in is not None and sign_in.ended_at is None:
        _end(sign_in, "utloggning")
        record(session, "account.signed_out", actor=by.actor, subject=by.public_id)


def end_sign_in(session: Session, sign_in: SignIn, *, by: Viewer) -> None:
    """End one of one's own sign-ins from another browser; ending it again changes nothing."""
    if sign_in.ended_at is None:
        _end(sign_in, "avslutad av användaren")
        record(
            session,
            "account.session_ended",
            actor=by.actor,
            subject=by.public_id,
            reason="avslutad av användaren",
        )


def end_all(session: Session, user: User, *, reason: str, by: Viewer, besides: str | None = None) -> int:
    """End every sign-in of a person, except that of the token `besides`; returns how many there were."""
    query = select(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
    if besides is not None:
        query = query.where(SignIn.token_hash != hash_token(besides))
    found = session.scalars(query).all()
    for sign_in in found:
        _end(sign_in, reason)
    user.sign_ins_ended_at = clock.now()
    if found:
        record(session, "account.session_ended", actor=by.actor, subject=user.public_id, reason=reason)
    return len(found)


def note_password(session: Session, token: str) -> None:
    """The password was given once more in the browser that holds `token`."""
    sign_in = session.scalars(select(SignIn).where(SignIn.token_hash == hash_token(token))).first()
    if sign_in is not None:
        sign_in.password_at = clock.now()


def touch(session: Session, sign_in_id: int) -> None:
    """Note that the browser was here just now."""
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in is not None and sign_in.ended_at is None:
        sign_in.last_seen_at = clock.now()


def _store(
    session: Session, user: User, token: str, *, begun_at: datetime, device: str, is_shared: bool
) -> None:
    session.add(
        SignIn(
            token_hash=hash_token(token),
            user_id=user.id,
            created_at=begun_at,
            last_seen_at=clock.now(),
            device=device[:100],
            is_shared=is_shared,
            password_at=begun_at,
        )
    )
    user.last_sign_in_at = begun_at
    record(session, "account.signed_in", actor=user.public_id, subject=user.public_id)


def _end(sign_in: SignIn, reason: str) -> None:
    sign_in.ended_at = clock.now()
    sign_in.end_reason = reason
