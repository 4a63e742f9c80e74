"""Reading posting lists whole, and how many bytes they take while they are kept.

A test compares what is read here with what Whoosh's matchers give one by one.
"""

from array import array
from itertools import accumulate
from typing import Any, NamedTuple

from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import TermNotFound

from kb.search.engine.codec import Lists

SATURATION = 1.2  # k1 of BM25
CACHE_BYTES = 48 * 1024 * 1024


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


def size_of(postings: Postings) -> int:
    """The bytes of a posting list."""
    return len(postings.docs) * (postings.docs.itemsize + postings.worth.itemsize)


def size_of_lists(lists: Lists) -> int:
    """The bytes of a list as it is stored."""
    return sum(len(part) * part.itemsize for part in lists if part is not None)
