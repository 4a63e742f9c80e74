"""How the jobs are doing."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from kb.db import Database
from kb.jobs.queries import count_due, count_set_aside, oldest_due_at, stalled_since
from kb.text.wording import counted, swedish_moment
from kb.web.health import Figures, Part

FAILED = (
    "De försöks inte igen av sig själva. Orsaken visas av python3 dev.py flask jobs list, och jobs "
    "retry försöker igen. Går uppgifterna inte att läsa hjälper det inte: ett jobb i kön search ersätts av "
    "search repair och tas sedan bort med jobs discard."
)
STALLED = (
    "Kör arbetsprocessen? Starta den med python3 dev.py flask jobs work, eller läs i dess logg vad som "
    "hindrar den."
)


def _figures(session: Session) -> Figures:
    failed = sum(count_set_aside(session).values())
    return Figures(
        rows=[
            ("Väntar", str(count_due(session))),
            ("Har väntat sedan", swedish_moment(oldest_due_at(session))),
            ("Lagda åt sidan", str(failed)),
        ],
        warnings=list(_warnings(failed, stalled_since(session))),
    )


def _warnings(failed: int, since: datetime | None) -> Iterator[tuple[str, str]]:
    if failed:
        yield counted(failed, "jobb är lagt åt sidan", "jobb är lagda åt sidan"), FAILED
    if since is not None:
        yield f"Jobb har väntat sedan {swedish_moment(since)}", STALLED


def _problems(database: Database) -> Iterator[str]:
    with database.snapshot() as connection:
        failed, since = count_set_aside(connection), stalled_since(connection)
    for name, count in failed.items():
        yield f"Jobb som är lagda åt sidan, se jobs list: {name} ({count})"
    if since is not None:
        yield f"Jobb har väntat sedan {swedish_moment(since)}. {STALLED}"


JOBS = Part(title="Bakgrundsjobb", place=30, figures=_figures, problems=_problems)
