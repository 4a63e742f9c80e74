"""Reading Whoosh's posting lists whole, and keeping them in memory up to a number of bytes.

The only module that knows how Whoosh's matchers look inside; a test compares what it reads with the public way.
"""

import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, TypeVar

from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import TermNotFound

SATURATION = 1.2  # k1 of BM25
CACHE_BYTES = 48 * 1024 * 1024
_ENTRY_BYTES = 300
T = TypeVar("T")


class Postings(NamedTuple):
    """The documents of one term in one segment, ascending, deleted ones too, and what the term is worth in each."""

    docs: "array[int]"
    worth: "array[float]"


EMPTY = Postings(array("I"), array("f"))


def read_postings(reader: Any, field: str, term: str) -> Postings:
    """All postings of a term; the stored weight w becomes w / (w + k1)."""
    docs, weights = read_weights(reader, field, term)
    return Postings(docs, array("f", [weight / (weight + SATURATION) for weight in weights]))


def read_weights(reader: Any, field: str, term: str) -> Postings:
    """All postings of a term with the weights as stored."""
    matcher = open_matcher(reader, field, term)
    if matcher is None:
        return EMPTY
    docs, weights = array("I"), array("f")
    if hasattr(matcher, "_next_block") and hasattr(matcher, "_read_weights"):
        while matcher.is_active():
            matcher.id(), matcher.weight()  # both load the block
            docs.extend(matcher._ids)
            weights.extend(matcher._weights)
            matcher._next_block()
    else:
        while matcher.is_active():
            docs.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
    return Postings(docs, weights)


def read_places(reader: Any, field: str, term: str, wanted: set[int]) -> dict[int, list[int]]:
    """Document → positions of a word, for the wanted documents only."""
    matcher = open_matcher(reader, field, term)
    found: dict[int, list[int]] = {}
    if matcher is None:
        return found
    for doc in sorted(wanted):
        if not matcher.is_active():
            break
        matcher.skip_to(doc)
        if matcher.is_active() and matcher.id() == doc:
            found[doc] = list(matcher.value_as("positions"))
    return found


def open_matcher(reader: Any, field: str, term: str) -> Any | None:
    """Whoosh's matcher over all documents of the term, deleted ones too; None without the term."""
    try:
        matcher = reader.postings(field, term)
    except TermNotFound:
        return None
    return matcher.child if isinstance(matcher, FilterMatcher) else matcher


class Cache:
    """What was read from segments (which never change), least recently used out first."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._used = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], T], size: Callable[[T], int]) -> T:
        """The kept value of `key`, else what `read()` gives."""
        with self._lock:
            entry = self._kept.get(key)
            if entry is not None:
                self._kept.move_to_end(key)
                value: T = entry[0]
                return value
        value = read()
        self._keep(key, value, size(value) + _ENTRY_BYTES)
        return value

    def _keep(self, key: Hashable, value: Any, size: int) -> None:
        with self._lock:
            if key in self._kept or size > self._limit:
                return
            self._kept[key] = (value, size)
            self._used += size
            while self._used > self._limit:
                _, (_, freed) = self._kept.popitem(last=False)
                self._used -= freed

    @property
    def used(self) -> int:
        """The bytes that are kept, about."""
        return self._used


def size_of(postings: Postings) -> int:
    """The bytes of a posting list."""
    return len(postings.docs) * (postings.docs.itemsize + postings.worth.itemsize)
