"""What the lint reads: one entry for each text, with its words and where in it they stand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kb.errors import Invalid
from kb.library.content.document import Document
from kb.library.content.fields import Type
from kb.library.content.texts import texts, walk
from kb.library.intake.parsing import parse_record
from kb.library.intake.records import Record, read_records, said_about
from kb.text import plain


@dataclass(frozen=True, eq=False)
class Entry:
    """A text: `file` says where it is from; `fields` are the fields that its record names, None for a stored text.

    `error` is (field, reason) instead of a document when the record cannot be read; `said` what does not come along.
    """

    file: str
    slug: str = ""
    document: Document | None = None
    fields: frozenset[str] | None = None
    error: tuple[str, str] = ("", "")
    said: tuple[str, ...] = ()
    words: list[tuple[str, str]] = field(default_factory=list)

    def texts(self) -> list[tuple[str, str]]:
        """(place, text) of everything in it that a person reads; worked out once."""
        if not self.words and self.document is not None:
            self.words.extend(_texts(self.document))
        return self.words


def read_entries(path: Path, topics: Mapping[str, str]) -> list[Entry]:
    """The entries of a folder or file. Raises `Invalid` when there is nothing to read."""
    return [_entry(record, topics) for record in read_records(path)]


def _entry(record: Record, topics: Mapping[str, str]) -> Entry:
    file = shown_path(record.place)
    if record.data is None:
        return Entry(file, error=(record.field or "fil", record.error))
    try:
        slug, document = parse_record(record.data, topics=topics)
    except Invalid as problem:
        return Entry(shown_path(record.place_of(problem.field)), error=(problem.field, problem.message))
    said = tuple(said_about(record))
    return Entry(file, slug, document, frozenset(record.data), said=said)


def shown_path(place: Path | str) -> str:
    """A path as seen from here, where it is below."""
    return str(place).removeprefix(f"{Path.cwd()}/")


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    for spot in texts(document):
        if spot.field.type is Type.RICH:
            yield from ((spot.place, text) for _label, text in plain.blocks(spot.value))
        else:
            yield spot.place, spot.value


def place_of(document: Document, form_field: str) -> str:
    """The place that a field of the edit form ("sections-0-steps-2-text") is."""
    known = {spot.form_name: spot.place for spot in walk(document) if isinstance(spot.path[-1], str)}
    parts = form_field.split("-")
    named = ".".join(str(int(part) + 1) if part.isdecimal() else part for part in parts)
    return known.get(form_field) or named or "text"


def documents(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Document]]:
    """The entries that could be read, with their documents."""
    return ((entry, entry.document) for entry in entries if entry.document is not None)
