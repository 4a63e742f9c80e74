"""A document as named blocks of plain text, in reading order: what two versions are compared by.

Whatever differs between two documents differs here: addresses, marks, kinds of lists and boxes are said in words.
"""

from collections.abc import Iterator, Mapping

from kb.library.content.document import Deadline, Document
from kb.library.content.fields import Type
from kb.library.content.texts import Path, Spot, walk
from kb.text.comparing.diff import Block
from kb.text.comparing.marked import marked_blocks, spaced

Names = Mapping[str, Mapping[str, str]]


def document_blocks(
    document: Document, topics: Mapping[str, str] | None = None, units: Mapping[str, str] | None = None
) -> list[Block]:
    """All that the document says, part by part; `topics` and `units` give the names of slugs and ids."""
    names = {"topic": topics or {}, "unit": units or {}}
    found: list[Block] = []
    for spots in _together(document):
        found += _blocks(spots, names)
    return found


def _together(document: Document) -> Iterator[list[Spot]]:
    """The values that share a block: the words of a choice, the short facts of an entry; all others by themselves."""
    waiting: list[Spot] = []
    key: tuple[object, ...] = ()
    for spot in walk(document):
        new = _shared(spot)
        if waiting and (not new or new != key):
            yield waiting
            waiting = []
        key = new
        if new:
            waiting.append(spot)
        else:
            yield [spot]
    if waiting:
        yield waiting


def _shared(spot: Spot) -> tuple[object, ...]:
    """What says that spots belong together; empty for those that stand alone."""
    if _is_listed(spot):
        return spot.path[:-1]
    is_fact = len(spot.path) > 1 and not (spot.field.is_main or spot.field.is_running)
    return ("facts", *spot.path[:-1]) if is_fact and spot.field.type is not Type.WORDS else ()


def _is_listed(spot: Spot) -> bool:
    """Whether it is one of the words of a list, which is shown as a line."""
    return spot.field.type is Type.WORDS and not spot.field.is_running


def _blocks(spots: list[Spot], names: Names) -> Iterator[Block]:
    first = spots[0]
    key = _key(first.path)
    if first.field.type is Type.RICH:
        yield from _paragraphs(first, key)
    elif first.field.type is Type.BLOCK and first.value:
        yield from _lines(first, key)
    elif _is_listed(first):
        yield Block(first.label, ", ".join(_words(spot, names) for spot in spots), key)
    elif _shared(first):
        yield from _facts(spots, names)
    elif text := spaced(_words(first, names)) or _untitled(first):
        yield Block(first.label, text, key)


def _paragraphs(spot: Spot, key: str) -> Iterator[Block]:
    for kind, text in marked_blocks(spot.value):
        yield Block(f"{spot.label}, {kind}" if kind else spot.label, text, f"{key}|{kind}")


def _lines(spot: Spot, key: str) -> Iterator[Block]:
    for line in spot.value.split("\n"):
        yield Block(spot.label, spaced(line) or "‹tom rad›", key)


def _key(path: Path) -> str:
    """What says that two blocks are about the same field, whatever the number of the entry."""
    return ".".join(part for part in path if isinstance(part, str))


def _facts(spots: list[Spot], names: Names) -> Iterator[Block]:
    """The short facts of an entry in one block."""
    facts = "; ".join(fact for spot in spots if (fact := _fact(spot, names)))
    if facts:
        yield Block(f"{spots[0].entry}, uppgifter", facts, f"{_key(spots[0].path[:-1])}.facts")


def _fact(spot: Spot, names: Names) -> str:
    text = _words(spot, names)
    name = _lower(spot.field.single)
    if not text or spot.value == Deadline.NONE:
        return ""
    # What is typed may look like the next fact.
    return name if spot.field.type is Type.FLAG else f"{name}: {spaced(text).replace('; ', '‹;› ')}"


def _untitled(spot: Spot) -> str:
    """A section begins also where it has no heading: which steps it holds must show."""
    return "‹utan rubrik›" if len(spot.path) > 1 and spot.field.is_main else ""


def _words(spot: Spot, names: Names) -> str:
    """A value as people read it."""
    if spot.field.type is Type.FLAG:
        return "Ja" if spot.value else ""
    if spot.value is None:
        return ""
    known = names.get(spot.field.refers) or spot.field.names
    return str(known.get(str(spot.value), spot.value))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
