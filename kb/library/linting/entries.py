"""What the lint reads: one entry for each text, with its words and where in it they stand."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kb.errors import Invalid
from kb.library.document import Document
from kb.library.parsing import parse_record
from kb.library.records import Record, read_records
from kb.text import plain

HTML = frozenset({"body", "before", "during", "after", "secrecy"})
_NAMES_AND_DATES = """
    id kind url fetched topics phases audiences related visibility unit language guidance item step mode basis channel
    deadline_sort minutes checked_on valid_from valid_to in_force_from in_force_to
"""
_NO_TEXT = frozenset(_NAMES_AND_DATES.split())


@dataclass(frozen=True, eq=False)
class Entry:
    """A text: `file` says where it is from; `fields` are the fields that its record names, None for a stored text.

    `error` is (field, reason) instead of a document when the record cannot be read.
    """

    file: str
    slug: str = ""
    document: Document | None = None
    fields: frozenset[str] | None = None
    error: tuple[str, str] = ("", "")
    words: list[tuple[str, str]] = field(default_factory=list)

    def texts(self) -> list[tuple[str, str]]:
        """(place, text) of everything in it that a person reads; worked out once."""
        if not self.words and self.document is not None:
            self.words.extend(_texts(asdict(self.document), ""))
        return self.words


def read_entries(path: Path, topics: Mapping[str, str]) -> list[Entry]:
    """The entries of a folder or file. Raises `Invalid` when there is nothing to read."""
    return [_entry(record, topics) for record in read_records(path)]


def _entry(record: Record, topics: Mapping[str, str]) -> Entry:
    file = shown_path(record.place)
    if record.data is None:
        return Entry(file, error=("fil", record.error))
    try:
        slug, document = parse_record(record.data, topics=topics)
    except Invalid as problem:
        return Entry(file, error=(problem.field, problem.message))
    return Entry(file, slug, document, frozenset(record.data))


def shown_path(place: Path | str) -> str:
    """A path as seen from here, where it is below."""
    return str(place).removeprefix(f"{Path.cwd()}/")


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in _NO_TEXT:
                yield from _field(name, part, f"{place}.{name}" if place else name)
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value, start=1):
            yield from _texts(part, f"{place}.{_name(part, number)}")
    elif isinstance(value, str) and value:
        yield place, value


def _field(name: str, value: Any, place: str) -> Iterator[tuple[str, str]]:
    if name in HTML and isinstance(value, str):
        yield from ((place, text) for _label, text in plain.blocks(value))
    else:
        yield from _texts(value, place)


def _name(part: Any, number: int) -> str:
    """Steps are named by their id, everything else by its number from 1."""
    return str(part.get("id") or number) if isinstance(part, dict) else str(number)


def place_of(document: Document, form_field: str) -> str:
    """The place that a field of the edit form ("sections-0-steps-2-text") is."""
    step = re.fullmatch(r"sections-(\d+)-steps-(\d+)-(\w+)", form_field)
    if step:
        section = document.sections[int(step[1])]
        return f"sections.{int(step[1]) + 1}.steps.{section.steps[int(step[2])].id}.{step[3]}"
    parts = form_field.split("-")
    return ".".join(str(int(part) + 1) if part.isdecimal() else part for part in parts) or "text"


def documents(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Document]]:
    """The entries that could be read, with their documents."""
    return ((entry, entry.document) for entry in entries if entry.document is not None)
