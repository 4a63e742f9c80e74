"""The one walk over a document: every value with its field, where it stands and what that place is called."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.library.content.document import Document
from kb.library.content.fields import Field, Type, table
from kb.text import plain

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """One value: `path` counts from 0 (("sections", 0, "steps", 2, "why")), `label` is for people ("Steg 3, varför").

    `entry` is the same without the field ("Steg 3"). `place` is for those who edit files: numbers from 1, steps by
    their id ("sections.1.steps.ring.why").
    """

    path: Path
    field: Field
    value: Any
    label: str
    place: str
    entry: str = ""

    @property
    def form_name(self) -> str:
        """The name of the form's field; the words of a list share one."""
        return "-".join(map(str, self.path[:-1] if isinstance(self.path[-1], int) else self.path))


def walk(document: Document) -> Iterator[Spot]:
    """Every value of a document in reading order, the empty ones too; each word of a list, each field of a part."""
    yield from _inside(document, (), "", "", Counter())


def texts(document: Document) -> Iterator[Spot]:
    """The texts that people read and that are not empty."""
    return (spot for spot in walk(document) if spot.field.is_text and spot.value)


def paragraphs(document: Document) -> Iterator[tuple[Spot, str]]:
    """All running text, paragraph by paragraph; table rows are no sentences and are left out."""
    for spot in texts(document):
        if spot.field.is_running:
            yield from ((spot, text) for label, text in _blocks(spot) if label != "Tabellrad")


def passages(document: Document) -> Iterator[tuple[Spot, str]]:
    """Everything that people read, piece by piece: running text, and also table rows, titles and names."""
    return ((spot, text) for spot in texts(document) for _label, text in _blocks(spot))


def rich_texts(document: Document) -> Iterator[Spot]:
    """The texts that are HTML."""
    return (spot for spot in texts(document) if spot.field.type is Type.RICH)


def _blocks(spot: Spot) -> list[tuple[str, str]]:
    """(label, text) of each piece of a value; only HTML has labels."""
    if spot.field.type is Type.RICH:
        return plain.blocks(spot.value)
    found = plain.paragraphs(spot.value) if spot.field.type is Type.BLOCK else [spot.value]
    return [("", text) for text in found]


def _inside(holder: Any, path: Path, name: str, place: str, numbers: Counter[str]) -> Iterator[Spot]:
    """The values of a document or of an entry; `name` is what the entry is called, `numbers` counts the entries."""
    for field in table(type(holder)):
        value, here = getattr(holder, field.name), (*path, field.name)
        at = f"{place}.{field.name}" if place else field.name
        if field.type is Type.PARTS:
            for index, part in enumerate(value):
                numbers[field.name] += 1
                called = f"{field.single} {numbers[field.name]}"
                key = getattr(part, "id", "") or index + 1
                yield from _inside(part, (*here, index), called, f"{at}.{key}", numbers)
        elif field.type is Type.WORDS:
            for index, word in enumerate(value):
                yield Spot((*here, index), field, word, field.single, f"{at}.{index + 1}", name)
        else:
            yield Spot(here, field, value, _label(name, field), at, name)


def _label(name: str, field: Field) -> str:
    if not name:
        return field.single
    return name if field.is_main else f"{name}, {field.single[:1].lower()}{field.single[1:]}"
