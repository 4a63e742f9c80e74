"""Documents into segments: turned round in memory (term → documents), written in one go, merged list by list."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, islice, repeat
from pathlib import Path
from typing import Any, NamedTuple

from whoosh.filedb.filestore import RamStorage

from kb.language.analysis import analyse
from kb.search.engine.codec import NARROW, Codec, Lists, read_list
from kb.search.engine.schema import Places, Prepared, Weights, make_schema

NAME = "MAIN"
SEGMENT = 2500  # documents at most in one segment: what is turned round lies in memory meanwhile
Keep = Callable[[str, bytes], None]
_Worths = tuple["array[int]", "array[float]"]  # documents, and what something is worth in each


class Desk(RamStorage):  # type: ignore[misc]
    """Where a segment is put together: in memory, also what Whoosh wants a temporary folder for."""

    def temp_storage(self, name: str | None = None) -> "Desk":  # noqa: ARG002
        """Another piece of memory."""
        return Desk()


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
        self._schema = make_schema()
        self._codec = Codec()
        self._desk = Desk()
        self._segment = self._codec.new_segment(self._desk, NAME)
        self._stored = self._codec.per_document_writer(self._desk, self._segment)
        self._terms: dict[str, dict[str, Lists]] = {
            name: {} for name, field in self._schema.items() if isinstance(field, Weights | Places)
        }
        self._tokens: dict[str, _Noted] = {}
        self.count = 0

    def add(self, document: Prepared) -> None:
        """One more document."""
        number = self._store(document.data)
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

    def take_in(self, storage: Any, segment: Any) -> None:
        """All live documents of another segment."""
        stored = self._codec.per_document_reader(storage, segment)
        numbers = {old: self._store(values["data"]) for old, values in stored.iter_docs()}
        file = segment.open_file(storage, self._codec.POSTS_EXT)
        for (name, term), info in self._codec.terms_reader(storage, segment).items():
            _add_lists(self._terms[name], term.decode(), read_list(file, info), numbers)

    def write(self, keep: Keep) -> Any:
        """Hand the files to `keep(name, content)`; Whoosh's segment."""
        self._turn_round()
        self._stored.close()
        self._segment.set_doc_count(self.count)
        writer = self._codec.field_writer(self._desk, self._segment)
        for name, terms in self._terms.items():
            writer.start_field(name, self._schema[name])
            for term in sorted(terms):
                writer.start_term(term.encode())
                writer.add(terms[term], None, None, None)
                writer.finish_term()
            writer.finish_field()
            terms.clear()
        writer.close()
        for name in self._desk.list():
            keep(name, bytes(self._desk.files[name]))
        return self._segment

    def _store(self, data: Mapping[str, Any]) -> int:
        number, self.count = self.count, self.count + 1
        self._stored.start_doc(number)
        self._stored.add_field("data", self._schema["data"], data, 0)
        self._stored.finish_doc()
        return number


def write_segments(documents: Iterable[Prepared], keep: Keep, size: int = SEGMENT) -> list[Any]:
    """The documents as segments, none of them large; their files go to `keep`."""
    rest = iter(documents)
    return list(_drafts(rest, keep, size))


def merge_segments(storage: Any, segments: Iterable[Any], keep: Keep) -> Any:
    """One segment of the live documents of some that lie in `storage`."""
    draft = Draft()
    for segment in segments:
        draft.take_in(storage, segment)
    return draft.write(keep)


def keep_in(folder: Path) -> Keep:
    """Files go to a folder."""

    def keep(name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)

    return keep


def _drafts(rest: Iterator[Prepared], keep: Keep, size: int) -> Iterator[Any]:
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
