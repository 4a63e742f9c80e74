"""What a record from a file may hold: characters and sizes that every database and every form can take."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kb.errors import Invalid
from kb.library.document import Document

MINUTES_MAX = 1_000_000
TEXT_MAX = 10_000
_BROKEN = re.compile("[\x00\ud800-\udfff]")
_LONG = {"body", "before", "during", "after", "secrecy", "text"}
_MOST = {
    "owner": 120,
    "labels": 64,
    "related": 100,
    "provisions.statute": 160,
    "provisions.short": 32,
    "provisions.section": 80,
    "lessons.item": 100,
    "lessons.step": 80,
    "sections.id": 80,
    "sections.guidance": 100,
    "sections.title": 300,
    "sections.role": 120,
}


def check_characters(data: Mapping[str, Any]) -> None:
    """Raise `Invalid` naming the field that holds a NUL or half a character, however deep."""
    for name, value in data.items():
        if any(_BROKEN.search(text) for text in _texts(value)):
            raise Invalid(name, f"Fältet {name} innehåller ett otillåtet tecken.")


def check_sizes(document: Document) -> None:
    """Raise `Invalid` naming the field that holds more than there is room for."""
    for field, value in document.to_dict().items():
        for path, entry in _leaves(field, value):
            if isinstance(entry, str) and path not in _LONG:
                _check_text(field, entry, _MOST.get(path, TEXT_MAX))
            elif path == "sections.minutes" and entry > MINUTES_MAX:
                raise Invalid(field, f"Minuter får vara högst {MINUTES_MAX}.")


def _check_text(field: str, text: str, most: int) -> None:
    if len(text) > most:
        raise Invalid(field, f"”{text[:40]}…” i fältet {field} är {len(text)} tecken, högst {most} går.")


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


def _leaves(field: str, value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """("labels", word), ("sections.id", id): every value with the field and the innermost name."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _leaves(field, entry, key)
    elif isinstance(value, list):
        for entry in value:
            yield from _leaves(field, entry, name)
    else:
        yield (f"{field}.{name}" if name else field), value
