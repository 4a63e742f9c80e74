"""Whether the logs of runs are as they were written: what was altered, removed or put in by hand is found and named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from kb.audit.models import AuditEvent
from kb.errors import NotFound
from kb.runs.log.chain import BEGINNING, SEALED, digest
from kb.runs.models import Run, RunEvent
from kb.text.wording import swedish_date

_COLUMNS = [getattr(RunEvent, name) for name in (*SEALED, "hash")]
_UNREADABLE = (ValueError, TypeError, OperationalError)  # the last is what SQLite says of text that is none
_HEAD = (Run.id, Run.public_id, Run.title, Run.log_count, Run.log_head)


@dataclass(frozen=True)
class Checked:
    """What was found of a run. `lines` and `head` are what the run says of its log: how long, and the last hash."""

    public_id: str
    title: str
    lines: int
    head: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Disposed:
    """A run that was disposed of: nothing is left to look at but the decision, and what was noted of its log."""

    public_id: str
    words: str


def verify(session: Session, public_id: str) -> Checked | Disposed:
    """Look at one run. Raises `NotFound` for one that neither is there nor was disposed of."""
    row = session.execute(select(*_HEAD).where(Run.public_id == public_id)).first()
    if row is not None:
        return _check(session, row)
    query = select(AuditEvent).where(AuditEvent.name == "run.disposed", AuditEvent.subject == public_id)
    event = session.scalars(query).first()
    if event is None:
        raise NotFound(f"Genomförandet {public_id} finns inte.")
    return Disposed(public_id, _disposal_words(event))


def verify_all(session: Session) -> Iterator[Checked]:
    """Look at every run, in the order in which they were started; read a few at a time."""
    for number in session.scalars(select(Run.id).order_by(Run.id)).all():
        yield _check(session, session.execute(select(*_HEAD).where(Run.id == number)).one())


def list_missing(session: Session) -> list[str]:
    """Public ids of runs that were started, as the audit log says, and are neither there nor disposed of."""
    disposed = select(AuditEvent.subject).where(
        AuditEvent.name == "run.disposed", AuditEvent.subject.is_not(None)
    )
    query = select(AuditEvent.subject).where(
        AuditEvent.name == "run.started",
        AuditEvent.subject.not_in(select(Run.public_id)),
        AuditEvent.subject.not_in(disposed),
    )
    return [subject for subject in session.scalars(query.order_by(AuditEvent.id)) if subject]


def _check(session: Session, run: Any) -> Checked:
    lines = list(_lines(session, run.id))
    problems = [*_problems(run, lines), *_end_problems(run, lines)]
    count = run.log_count if isinstance(run.log_count, int) else len(lines)
    return Checked(run.public_id, run.title, count, run.log_head, tuple(problems))


def _problems(run: Any, lines: Sequence[Any]) -> Iterator[str]:
    number, head = 0, BEGINNING
    for line in lines:
        if isinstance(line, int):
            yield f"raden med id {line} går inte att läsa"
            continue
        if line.number != number + 1:
            yield _gap_words(number, line.number)
        elif line.previous_hash != head:
            yield f"rad {line.number} följer inte på raden före"
        if not _is_sealed(run.public_id, line):
            yield f"rad {line.number} är ändrad"
        number, head = (line.number if isinstance(line.number, int) else number), line.hash


def _is_sealed(public_id: str, line: Any) -> bool:
    try:
        return bool(digest(public_id, line._mapping) == line.hash)
    except TypeError:  # a value of a kind that the column never holds
        return False


def _gap_words(before: Any, number: Any) -> str:
    if not isinstance(number, int) or number <= before:
        return f"en rad är inlagd efter rad {before}"
    if number == before + 2:
        return f"rad {before + 1} saknas"
    return f"rad {before + 1} till {number - 1} saknas"


def _end_problems(run: Any, lines: Sequence[Any]) -> Iterator[str]:
    """What the run itself says of its log: how long it is, and how it ends."""
    last = next((line for line in reversed(lines) if not isinstance(line, int)), None)
    if len(lines) != run.log_count:
        yield f"loggen har {len(lines)} rader och ska ha {run.log_count}"
    elif (last.hash if last else BEGINNING) != run.log_head:
        yield "loggen slutar inte med den rad som den ska"


def _lines(session: Session, run_id: int) -> Iterator[Any]:
    """The rows in their order, the number of its row for one that cannot be read."""
    query = select(*_COLUMNS).where(RunEvent.run_id == run_id).order_by(RunEvent.number, RunEvent.id)
    try:
        yield from session.execute(query).all()
    except _UNREADABLE:
        for number in session.scalars(
            select(RunEvent.id).where(RunEvent.run_id == run_id).order_by(RunEvent.number)
        ).all():
            yield _line(session, number)


def _line(session: Session, number: int) -> Any:
    try:
        return session.execute(select(*_COLUMNS).where(RunEvent.id == number)).one()
    except _UNREADABLE:
        return number


def _disposal_words(event: AuditEvent) -> str:
    decision = event.data.get("decision", "")
    words = f"gallrat {swedish_date(event.at)} efter beslut: {decision}"
    if "lines" in event.data:
        words += f". Loggen hade {event.data['lines']} rader och slutade med {event.data['head']}"
    return words
