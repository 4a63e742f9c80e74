"""What pages of the library are made from, kept per process until anything in the library changes.

Only plain data is kept, never a rendered page nor an object of the database: who looks and the day are part of the key,
and so is the stamp of the library. The stamp is read in the snapshot that the value is made from: a stamp that was read
beside it may be newer, and then what a withdrawal took away would be kept under the name of what came after it.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.library.core.visibility import visibility_terms

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
SIZE = 512
_STAMP = "SELECT stamp FROM library_state WHERE id = 1"


class Shelf:
    """The most recently used values, at most `size`."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def take(self, key: Hashable, build: Callable[[], T]) -> T:
        """The value of `key`, built when it is not there; what `build` raises is not kept."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                found: T = self._values[key]
                return found
        value = build()
        self._put({key: value})
        return value

    def take_each(
        self, key: Hashable, names: Collection[K], build: Callable[[Collection[K]], Mapping[K, T]]
    ) -> dict[K, T]:
        """The values of all these names under `key`; what is not there is built at once, nothing is kept as well."""
        with self._lock:
            values = {name: self._values[key, name] for name in names if (key, name) in self._values}
            for name in values:
                self._values.move_to_end((key, name))
        missing = [name for name in names if name not in values]
        if missing:
            built = build(missing)
            fresh = {name: built.get(name) for name in missing}
            self._put({(key, name): value for name, value in fresh.items()})
            values |= fresh
        return {name: value for name, value in values.items() if value is not None}

    def _put(self, values: Mapping[Any, Any]) -> None:
        with self._lock:
            self._values.update(values)
            while len(self._values) > self._size:
                self._values.popitem(last=False)


_SHELF = Shelf()
_SMALL_THINGS = Shelf(4096)


def kept(session: Session, viewer: Viewer, name: Hashable, build: Callable[[], T]) -> T:
    """`build()`, or what it gave before for a viewer with the same rights, today, with the library unchanged.

    `build` must read in this session, and give plain data that nobody changes.
    """
    stamp = read_stamp(session)
    if stamp is None:
        return build()
    return _SHELF.take((stamp, clock.today(), visibility_terms(viewer), name), build)


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
    return _SMALL_THINGS.take_each((stamp, clock.today(), visibility_terms(viewer), name), keys, build)


def read_stamp(session: Session) -> str | None:
    """The word that is new after every change of what readers see, as of the session's snapshot; None before any."""
    stamp: str | None = session.connection().exec_driver_sql(_STAMP).scalar()
    return stamp
