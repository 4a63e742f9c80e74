"""Documents into segments: turned round in memory (term → documents), written in one go, merged list by list."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, islice, repeat
from pathlib import Path
from typing import NamedTuple

from kb.language.analysis import analyse
from kb.search.engine.files import Files
from kb.search.engine.lists import NARROW, Lists
from kb.search.engine.manifest import Segment
from kb.search.engine.schema import FIELDS, Prepared
from kb.search.engine.whoosh_files import Keep, SegmentReader, SegmentWriter

SEGMENT = 2500  # documents at most in one segment: what is turned round lies in memory meanwhile
_Worths = tuple["array[int]", "array[float]"]  # documents, and what something is worth in each


class _Noted(NamedTuple):
    """Of one token: its documents, what it is worth in each, how often it stands there as a word, and where."""

    docs: "array[int]"
    worths: "array[float]"
    counts: "array[int]"
    places: "array[int]"


class Draft:
    """A segment in the making.

    What documents hold is first put down token by token: `_tokens` has for each of them its documents, what it is worth
    in each, how often it stands there as a word and where. `_turn_round` makes of that the lists of all terms.
    """

    def __init__(self) -> None:
        self._writer = SegmentWriter()
        self._terms: dict[str, dict[str, Lists]] = {name: {} for name in FIELDS}
        self._tokens: dict[str, _Noted] = {}

    def add(self, document: Prepared) -> None:
        """One more document."""
        number = self._writer.store(document.data)
        known, places = self._tokens, document.places
        for token, worth in document.tokens.items():
            docs, worths, counts, spots = known.get(token) or self._new(token)
            found = places.get(token, ())
            docs.append(number)
            worths.append(worth)
            counts.append(len(found))
            spots.extend(found)
        for word in places.keys() - document.tokens.keys():
            docs, worths, counts, spots = known.get(word) or self._new(word)
            docs.append(number)
            worths.append(0.0)
            counts.append(len(places[word]))
            spots.extend(places[word])
        for name, terms in document.terms.items():
            for term in terms:
                self._terms[name].setdefault(term, Lists(array("H"))).docs.append(number)

    def _new(self, token: str) -> "_Noted":
        noted = self._tokens[token] = _Noted(array("H"), array("f"), array("H"), array("H"))
        return noted

    def _turn_round(self) -> None:
        """Turn what was put down by tokens into the lists of all terms."""
        gathered: dict[str, dict[str, list[_Worths]]] = {"stem": {}, "folded": {}, "part": {}}
        for token, noted in self._tokens.items():
            if any(noted.counts):
                self._terms["raw"][token] = _raw(noted)
            worths = _worths(noted)
            if worths[0]:
                found = analyse(token)
                for name, terms in (("stem", found.terms), ("folded", found.folded), ("part", found.parts)):
                    for term in terms:
                        gathered[name].setdefault(term, []).append(worths)
        for name, by_term in gathered.items():
            self._terms[name].update((term, _summed(several)) for term, several in by_term.items())
        self._tokens.clear()

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


def _raw(noted: _Noted) -> Lists:
    """Where a word stands."""
    docs, _worths, counts, places = noted
    if not all(counts):
        docs, counts = array("H", compress(docs, counts)), array("H", filter(None, counts))
    return Lists(docs, None, counts, places)


def _worths(noted: _Noted) -> _Worths:
    """What a token is worth, without the documents where it is only a part of another one."""
    docs, worths = noted.docs, noted.worths
    if not all(worths):
        docs, worths = array("H", compress(docs, worths)), array("f", filter(None, worths))
    return docs, worths


def _summed(several: Sequence[_Worths]) -> Lists:
    """The documents that hold any of the tokens, and the sum of what these are worth in each."""
    docs, worths = several[0]
    if len(several) > 1:
        sums = dict(zip(docs, worths, strict=True))
        for docs, worths in several[1:]:
            for doc, worth in zip(docs, worths, strict=True):
                sums[doc] = sums.get(doc, 0.0) + worth
        docs = array("H", sorted(sums))
        worths = array("f", map(sums.__getitem__, docs))
    return Lists(docs, worths)


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
