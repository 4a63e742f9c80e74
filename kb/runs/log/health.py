"""Whether the logs of runs are whole, for the thorough look of operations."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from kb.db import Database
from kb.runs.log.verifying import list_missing, verify_all
from kb.web.health import Part


def problems_of(session: Session) -> Iterator[str]:
    """Everything that is wrong with the logs, a sentence each."""
    for checked in verify_all(session):
        yield from (f"Genomförandet {checked.public_id}: {words}." for words in checked.problems)
    for public_id in list_missing(session):
        yield f"Genomförandet {public_id} har startats men finns inte, och är inte gallrat."


def _problems(database: Database) -> Iterator[str]:
    with database.reading() as session:
        yield from problems_of(session)


LOGS = Part(title="Genomförandenas loggar", place=15, problems=_problems)
