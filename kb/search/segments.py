"""Documents into segments: turned round in memory (term → documents), written in one go, merged list by list."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, compress, islice, repeat
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import RamStorage

from kb.search.codec import NARROW, Codec, Lists, read_list
from kb.search.schema import Places, Weights, make_schema

NAME = "MAIN"
SEGMENT = 2500  # documents at most in one segment: what is turned round lies in memory meanwhile
Keep = Callable[[str, bytes], None]


class Desk(RamStorage):  # type: ignore[misc]
    """Where a segment is put together: in memory, also what Whoosh wants a temporary folder for."""

    def temp_storage(self, name: str | None = None) -> "Desk":  # noqa: ARG002
        """Another piece of memory."""
        return Desk()


class Draft:
    """A segment in the making."""

    def __init__(self) -> None:
        self._schema = make_schema()
        self._codec = Codec()
        self._desk = Desk()
        self._segment = self._codec.new_segment(self._desk, NAME)
        self._stored = self._codec.per_document_writer(self._desk, self._segment)
        self._terms: dict[str, dict[str, Lists]] = {}
        for name, field in self._schema.items():
            if isinstance(field, Weights | Places):
                self._terms[name] = {}
        self.count = 0

    def add(self, document: Mapping[str, Any]) -> None:
        """One more document, as `make_document` gives it."""
        number = self._store(document["data"])
        for name, terms in self._terms.items():
            if isinstance(self._schema[name], Places):
                _add_places(terms, number, document[name])
            else:
                _add_weights(terms, number, document[name])

    def take_in(self, storage: Any, segment: Any) -> None:
        """All live documents of another segment."""
        stored = self._codec.per_document_reader(storage, segment)
        numbers = {old: self._store(values["data"]) for old, values in stored.iter_docs()}
        file = segment.open_file(storage, self._codec.POSTS_EXT)
        for (name, term), info in self._codec.terms_reader(storage, segment).items():
            _add_lists(self._terms[name], term.decode(), read_list(file, info), numbers)

    def write(self, keep: Keep) -> Any:
        """Hand the files to `keep(name, content)`; Whoosh's segment."""
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


def write_segments(documents: Iterable[Mapping[str, Any]], keep: Keep, size: int = SEGMENT) -> list[Any]:
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


def _drafts(rest: Iterator[Mapping[str, Any]], keep: Keep, size: int) -> Iterator[Any]:
    while True:
        draft = Draft()
        for document in islice(rest, size):
            draft.add(document)
        if not draft.count:
            return
        yield draft.write(keep)


def _add_weights(terms: dict[str, Lists], number: int, weights: Mapping[str, float]) -> None:
    for term, weight in weights.items():
        lists = terms.get(term)
        if lists is None:
            terms[term] = Lists(array("H", (number,)), array("f", (weight,)))
        else:
            lists.docs.append(number)
            lists.weights.append(weight)  # type: ignore[union-attr]


def _add_places(terms: dict[str, Lists], number: int, places: Mapping[str, list[int]]) -> None:
    for term, found in places.items():
        lists = terms.get(term)
        if lists is None:
            terms[term] = Lists(array("H", (number,)), None, array("H", (len(found),)), array("H", found))
        else:
            lists.docs.append(number)
            lists.counts.append(len(found))  # type: ignore[union-attr]
            lists.places.extend(found)  # type: ignore[union-attr]


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
    if weights is None and counts is None:
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
