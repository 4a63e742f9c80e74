"""The lint: every rule over every text. Pure: what it needs to know of the site is given to it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kb.library.content.deadlinks import Target
from kb.library.intake.linting.duties import lint_duties
from kb.library.intake.linting.entries import Entry, documents
from kb.library.intake.linting.findings import ERROR, WARNING, Finding
from kb.library.intake.linting.items import lint_item
from kb.library.intake.linting.language import lint_language
from kb.library.intake.linting.law import lint_agreement, lint_law, lint_unread
from kb.library.intake.linting.likeness import lint_likeness
from kb.library.intake.linting.links import lint_links, targets
from kb.library.intake.linting.nearness import Source, lint_nearness
from kb.library.intake.linting.steps import lint_steps


@dataclass(frozen=True)
class Site:
    """What there is beside the texts: other texts that may be linked to, pages, the day, sources to keep away from."""

    today: date
    is_page: Callable[[str], bool] = lambda _address: True
    others: Mapping[str, Target] | None = None
    sources: Sequence[Source] = ()


def lint(entries: Sequence[Entry], site: Site) -> list[Finding]:
    """All findings, in the order of the files."""
    known = {**(site.others or {}), **targets(entries)}
    found = [*_unreadable(entries), *lint_agreement(entries), *lint_likeness(entries), *lint_duties(entries)]
    for entry, document in documents(entries):
        found += lint_item(entry, document, site.today)
        found += lint_steps(entry, document)
        found += lint_language(entry, document)
        found += lint_law(entry, document)
        found += lint_unread(entry, document)
        found += lint_links(entry, document, known, site.is_page)
        found += lint_nearness(entry, site.sources)
    order = {entry.file: number for number, entry in enumerate(entries)}
    return sorted(dict.fromkeys(found), key=lambda finding: order[finding.file])


def _unreadable(entries: Iterable[Entry]) -> Iterator[Finding]:
    for entry in entries:
        if entry.document is None:
            field, reason = entry.error
            yield Finding(entry.file, field, ERROR, "record", reason)
        for sentence in entry.said:
            place, _colon, words = sentence.partition(": ")
            yield Finding(entry.file, place, WARNING, "removed", words)


def lint_references(file: Path | str, slugs: Mapping[str, str], known: Mapping[str, Any]) -> list[Finding]:
    """Findings of a small list that names texts: `slugs` maps the place in the file → slug."""
    return [
        Finding(str(file), place, ERROR, "link", f"Texten ”{slug}” finns inte.")
        for place, slug in slugs.items()
        if slug not in known
    ]
