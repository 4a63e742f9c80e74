"""Rules about links inside the site: related texts, guidance of steps, lessons, addresses in the text."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kb.library.document import KIND_PATHS, Document, Kind
from kb.library.linting.entries import Entry, documents
from kb.library.linting.findings import ERROR, Finding
from kb.library.texts import rich_texts

_HREF = re.compile(r'href="(/[^"]*)"')
_ITEM = re.compile(rf"/({'|'.join(KIND_PATHS.values())})/([a-z0-9-]+)(?:#steg-([a-z0-9-]+))?(?:[?#].*)?")


@dataclass(frozen=True)
class Target:
    """A text that can be linked to."""

    kind: str
    steps: frozenset[str] = frozenset()


def targets(entries: Iterable[Entry]) -> dict[str, Target]:
    """Slug → what stands there."""
    return {
        entry.slug: Target(document.kind, frozenset(step.id for step in document.steps()))
        for entry, document in documents(entries)
    }


def lint_links(
    entry: Entry, document: Document, known: Mapping[str, Target], is_page: Callable[[str], bool]
) -> Iterator[Finding]:
    """Links that lead nowhere; `is_page` tells whether an address that is no text exists."""
    for place, slug, step in _references(document):
        reason = _dead(known, slug, step)
        if reason:
            yield Finding(entry.file, place, ERROR, "link", reason)
    for spot in rich_texts(document):
        for address in dict.fromkeys(_HREF.findall(spot.value)):
            reason = _dead_address(address, known, is_page)
            if reason:
                yield Finding(entry.file, spot.place, ERROR, "link", reason)


def _references(document: Document) -> Iterator[tuple[str, str, str]]:
    """(place, slug, step) of the links that are fields."""
    for number, slug in enumerate(document.related, start=1):
        yield f"related.{number}", slug, ""
    if document.replaced_by:
        yield "replaced_by", document.replaced_by, ""
    for number, section in enumerate(document.sections, start=1):
        for step in section.steps:
            if step.guidance:
                yield f"sections.{number}.steps.{step.id}.guidance", step.guidance, ""
    for number, lesson in enumerate(document.lessons, start=1):
        if lesson.item:
            yield f"lessons.{number}.item", lesson.item, lesson.step


def _dead(known: Mapping[str, Target], slug: str, step: str = "") -> str:
    target = known.get(slug)
    if target is None:
        return f"Texten ”{slug}” finns inte."
    return f"”{slug}” har inget steg ”{step}”." if step and step not in target.steps else ""


def _dead_address(address: str, known: Mapping[str, Target], is_page: Callable[[str], bool]) -> str:
    found = _ITEM.fullmatch(address)
    if not found:
        return "" if is_page(re.split(r"[?#]", address)[0]) else f"Sidan {address} finns inte."
    folder, slug, step = found[1], found[2], found[3] or ""
    reason = _dead(known, slug, step)
    if not reason and KIND_PATHS[Kind(known[slug].kind)] != folder:
        return f"”{slug}” ligger under /{KIND_PATHS[Kind(known[slug].kind)]}, inte under /{folder}."
    return reason
