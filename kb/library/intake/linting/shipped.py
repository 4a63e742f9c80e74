"""The lint over the content that we ship: all folders of the starter content, and the lists that name texts."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import yaml

from kb.library.intake.linting.entries import Entry, read_entries, shown_path
from kb.library.intake.linting.findings import ERROR, Finding
from kb.library.intake.linting.links import targets
from kb.library.intake.linting.lint import Site, lint, lint_references
from kb.library.intake.linting.nearness import Source
from kb.library.intake.starter import CONTENT, GLOSSARY_LINKS, STARTER, glossary_rows
from kb.text.slugs import slugify


def lint_shipped(
    today: date, is_page: Callable[[str], bool] = lambda _address: True, sources: Sequence[Source] = ()
) -> tuple[int, list[Finding]]:
    """How many texts we ship, and what is wrong with them."""
    entries = shipped_entries()
    return len(entries), [*lint(entries, Site(today, is_page, sources=sources)), *lint_lists(entries)]


def shipped_entries() -> list[Entry]:
    """The texts of the starter content."""
    topics = {
        word: row["slug"] for row in _yaml("topics.yaml") for word in (row["slug"], slugify(row["name"]))
    }
    return [entry for folder in CONTENT for entry in read_entries(STARTER / folder, topics)]


def lint_lists(entries: list[Entry]) -> list[Finding]:
    """Topics, common situations and the glossary name texts that exist."""
    known = targets(entries)
    leads = {
        f"{topic['slug']}.{phase}.{kind}": slug
        for topic in _yaml("topics.yaml")
        for phase, lead in topic.get("leads", {}).items()
        for kind, slug in lead.items()
    }
    situations = {str(n): row["item_slug"] for n, row in enumerate(_yaml("situations.yaml"), start=1)}
    links = _yaml(GLOSSARY_LINKS)
    terms = {row["term"] for row in glossary_rows()}
    glossary = shown_path(STARTER / GLOSSARY_LINKS)
    return [
        *lint_references(shown_path(STARTER / "topics.yaml"), leads, known),
        *lint_references(shown_path(STARTER / "situations.yaml"), situations, known),
        *lint_references(glossary, links, known),
        *(
            Finding(glossary, term, ERROR, "term", f"”{term}” står inte i ordlistan.")
            for term in links
            if term not in terms
        ),
    ]


def _yaml(name: str) -> Any:
    return yaml.safe_load((STARTER / name).read_text(encoding="utf-8"))
