"""Posting lists: how they lie in the index, each whole, as arrays with a checksum, and what is read out of them."""

import struct
import sys
import zlib
from array import array
from itertools import accumulate
from typing import NamedTuple

NARROW = 0xFFFF  # documents of a segment, and places in a text, stay below this
SATURATION = 1.2  # k1 of BM25
HEAD = struct.Struct("=IIBI")  # bytes after the head, documents, what there is of each, checksum
_WEIGHED, _PLACED = 1, 2


class Lists(NamedTuple):
    """The postings of one term in one segment: documents ascending, their weights (None: all 1) and places in them.

    `places` are all places one after the other; `counts` says how many each document has.
    """

    docs: "array[int]"
    weights: "array[float] | None" = None
    counts: "array[int] | None" = None
    places: "array[int] | None" = None

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
        return sys.getsizeof(self) + sum(sys.getsizeof(part) for part in self if part is not None)


class Postings(NamedTuple):
    """The documents of one term in one segment, ascending, deleted ones too, and what the term is worth in each."""

    docs: "array[int]"
    worth: "array[float]"


NONE = Lists(array("H"))


def pack(lists: Lists) -> bytes:
    """The list as bytes, with a head."""
    docs, weights, counts, places = lists
    parts, kind = [docs.tobytes()], 0
    if weights is not None and weights.count(1.0) != len(weights):
        parts.append(struct.pack(f"={len(weights)}e", *weights))
        kind |= _WEIGHED
    if counts is not None and places is not None:
        parts += [counts.tobytes(), places.tobytes()]
        kind |= _PLACED
    body = b"".join(parts)
    return HEAD.pack(len(body), len(docs), kind, _checksum(body, len(docs), kind)) + body


def unpack(head: bytes, body: bytes) -> Lists:
    """The list that `pack` made; weights have come down to eleven bits. Raises `ValueError` when it is damaged."""
    length, count, kind, checksum = HEAD.unpack(head)
    if len(body) != length or _checksum(body, count, kind) != checksum:
        raise ValueError("a posting list is damaged")
    start, size = 2 * count, 2 * count
    docs = array("H", body[:size])
    weights = counts = places = None
    if kind & _WEIGHED:
        weights = array("f", struct.unpack_from(f"={count}e", body, start))
        start += size
    if kind & _PLACED:
        counts = array("H", body[start : start + size])
        places = array("H", body[start + size :])
    return Lists(docs, weights, counts, places)


def _checksum(body: bytes, count: int, kind: int) -> int:
    """Never that of a file of zeros, which would be an empty list."""
    return zlib.crc32(body, (count << 2 | kind) + 1)


def postings_of(lists: Lists) -> Postings:
    """What a term is worth in its documents: the stored weight w becomes w / (w + k1)."""
    if lists.weights is None:
        return Postings(lists.docs, array("f", [1 / (1 + SATURATION)]) * len(lists.docs))
    return Postings(lists.docs, array("f", [weight / (weight + SATURATION) for weight in lists.weights]))


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
    """The bytes of postings."""
    return sys.getsizeof(postings) + sum(map(sys.getsizeof, postings))
