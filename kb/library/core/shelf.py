"""What pages of the library are made from, kept per process until anything in the library changes.

Only plain data is kept, never a rendered page nor an object of the database (see `kb.cache`): who looks and the day are
part of the stamp, and so is the state of the library in the snapshot that the value is made from.
"""

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import TypeVar
from weakref import ref

from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.cache import SHARED
from kb.db import ONE_MOMENT
from kb.library.core.visibility import visibility_terms

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
_STAMP = "SELECT stamp FROM library_state WHERE id = 1"
_READ = "library_stamp"  # in a session's `info`: the transaction that the stamp was read in, and the stamp
_NEVER: tuple[Callable[[], object], str | None] = (lambda: None, None)


def kept(session: Session, viewer: Viewer, name: Hashable, build: Callable[[], T]) -> T:
    """`build()`, or what it gave before for a viewer with the same rights, today, with the library unchanged.

    `build` must read in this session, and give plain data that nobody changes.
    """
    stamp = read_stamp(session)
    if stamp is None:
        return build()
    return SHARED.take(name, (stamp, clock.today(), visibility_terms(viewer)), build)


def kept_each(
    session: Session,
    viewer: Viewer,
    name: Hashable,
    keys: Collection[K],
    build: Callable[[Collection[K]], Mapping[K, T]],
) -> dict[K, T]:
    """As `kept`, for many small values: `build` is asked for those that are not kept, and gives those that exist."""
    if not keys:
        return {}
    stamp = read_stamp(session)
    if stamp is None:
        return dict(build(keys))
    return SHARED.take_each(name, (stamp, clock.today(), visibility_terms(viewer)), keys, build)


def read_stamp(session: Session) -> str | None:
    """The word that is new after every change of what readers see, as of the session's snapshot; None before any."""
    stamp: str | None
    transaction, (read_in, stamp) = session.get_transaction(), session.info.get(_READ, _NEVER)
    if transaction is not None and read_in() is transaction:
        return stamp
    stamp = session.connection().exec_driver_sql(_STAMP).scalar()
    transaction = session.get_transaction()
    if transaction is not None and session.info.get(ONE_MOMENT):  # a page asks for it five times
        session.info[_READ] = ref(transaction), stamp
    return stamp
