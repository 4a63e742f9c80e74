"""One generation of the index, to be read: a leaf for each segment, sets of documents as bit masks."""

import math
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from kb.cache import Cache
from kb.search.engine.files import Files
from kb.search.engine.lists import Postings, places_of, postings_of, size_of
from kb.search.engine.manifest import Segment
from kb.search.engine.whoosh_files import SegmentReader

T = TypeVar("T")
HELD_HERE = 3  # what refers to a term while it is counted: its list, a name, a call
# A document that was found: its score below zero, so that the best sorts first, its leaf, its number there.
Ranked = tuple[float, int, int]


class Leaf:
    """One segment. Documents are numbered from 0; sets of documents are integers, bit n is document n.

    What is read raises `IndexUnavailable` when the files were damaged since they were opened.
    """

    def __init__(self, reader: SegmentReader, segment: Segment, cache: Cache) -> None:
        self._reader = reader
        self._cache = cache
        self.name = segment.name
        self.size = segment.size
        self.live = (1 << self.size) - 1 & ~mask_of(segment.deleted, self.size)

    def frequency(self, field: str, term: str) -> int:
        """How many documents hold a term, deleted ones too; neither read nor kept beyond the dictionary."""
        return self._reader.frequency(field, term)

    def postings(self, field: str, term: str) -> Postings:
        """The posting list of a term; empty without the term."""
        return self.kept((field, term), lambda: postings_of(self._reader.lists(field, term)), size_of)

    def kept(self, name: Hashable, read: Callable[[], T], size: Callable[[T], int] = sys.getsizeof) -> T:
        """What was worked out from this segment before, else what `read()` gives, which takes `size` bytes."""
        return self._cache.take(name, self.name, read, size)

    def mask(self, field: str, term: str) -> int:
        """The documents that hold a term, deleted ones too."""
        return self.kept(
            (field, term, "mask"),
            lambda: mask_of(self._reader.lists(field, term).docs, self.size),
        )

    def terms(self, field: str, prefix: str) -> list[str]:
        """The terms of a field that begin so, in order."""
        terms = self.kept((field, "terms"), lambda: self.all_terms(field), bytes_of_terms)
        return terms[bisect_left(terms, prefix) : bisect_left(terms, f"{prefix}\U0010ffff")]

    def all_terms(self, field: str) -> list[str]:
        """The terms of a field in order, read anew: for what is kept of them in another shape."""
        return list(map(sys.intern, self._reader.terms(field)))  # most stand in every segment

    def places(self, field: str, term: str, wanted: set[int]) -> dict[int, Sequence[int]]:
        """Document → positions of a word in it, for the wanted ones."""
        lists = self.kept(
            (field, term, "lists"),
            lambda: self._reader.lists(field, term),
            lambda lists: lists.bytes,
        )
        return dict(places_of(lists, wanted))

    def items(self) -> Sequence[int]:
        """The id of the item that each document, by its number, was made of."""
        return self.kept(
            "items",
            lambda: array("q", (self.stored(doc)["item"] for doc in range(self.size))),
        )

    def stored(self, doc: int) -> dict[str, Any]:
        """What is stored for a document."""
        return self._reader.stored(doc)

    def live_docs(self) -> Iterator[int]:
        """The documents that are not deleted."""
        return (doc for doc in range(self.size) if self.live >> doc & 1)


class Snapshot:
    """One generation of the index, for all threads."""

    def __init__(self, files: Files, segments: Sequence[Segment], cache: Cache) -> None:
        self.leaves: Sequence[Leaf] = [
            Leaf(SegmentReader(files, segment), segment, cache) for segment in segments
        ]
        self.documents = sum(segment.documents for segment in segments)
        self._cache = cache
        self._name = " ".join(segment.name for segment in segments)

    def document_frequency(self, field: str, term: str) -> int:
        """In how many documents a term stands (deleted ones count until they are merged away)."""
        return self._cache.take(
            (field, term, "frequency"),
            self._name,
            lambda: sum(leaf.frequency(field, term) for leaf in self.leaves),
            sys.getsizeof,
        )

    def rarity(self, frequency: int) -> float:
        """How much a word says that stands in so many documents: much when these are few (the idf of BM25)."""
        total = max(self.documents, frequency)
        return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))

    def stored(self) -> Iterator[dict[str, Any]]:
        """What is stored for every document."""
        for leaf in self.leaves:
            for doc in leaf.live_docs():
                yield leaf.stored(doc)


def bytes_of_terms(terms: Sequence[str]) -> int:
    """What a list of terms takes; those that another list holds too lie in memory once, and are counted there."""
    own = sum(sys.getsizeof(term) for term in terms if sys.getrefcount(term) <= HELD_HERE)
    return sys.getsizeof(terms) + own


def mask_of(docs: Iterable[int], size: int) -> int:
    """The bit mask of some document numbers below `size`."""
    flags = bytearray(b"0") * (size + 1)
    for doc in docs:
        flags[size - doc] = 49
    return int(flags, 2)
