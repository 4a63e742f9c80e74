"""What a document may hold (sizes and characters that every database and every form can take) and must hold."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kb.errors import Invalid
from kb.library.content.document import Document, Kind, Visibility
from kb.library.content.fields import DOCUMENT, TEXTS, Field, Type, table
from kb.library.content.texts import Spot, walk

STEPS_MAX = (
    500  # of a whole checklist: with all other lists full, the form stays below its own limit of fields
)
SIZE_MAX = 900_000  # bytes; a form triples them at worst, and a request may have 3 MiB
_BROKEN = re.compile("[\x00\ud800-\udfff]")


# May


def check_characters(data: Mapping[str, Any]) -> None:
    """Raise `Invalid` naming the field that holds a NUL or half a character, however deep."""
    for name, value in data.items():
        if any(_BROKEN.search(text) for text in _texts(value)):
            raise Invalid(name, f"Fältet {name} innehåller ett otillåtet tecken.")


def check_sizes(document: Document) -> None:
    """Raise `Invalid` naming the field that holds more than there is room for."""
    _check_lists(document, "")
    if document.step_count > STEPS_MAX:
        raise Invalid("sections", f"Checklistan har {document.step_count} steg, högst {STEPS_MAX} går.")
    for spot in walk(document):
        _check_value(spot)
    if len(json.dumps(document.to_dict(), ensure_ascii=False).encode()) > SIZE_MAX:
        raise Invalid("body", "Texten är för stor. Dela upp den i flera.")


def _check_lists(holder: Any, top: str) -> None:
    for field in table(type(holder)):
        value = getattr(holder, field.name)
        if field.type in (Type.WORDS, Type.PARTS) and len(value) > field.most:
            raise Invalid(top or field.name, f"{field.label}: högst {field.most}, nu är det {len(value)}.")
        if field.type is Type.PARTS:
            for part in value:
                _check_lists(part, top or field.name)


def _check_value(spot: Spot) -> None:
    name, value, most = str(spot.path[0]), spot.value, spot.field.limit
    if spot.field.type in TEXTS and len(value) > most:
        raise Invalid(name, f"{spot.label} är {len(value)} tecken, högst {most} går: ”{value[:40]}…”.")
    if spot.field.type is Type.NUMBER and value is not None and not spot.field.least <= value <= most:
        raise Invalid(name, f"{spot.label}: skriv ett heltal, {spot.field.least}–{most}.")


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, dict):
            waiting += [*map(str, entry), *entry.values()]
        elif isinstance(entry, list | tuple):
            waiting += entry


# Must


@dataclass(frozen=True)
class Problem:
    """Why a document cannot be published: the field and what to do about it; `title` says what is missing."""

    field: str
    message: str
    title: str = ""


def problems(document: Document) -> list[Problem]:
    """What stops the document from being published; empty when nothing does."""
    found = [_missing(field) for field in DOCUMENT if _is_missing(document, field)]
    for field in DOCUMENT:
        if field.type is Type.LINE and len(getattr(document, field.name)) > field.limit:
            found.append(Problem(field.name, f"{field.label}: högst {field.limit} tecken."))
    if document.visibility == Visibility.UNIT and not document.unit:
        found.append(Problem("unit", "Välj vilken enhet som får läsa.", "Enhet saknas."))
    return found


def _is_missing(document: Document, field: Field) -> bool:
    value = getattr(document, field.name)
    is_empty = not value.strip() if isinstance(value, str) else not value
    return bool(field.required) and Kind(document.kind) in field.needs and is_empty


def _missing(field: Field) -> Problem:
    return Problem(field.name, field.required, field.missing or f"{field.single} saknas.")
