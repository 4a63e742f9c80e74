"""Links inside the site that lead nowhere: related texts, guidance of steps, lessons, addresses in the text. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kb.library.content.document import KIND_PATHS, PATH_WORDS, Document, Kind
from kb.library.content.fields import Type
from kb.library.content.texts import Spot, walk

_HREF = re.compile(r'href="(/[^"]*)"')
_ITEM = re.compile(rf"/({PATH_WORDS})/([a-z0-9-]+)(?:#steg-([a-z0-9-]+))?(?:[?#].*)?")


@dataclass(frozen=True)
class Target:
    """A text that can be linked to; `steps` is None where they are not known."""

    kind: str
    steps: frozenset[str] | None = frozenset()


class DeadLink(NamedTuple):
    """Where it stands, the slug or address as it is written, and what is wrong with it."""

    spot: Spot
    address: str
    reason: str


def dead_links(
    document: Document, known: Mapping[str, Target], is_page: Callable[[str], bool]
) -> Iterator[DeadLink]:
    """The links that lead nowhere; `is_page` tells whether an address that is no text exists."""
    for spot, address, step in _links(document):
        is_rich = spot.field.type is Type.RICH
        reason = _dead_address(address, known, is_page) if is_rich else _dead(known, address, step)
        if reason:
            yield DeadLink(spot, address, reason)


def named_slugs(document: Document) -> set[str]:
    """The slugs of all texts that the document links to."""
    found = set()
    for spot, address, _step in _links(document):
        match = _ITEM.fullmatch(address)
        if spot.field.type is not Type.RICH:
            found.add(address)
        elif match:
            found.add(match[2])
    return found


def _links(document: Document) -> Iterator[tuple[Spot, str, str]]:
    """(spot, slug or address, step) of every link."""
    for spot in walk(document):
        if spot.field.type is Type.RICH:
            yield from ((spot, address, "") for address in dict.fromkeys(_HREF.findall(spot.value)))
        elif spot.field.refers == "text" and spot.value:
            lesson = document.lessons[int(spot.path[1])] if spot.path[0] == "lessons" else None
            yield spot, spot.value, lesson.step if lesson else ""


def _dead(known: Mapping[str, Target], slug: str, step: str = "") -> str:
    target = known.get(slug)
    if target is None:
        return f"Texten ”{slug}” finns inte."
    is_dead = step and target.steps is not None and step not in target.steps
    return f"”{slug}” har inget steg ”{step}”." if is_dead else ""


def _dead_address(address: str, known: Mapping[str, Target], is_page: Callable[[str], bool]) -> str:
    found = _ITEM.fullmatch(address)
    if not found:
        return "" if is_page(re.split(r"[?#]", address)[0]) else f"Sidan {address} finns inte."
    folder, slug, step = found[1], found[2], found[3] or ""
    reason = _dead(known, slug, step)
    if not reason and KIND_PATHS[Kind(known[slug].kind)] != folder:
        return f"”{slug}” ligger under /{KIND_PATHS[Kind(known[slug].kind)]}, inte under /{folder}."
    return reason
