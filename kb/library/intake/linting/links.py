"""The rule that links inside the site lead somewhere (see `kb.library.content.deadlinks`)."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from kb.library.content.deadlinks import Target, dead_links
from kb.library.content.document import Document
from kb.library.intake.linting.entries import Entry, documents
from kb.library.intake.linting.findings import ERROR, Finding


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
    for dead in dead_links(document, known, is_page):
        yield Finding(entry.file, dead.spot.place, ERROR, "link", dead.reason)
