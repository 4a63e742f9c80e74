"""How posting lists lie in the index: each whole, as arrays, through Whoosh's own place to put such things (a codec).

Whoosh's blocks are pickles of tuples, packed one by one; reading and writing them took most of the time of search.
The dictionary of terms, stored values and the list of segments are Whoosh's.
"""

import struct
from array import array
from typing import Any, NamedTuple

from whoosh.codec.whoosh3 import W3Codec, W3TermInfo
from whoosh.formats import Format
from whoosh.matching import ListMatcher

NARROW = 0xFFFF  # documents of a segment, and places in a text, stay below this
_HEAD = struct.Struct("=IIB")  # bytes after the head, documents, what there is of each
_WEIGHED, _PLACED = 1, 2


class Lists(NamedTuple):
    """The postings of one term in one segment: documents ascending, their weights (None: all 1) and places in them.

    `places` are all places one after the other; `counts` says how many each document has.
    """

    docs: "array[int]"
    weights: "array[float] | None" = None
    counts: "array[int] | None" = None
    places: "array[int] | None" = None


class Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with our posting lists. Its field writer takes whole lists: `add(lists, None, None, None)`."""

    length_stats = False

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> "Writer":  # noqa: ARG002
        """What Whoosh's field writer hands the postings to."""
        return Writer(dbfile)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Any:
        """A matcher over the postings of a term."""
        return Matcher(read_list(dbfile, terminfo), format_, scorer, term, terminfo)


class Writer:
    """Writes one list after the other."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._info: Any = None

    def start_postings(self, _format: Any, _terminfo: Any) -> None:
        """The next term."""

    def add_posting(self, lists: Lists, _weight: Any, _value: Any, _length: Any = None) -> None:
        """The whole list of the term."""
        offset, packed = self._file.tell(), pack(lists)
        self._file.write(packed)
        weights = lists.weights
        self._info = W3TermInfo(
            weight=sum(weights) if weights else len(lists.docs),
            df=len(lists.docs),
            maxweight=max(weights) if weights else 1.0,
            minid=lists.docs[0],
            maxid=lists.docs[-1],
        )
        self._info.set_extent(offset, len(packed))

    def finish_postings(self) -> Any:
        """Where the list lies, for the dictionary of terms."""
        return self._info


class Matcher(ListMatcher):  # type: ignore[misc]
    """Whoosh's matcher over a list in memory; `lists` is all of it."""

    def __init__(self, lists: Lists, format_: Any, scorer: Any, term: Any, terminfo: Any) -> None:
        self.lists = lists
        super().__init__(
            lists.docs,
            lists.weights,
            Values(lists),
            format_,
            scorer=scorer,
            all_weights=None if lists.weights else 1.0,
            term=term,
            terminfo=terminfo,
        )


class Values:
    """The places of each document as bytes, taken out when somebody asks."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists

    def __len__(self) -> int:
        return len(self._lists.docs)

    def __getitem__(self, number: int) -> bytes:
        counts, places = self._lists.counts, self._lists.places
        if counts is None or places is None:
            return b""
        start = sum(counts[:number])
        return places[start : start + counts[number]].tobytes()


class Positions(Format):  # type: ignore[misc]
    """Places as an array, for those who ask Whoosh."""

    def decode_positions(self, value: bytes) -> list[int]:
        """The places of a word in a document."""
        return array("H", value).tolist()


def read_list(file: Any, terminfo: Any) -> Lists:
    """The list of a term in the file of posting lists."""
    start = terminfo.extent()[0]  # the length beside it is not what it should be in Whoosh
    size, count, kind = _HEAD.unpack(file.get(start, _HEAD.size))
    return unpack(file.get(start + _HEAD.size, size), count, kind)


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
    return _HEAD.pack(len(body), len(docs), kind) + body


def unpack(body: bytes, count: int, kind: int) -> Lists:
    """The list whose body `pack` made. Weights have come down to eleven bits."""
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
