"""Signing in while nothing can be stored (a full or read-only disk): the cookie itself says who it is, signed.

Such a sign-in lives no longer than an idle one of the same person would, fits one password only, and becomes a row
like all others as soon as it can be written. Attempts are counted in this process meanwhile.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.entry.attempts import Counts, KeptCounts, StoredCounts
from kb.accounts.models import User
from kb.accounts.secrets.tokens import keyed_hash
from kb.db import is_unavailable
from kb.web.sessions import transaction

PREFIX = "tillfallig."
LONGEST_TOKEN = 300
_TRY_EVERY = timedelta(seconds=20)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Claim:
    """What a signed token says, once it has been checked."""

    user: User
    begun_at: datetime
    is_shared: bool


class Unwritable(Exception):
    """Nothing can be stored just now."""


def counted(act: Callable[[Counts], Answer]) -> Answer:
    """Count in the database, in a transaction of its own; in this process when it cannot be written."""
    try:
        return _written(lambda session: act(StoredCounts(session)))
    except Unwritable:
        return act(kept_counts())


def write(act: Callable[[Session], Answer]) -> Answer | None:
    """Do something in a transaction; None when the database cannot be written."""
    try:
        return _written(act)
    except Unwritable:
        return None


def kept_counts() -> KeptCounts:
    """The counts of this process."""
    counts: KeptCounts = current_app.extensions.setdefault("kept_counts", KeptCounts())
    counts.remove_old()
    return counts


def make_token(user: User, *, is_shared: bool) -> str:
    """A token that says who signed in, and when."""
    return PREFIX + str(_serializer().dumps([user.public_id, _fingerprint(user), is_shared]))


def read_token(session: Session, token: str) -> Claim | None:
    """Who a token is from; None when it is forged, or the account was closed or got another password since."""
    try:
        said, begun_at = _serializer().loads(token.removeprefix(PREFIX), return_timestamp=True)
        public_id, fingerprint, is_shared = said
    except (BadSignature, TypeError, ValueError):
        return None
    user = session.scalars(select(User).where(User.public_id == public_id)).first()
    if user is None or user.is_closed or fingerprint != _fingerprint(user):
        return None
    if user.sign_ins_ended_at is not None and begun_at <= user.sign_ins_ended_at:
        return None
    return Claim(user, begun_at, bool(is_shared))


def may_try_to_store() -> bool:
    """Whether it is time to look again if something can be stored: not at each request."""
    latest: datetime | None = current_app.extensions.get("unstored_tried_at")
    if latest is not None and timedelta(0) <= clock.now() - latest < _TRY_EVERY:
        return False
    current_app.extensions["unstored_tried_at"] = clock.now()
    return True


def _written(act: Callable[[Session], Answer]) -> Answer:
    try:
        with transaction() as session:
            return act(session)
    except DatabaseError as error:
        if isinstance(error, IntegrityError) or not is_unavailable(error):
            raise
        current_app.logger.warning("nothing can be stored just now: %s", type(error.orig).__name__)
        raise Unwritable from error


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="unstored sign-in")


def _fingerprint(user: User) -> str:
    return keyed_hash(str(current_app.secret_key), "password", user.password_hash or "")[:20]
