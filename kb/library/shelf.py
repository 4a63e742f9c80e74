"""What pages of the library are made from, kept per process until anything in the library changes.

Only data is kept, never a rendered page: who looks, the day and the draft state are part of the key or of the template.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from kb import clock
from kb.accounts.viewer import Viewer
from kb.db import Database
from kb.library.queries import visibility_terms

T = TypeVar("T")
SIZE = 512


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
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._size:
                self._values.popitem(last=False)
        return value


_SHELF = Shelf()


def kept(database: Database, viewer: Viewer, name: Hashable, build: Callable[[], T]) -> T:
    """`build()`, or what it gave before for a viewer with the same rights, today, with the library unchanged.

    The value must hold plain data or loaded objects, which nobody changes.
    """
    stamp = database.peek("SELECT stamp FROM library_state WHERE id = 1")
    if not stamp:
        return build()
    return _SHELF.take((stamp, clock.today(), visibility_terms(viewer), name), build)
