"""What every installation begins with: topics, numbers, glossary, common situations; and the content we ship."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.viewer import SYSTEM
from kb.db import Database
from kb.library.core.models.lists import CommonSituation, GlossaryTerm, ImportantNumber
from kb.library.core.models.topics import Topic
from kb.library.core.projection import restamp
from kb.library.core.workflow import Origin
from kb.library.intake.loading import Report, load_records, no_progress
from kb.library.intake.records import read_records

STARTER = Path(__file__).resolve().parents[2] / "starter"
# In this order: what is loaded last is shown as the newest.
CONTENT = ("mallar", "pastaenden", "vagledning", "checklistor", "berattelser")
GLOSSARY_LINKS = "ordlista_lankar.yaml"


def ensure_basics(session: Session) -> None:
    """Fill the small lists where they are empty; what an organisation has changed is left alone."""
    if session.scalar(select(Topic.id).limit(1)) is None:
        session.add_all(Topic(**entry, position=n) for n, entry in enumerate(_yaml("topics.yaml")))
    if session.scalar(select(ImportantNumber.id).limit(1)) is None:
        session.add_all(ImportantNumber(**entry, position=n) for n, entry in enumerate(_yaml("numbers.yaml")))
    if session.scalar(select(CommonSituation.id).limit(1)) is None:
        session.add_all(
            CommonSituation(**entry, position=n) for n, entry in enumerate(_yaml("situations.yaml"))
        )
    if session.scalar(select(GlossaryTerm.id).limit(1)) is None:
        session.add_all(_glossary())
    restamp(session)


def load_starter(database: Database, progress: Callable[[int, int], None] = no_progress) -> Report:
    """Load and publish the shipped content."""
    records = [record for folder in CONTENT for record in read_records(STARTER / folder)]
    return load_records(
        database,
        records,
        source="startinnehåll",
        publish=True,
        by=SYSTEM,
        origin=Origin.SHIPPED,
        progress=progress,
    )


def _yaml(name: str) -> Any:
    return yaml.safe_load((STARTER / name).read_text(encoding="utf-8"))


def glossary_rows() -> list[dict[str, str]]:
    """The rows of the shipped glossary: term, expansion_or_synonyms, definition."""
    with (STARTER / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def _glossary() -> list[GlossaryTerm]:
    links = _yaml(GLOSSARY_LINKS)
    return [
        GlossaryTerm(
            term=row["term"],
            definition=row["definition"],
            item_slug=links.get(row["term"], ""),
            synonyms=[word.strip() for word in row["expansion_or_synonyms"].split("|") if word.strip()],
        )
        for row in glossary_rows()
    ]
