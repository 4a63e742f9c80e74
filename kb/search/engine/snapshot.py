"""The index as one thread reads it: verified bytes in memory, one leaf for each segment, sets as bit masks."""

import math
from array import array
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from whoosh.filedb.filestore import RamStorage
from whoosh.filedb.structfile import BufferFile

from kb.cache import Cache
from kb.search.engine.postings import (
    Postings,
    places_of,
    read_lists,
    read_postings,
    size_of,
    size_of_lists,
)
from kb.search.engine.schema import make_schema

T = TypeVar("T")
# A document that was found: its score below zero, so that the best sorts first, its leaf, its number there.
Ranked = tuple[float, int, int]


class Frozen(RamStorage):  # type: ignore[misc]
    """Files that are read from memory and shared by all threads; nothing is copied, nothing is written."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__()
        self.files = dict(files)

    def open_file(self, name: str, **options: Any) -> Any:
        """A file of its own position over the shared bytes."""
        return BufferFile(self.files[name], name=name, **options)


class Leaf:
    """One segment. Documents are numbered from 0; sets of documents are integers, bit n is document n."""

    def __init__(self, reader: Any, cache: Cache) -> None:
        self._reader = reader
        self._cache = cache
        self.name: str = reader.segment().segment_id()
        self.size: int = reader.doc_count_all()
        self.live = self._live()

    def postings(self, field: str, term: str) -> Postings:
        """The posting list of a term; empty without the term."""
        return self.kept((field, term), lambda: read_postings(self._reader, field, term), size_of)

    def kept(self, name: Hashable, read: Callable[[], T], size: Callable[[T], int]) -> T:
        """What was worked out from this segment before, else what `read()` gives."""
        return self._cache.take(name, self.name, read, size)

    def mask(self, field: str, term: str) -> int:
        """The documents that hold a term, deleted ones too."""
        return self.kept(
            (field, term, "mask"),
            lambda: mask_of(read_lists(self._reader, field, term).docs, self.size),
            lambda mask: mask.bit_length() // 8,
        )

    def terms(self, field: str, prefix: str) -> list[str]:
        """The terms of a field that begin so, in order."""
        terms = self.kept(
            (field, "terms"),
            lambda: [term.decode() for term in self._reader.expand_prefix(field, "")],
            lambda terms: 80 * len(terms),
        )
        return (
            terms[bisect_left(terms, prefix) : bisect_left(terms, f"{prefix}\U0010ffff")] if prefix else terms
        )

    def places(self, field: str, term: str, wanted: set[int]) -> dict[int, Sequence[int]]:
        """Document → positions of a word in it, for the wanted ones."""
        lists = self.kept(
            (field, term, "lists"), lambda: read_lists(self._reader, field, term), size_of_lists
        )
        return dict(places_of(lists, wanted))

    def items(self) -> Sequence[int]:
        """The id of the item that each document, by its number, was made of."""
        return self.kept(
            "items",
            lambda: array("q", (self.stored(doc)["item"] for doc in range(self.size))),
            lambda items: 8 * len(items),
        )

    def stored(self, doc: int) -> dict[str, Any]:
        """What is stored for a document."""
        data: dict[str, Any] = self._reader.stored_fields(doc)["data"]
        return data

    def live_docs(self) -> Iterator[int]:
        """The documents that are not deleted."""
        return iter(self._reader.all_doc_ids())

    def _live(self) -> int:
        if not self._reader.has_deletions():
            return (1 << self.size) - 1
        return mask_of(list(self._reader.all_doc_ids()), self.size)


class Snapshot:
    """One generation of the index, for one thread."""

    def __init__(self, files: Mapping[str, bytes], cache: Cache) -> None:
        index = Frozen(files).open_index(schema=make_schema())
        reader = index.reader()
        leaves = [leaf for leaf, _offset in reader.leaf_readers()] if reader.doc_count_all() else []
        self.leaves: Sequence[Leaf] = [Leaf(leaf, cache) for leaf in leaves]
        self.documents: int = reader.doc_count()

    def document_frequency(self, field: str, term: str) -> int:
        """In how many documents a term stands (deleted ones count until they are merged away)."""
        return sum(len(leaf.postings(field, term).docs) for leaf in self.leaves)

    def rarity(self, frequency: int) -> float:
        """How much a word says that stands in so many documents: much when these are few (the idf of BM25)."""
        total = max(self.documents, frequency)
        return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))

    def stored(self) -> Iterator[dict[str, Any]]:
        """What is stored for every document."""
        for leaf in self.leaves:
            for doc in leaf.live_docs():
                yield leaf.stored(doc)


def mask_of(docs: Iterable[int], size: int) -> int:
    """The bit mask of some document numbers below `size`."""
    flags = bytearray(b"0") * (size + 1)
    for doc in docs:
        flags[size - doc] = 49
    return int(flags, 2)
