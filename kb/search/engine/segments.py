"""Documents into segments: turned round in memory (term → documents), written in one go, merged list by list."""

import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, islice, repeat
from operator import add
from pathlib import Path
from typing import Any

from kb.language.analysis import analyse
from kb.search.engine.files import Files
from kb.search.engine.lists import NARROW, Lists
from kb.search.engine.manifest import Segment
from kb.search.engine.schema import FIELDS, Prepared
from kb.search.engine.whoosh_files import Keep, SegmentReader, SegmentWriter

SEGMENT = 2500  # documents at most in one segment: what is turned round lies in memory meanwhile
_Worths = tuple["array[int]", "array[float]"]  # documents, and what something is worth in each
_LOW = 0 if sys.byteorder == "little" else 1  # which half of a spot is its place


class Draft:
    """A segment in the making.

    What documents hold is first put down as they come, since there are a million of it: `_worths` has for each token
    its documents and what it is worth in each, in turn; `_spots` for each word where it stands, the document in the
    upper half of a number and the place in the lower. `_turn_round` makes of that the lists of all terms.
    """

    def __init__(self) -> None:
        self._writer = SegmentWriter()
        self._terms: dict[str, dict[str, Lists]] = {name: {} for name in FIELDS}
        self._worths: defaultdict[str, list[Any]] = defaultdict(list)
        self._spots: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))

    def add(self, document: Prepared) -> None:
        """One more document."""
        number = self._writer.store(document.data)
        lists = map(self._worths.__getitem__, document.tokens)
        for of_token, worth in zip(lists, document.tokens.values(), strict=True):
            of_token.append(number)
            of_token.append(worth)
        spots = self._spots.__getitem__
        for start, words in document.words:
            for spot, of_word in enumerate(map(spots, words), number << 16 | start):
                of_word.append(spot)
        for name, terms in document.terms.items():
            for term in terms:
                self._terms[name].setdefault(term, Lists(array("H"))).docs.append(number)

    def _turn_round(self) -> None:
        """Turn what was put down into the lists of all terms."""
        self._terms["raw"].update((word, _raw(spots)) for word, spots in self._spots.items())
        self._spots.clear()
        gathered: dict[str, defaultdict[str, list[_Worths]]]
        gathered = {name: defaultdict(list) for name in ("stem", "folded", "part")}
        stems, folded, parts = gathered.values()
        for token, in_turn in self._worths.items():
            worths = array("H", in_turn[::2]), array("f", in_turn[1::2])
            found = analyse(token)
            for by_term, terms in ((stems, found.terms), (folded, found.folded), (parts, found.parts)):
                for term in terms:
                    by_term[term].append(worths)
        summed = _Sums()
        for name, by_term in gathered.items():
            self._terms[name].update((term, summed.of(several)) for term, several in by_term.items())
        self._worths.clear()

    def take_in(self, reader: SegmentReader, segment: Segment) -> None:
        """All live documents of another segment."""
        gone = set(segment.deleted)
        numbers = {
            old: self._writer.store(reader.stored(old)) for old in range(segment.size) if old not in gone
        }
        for name, term, lists in reader.all_lists():
            _add_lists(self._terms[name], term, lists, numbers)

    def write(self, keep: Keep) -> Segment:
        """Hand the files to `keep(name, content)`."""
        self._turn_round()
        return self._writer.finish(self._terms, keep)

    @property
    def count(self) -> int:
        """How many documents it has."""
        return self._writer.documents


def write_segments(documents: Iterable[Prepared], keep: Keep, size: int = SEGMENT) -> list[Segment]:
    """The documents as segments, none of them large; their files go to `keep`."""
    rest = iter(documents)
    return list(_drafts(rest, keep, size))


def merge_segments(files: Files, segments: Iterable[Segment], keep: Keep) -> Segment:
    """One segment of the live documents of some that lie in `files`."""
    draft = Draft()
    for segment in segments:
        draft.take_in(SegmentReader(files, segment), segment)
    return draft.write(keep)


def keep_in(folder: Path) -> Keep:
    """Files go to a folder."""

    def keep(name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)

    return keep


def _drafts(rest: Iterator[Prepared], keep: Keep, size: int) -> Iterator[Segment]:
    while True:
        draft = Draft()
        for document in islice(rest, size):
            draft.add(document)
        if not draft.count:
            return
        yield draft.write(keep)


def _raw(spots: "array[int]") -> Lists:
    """Where a word stands."""
    halves = array("H", spots.tobytes())
    counts = Counter(halves[1 - _LOW :: 2])
    return Lists(array("H", counts), None, array("H", counts.values()), halves[_LOW::2])


class _Sums:
    """What some tokens together are worth: a word and the same without its marks often have the same tokens."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, ...], Lists] = {}

    def of(self, several: Sequence[_Worths]) -> Lists:
        """The documents that hold any of the tokens, and the sum of what these are worth in each."""
        if len(several) == 1:
            return Lists(*several[0])
        key = tuple(map(id, several))
        return self._made.get(key) or self._made.setdefault(key, _summed(several))


def _summed(several: Sequence[_Worths]) -> Lists:
    sums: dict[int, float] = {}
    for docs, worths in several:
        before = map(sums.get, docs, repeat(0.0))  # asked just before it is set: a document is there once
        sums.update(zip(docs, map(add, before, worths), strict=True))
    docs = array("H", sorted(sums))
    return Lists(docs, array("f", map(sums.__getitem__, docs)))


def _add_lists(terms: dict[str, Lists], term: str, old: Lists, numbers: Mapping[int, int]) -> None:
    """Add what lives of a list of another segment, renumbered."""
    kept = _living(old, numbers)
    if not kept.docs:
        return
    docs = array("H", [numbers[doc] for doc in kept.docs])
    lists = terms.get(term)
    if lists is None:
        terms[term] = kept._replace(docs=docs)
        return
    lists.docs.extend(docs)
    for mine, more in zip(lists[1:], kept[1:], strict=True):
        if mine is not None and more is not None:
            mine.extend(more)  # type: ignore[arg-type]


def _living(lists: Lists, numbers: Mapping[int, int]) -> Lists:
    """The list without deleted documents, its weights written out."""
    docs, weights, counts, places = lists
    if weights is None and counts is None:  # all are 1, and the others may not be
        weights = array("f", [1.0]) * len(docs)
    alive = [doc in numbers for doc in docs]
    if all(alive):
        return Lists(docs, weights, counts, places)
    if counts is not None and places is not None:
        spread = chain.from_iterable(map(repeat, alive, counts))
        places = array("H", compress(places, spread))
        counts = array("H", compress(counts, alive))
    if weights is not None:
        weights = array("f", compress(weights, alive))
    return Lists(array("H", compress(docs, alive)), weights, counts, places)


assert SEGMENT < NARROW
