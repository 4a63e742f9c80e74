"""Reading posting lists whole, and keeping them in memory up to a number of bytes.

A test compares what is read here with what Whoosh's matchers give one by one.
"""

import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable
from itertools import accumulate
from typing import Any, NamedTuple, TypeVar

from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import TermNotFound

from kb.search.engine.codec import Lists

SATURATION = 1.2  # k1 of BM25
CACHE_BYTES = 48 * 1024 * 1024
_ENTRY_BYTES = 300
T = TypeVar("T")


class Postings(NamedTuple):
    """The documents of one term in one segment, ascending, deleted ones too, and what the term is worth in each."""

    docs: "array[int]"
    worth: "array[float]"


NONE = Lists(array("H"))


def read_postings(reader: Any, field: str, term: str) -> Postings:
    """All postings of a term; the stored weight w becomes w / (w + k1)."""
    lists = read_lists(reader, field, term)
    if lists.weights is None:
        return Postings(lists.docs, array("f", [1 / (1 + SATURATION)]) * len(lists.docs))
    return Postings(lists.docs, array("f", [weight / (weight + SATURATION) for weight in lists.weights]))


def read_lists(reader: Any, field: str, term: str | bytes) -> Lists:
    """The posting list of a term as it is stored, deleted documents too; empty without the term."""
    try:
        matcher = reader.postings(field, term)
    except TermNotFound:
        return NONE
    lists: Lists = (matcher.child if isinstance(matcher, FilterMatcher) else matcher).lists
    return lists


def places_of(lists: Lists, wanted: set[int]) -> dict[int, "array[int]"]:
    """Document → places of the word, for the wanted documents only."""
    if lists.counts is None or lists.places is None:
        return {}
    ends = accumulate(lists.counts)
    return {
        doc: lists.places[end - count : end]
        for doc, count, end in zip(lists.docs, lists.counts, ends, strict=True)
        if doc in wanted
    }


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


def size_of_lists(lists: Lists) -> int:
    """The bytes of a list as it is stored."""
    return sum(len(part) * part.itemsize for part in lists if part is not None)
