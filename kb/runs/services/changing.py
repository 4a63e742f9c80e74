"""What all changes of a run have in common: who sends them, how they begin, and the line they leave in the log."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.errors import Conflict, Forbidden, Invalid, NotFound
from kb.runs.log.chain import append
from kb.runs.log.kinds import EntryKind
from kb.runs.models import Run, RunEvent, RunStep
from kb.runs.operations import EventKind
from kb.runs.permissions import Permission, holds
from kb.runs.queries import is_seen_by

MADE_AT = "made_at"  # in a line's data: when it was made, where that is not when it came
CLIENT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,120}")


@dataclass(frozen=True)
class Sent:
    """Who sends a change, the name that the device gave it (sent twice it is made once), and the device's clock.

    `made_at` is when it was made, by our clock, where it waited on the device before it could be sent.
    """

    by: Viewer
    client_id: str | None = None
    device_at: datetime | None = None
    made_at: datetime | None = None

    def __post_init__(self) -> None:
        """Raise `Invalid` for a name that is too long or holds odd characters."""
        if self.client_id and not CLIENT_ID.fullmatch(self.client_id):
            raise Invalid("client_id", "Formuläret är felaktigt. Ladda om sidan och försök igen.")

    @property
    def at(self) -> datetime:
        """When the change was made."""
        return self.made_at or clock.now()


class RunEnded(Conflict):
    """The run is over; what was sent changes nothing."""

    message = "Genomförandet är avslutat. Inget kan ändras längre."


@dataclass(frozen=True)
class Change:
    """A change that has begun: `run` is held until the transaction ends, as it is now.

    `is_repeated` when the same was sent before: then nothing more is to be done.
    """

    session: Session
    run: Run
    sent: Sent
    is_repeated: bool
    at_step: RunStep | None = None

    @property
    def step(self) -> RunStep:
        """The step that the change is about."""
        assert self.at_step is not None
        return self.at_step

    def log(self, kind: EventKind, **data: object) -> None:
        """Add its line to the log."""
        key = self.at_step.key if self.at_step else ""
        log(self.session, self.run, kind, self.sent, key=key, data=data)


def begin(
    session: Session,
    run: Run,
    sent: Sent,
    *,
    key: str | None = None,
    as_leader: bool = False,
    after_end: bool = False,
) -> Change:
    """Begin a change of the run, or of its step `key`: changes of one run come one after the other.

    Raises `NotFound` for a run that is not seen or a step that is not there, `Forbidden` for who is not its leader
    where that is asked for, `RunEnded` for what was not sent before, unless it may come `after_end`.
    """
    run = _lock(session, run, sent.by)
    if as_leader:
        require_lead(run, sent.by)
    step = None if key is None else _find_step(session, run, key)
    is_repeated = _is_known(session, run, sent)
    if not (is_repeated or after_end):
        refuse_ended(run)
    return Change(session, run, sent, is_repeated, step)


def log(
    session: Session,
    run: Run,
    kind: EventKind | EntryKind,
    sent: Sent,
    *,
    data: dict[str, object],
    key: str = "",
) -> None:
    """Add a line to the log of a run, which this transaction holds or has made."""
    if sent.made_at is not None:
        data = data | {MADE_AT: sent.made_at.isoformat()}
    line = RunEvent(
        client_id=sent.client_id or uuid4().hex,
        kind=kind.value,
        step_key=key,
        actor_id=sent.by.user_id,
        actor_name=sent.by.name,
        device_at=sent.device_at,
        server_at=clock.now(),
        data=data,
    )
    append(session, run, line)


def made_at(line: RunEvent) -> datetime:
    """When what a line tells was done: when it came, unless it waited on a device."""
    return datetime.fromisoformat(line.data[MADE_AT]) if MADE_AT in line.data else line.server_at


def refuse_ended(run: Run) -> None:
    """Raise `RunEnded` for a run that is over."""
    if run.is_ended:
        raise RunEnded(current=run)


def require_lead(run: Run, by: Viewer) -> None:
    """Raise `Forbidden` for who is not Krisledare in the run's unit."""
    if not holds(by, Permission.LEAD, run.unit_id):
        raise Forbidden("Det här gör den som är Krisledare i enheten.")


def _lock(session: Session, run: Run, by: Viewer) -> Run:
    query = select(Run).where(Run.id == run.id, is_seen_by(by)).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def _find_step(session: Session, run: Run, key: str) -> RunStep:
    query = select(RunStep).where(RunStep.run_id == run.id, RunStep.key == key)
    step = session.scalars(query.execution_options(populate_existing=True)).first()
    if step is None:
        raise NotFound
    return step


def _is_known(session: Session, run: Run, sent: Sent) -> bool:
    """Whether this change was stored before."""
    if not sent.client_id:
        return False
    query = select(RunEvent.id).where(RunEvent.run_id == run.id, RunEvent.client_id == sent.client_id)
    return session.scalar(query) is not None
