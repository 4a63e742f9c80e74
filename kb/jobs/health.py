"""How the jobs are doing."""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from kb.db import Database
from kb.jobs.outbox import Outbox
from kb.jobs.queries import Stalled, count_due, count_set_aside, list_stalled, oldest_due_at
from kb.text.wording import counted, swedish_moment
from kb.web.health import Figures, Part

FAILED = (
    "De försöks inte igen av sig själva. Orsaken visas av python3 dev.py flask jobs list, och jobs "
    "retry försöker igen. Går uppgifterna inte att läsa hjälper det inte: ett jobb i kön search ersätts av "
    "search repair och tas sedan bort med jobs discard."
)
NO_WORKER = (
    "Kör arbetsprocessen? Starta den med python3 dev.py flask jobs work, eller läs i dess logg vad som "
    "hindrar den."
)
TRIED = "Arbetsprocessen försöker igen av sig själv. Senaste försöket:"


def jobs_part(outbox: Outbox) -> Part:
    """The part as it is registered."""
    return Part(
        title="Bakgrundsjobb",
        place=30,
        figures=lambda session: _figures(session, outbox),
        problems=lambda database: _problems(database, outbox),
    )


def _figures(session: Session, outbox: Outbox) -> Figures:
    failed = sum(count_set_aside(session).values())
    return Figures(
        rows=[
            ("Väntar", str(count_due(session))),
            ("Har väntat sedan", swedish_moment(oldest_due_at(session))),
            ("Lagda åt sidan", str(failed)),
        ],
        warnings=[*_failed(failed), *_stalled(list_stalled(session), outbox)],
    )


def _failed(count: int) -> Iterator[tuple[str, str]]:
    if count:
        yield counted(count, "jobb är lagt åt sidan", "jobb är lagda åt sidan"), FAILED


def _stalled(found: Iterable[Stalled], outbox: Outbox) -> Iterator[tuple[str, str]]:
    """What waits, and what may be wrong: the worker or, when it has tried, what the queue needs."""
    for one in found:
        title = f"{counted(one.count, 'jobb', 'jobb')} i kön {one.queue} har väntat sedan {swedish_moment(one.since)}"
        tried = f"{TRIED} {one.last_error}" if one.last_error else NO_WORKER
        yield title, f"{tried} {outbox.hinders.get(one.queue, '')}".strip()


def _problems(database: Database, outbox: Outbox) -> Iterator[str]:
    with database.snapshot() as connection:
        failed, stalled = count_set_aside(connection), list_stalled(connection)
    for name, count in failed.items():
        yield f"Jobb som är lagda åt sidan, se jobs list: {name} ({count})"
    yield from (f"{title}. {text}" for title, text in _stalled(stalled, outbox))
