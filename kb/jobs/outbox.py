"""The outbox: work is asked for by name, in the transaction of the change that needs it.

Why there is a queue at all:

1. What a change asks for (a mail, an index that follows) must happen if the change is committed, and never if it is
   not. Neither a mail server nor the files of an index take part in a transaction of the database; a row in `job` does.
2. Whoever saves waits for the database alone. A server that hangs, a full disk, an index being built hold nobody up.
3. What fails is tried again, patiently, also after a kill -9; so every handler must be safe to run twice.
4. What can never be done (an unknown name, a payload that cannot be read) is set aside with its reason and counted; it
   is neither lost nor in the way of others.
5. A capability below asks one above without importing it: the name is all they share. Search for the name, as
   `"search.index_item"`: it stands where it is asked for and where its one handler is registered.
6. A job is done once, by whichever worker of all machines takes it. What each machine has to do for itself (its index
   follows) is written down as a change that all read (`write_down`).
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from kb.db import Database
from kb.jobs.models import Job
from kb.jobs.trying import Stop
from kb.machines import moment

Payload = dict[str, Any]
Handler = Callable[[Session, Payload], None]
Write = Callable[[Session, Payload], None]
DEFAULT = "default"
MALFORMED = "Jobbets uppgifter går inte att läsa."
UNKNOWN = "Det finns inget som heter så att göra."
_OUTBOX = "jobs.outbox"
_ENQUEUED = "jobs.enqueued"


class UnknownJob(LookupError):
    """A job was asked for by a name that nobody has registered: a fault in the program."""


@dataclass(frozen=True)
class Kind:
    """All jobs of one name: the queue they wait in, and what their payload holds at least."""

    name: str
    queue: str
    takes: Mapping[str, type]

    def is_sound(self, payload: object) -> bool:
        """Whether a payload has what the handler takes."""
        return isinstance(payload, dict) and all(
            type(payload.get(key)) is expected for key, expected in self.takes.items()
        )


@dataclass
class Schedule:
    """Something that is done again and again: `action()` every `every`, by one worker of all or by `each`."""

    name: str
    action: Callable[[], None]
    every: timedelta
    by_each: bool = False
    due_at: datetime | None = None  # for this worker, of what each does


@dataclass
class Outbox:
    """What can be asked for by name and who does it, and what recurs.

    A handler runs in the default queue, one job and one transaction at a time. A drain empties a queue of its own, as
    it likes; one in `slow` waits for somebody else's server and looks at its `stop()` in between; it has a thread of
    its own, so that nothing waits for it. `hinders` says for a queue what else than a missing worker may hold it up, to
    who looks after the site. `surroundings` is entered around each handler (the application's context,
    in which it asks for addresses).
    """

    kinds: dict[str, Kind] = field(default_factory=dict)
    handlers: dict[str, Handler] = field(default_factory=dict)
    writes: dict[str, Write] = field(default_factory=dict)
    drains: dict[str, Callable[[], None]] = field(default_factory=dict)
    slow: dict[str, Callable[[Stop], None]] = field(default_factory=dict)
    at_once: dict[str, Callable[[], None]] = field(default_factory=dict)
    hinders: dict[str, str] = field(default_factory=dict)
    schedules: list[Schedule] = field(default_factory=list)
    surroundings: Callable[[], AbstractContextManager[object]] = nullcontext

    def serve(self, database: Database) -> None:
        """Be the outbox of everything that is changed in this database."""
        database.info[_OUTBOX] = self
        database.after_commit(self._after_commit)

    def handle(self, name: str, handler: Handler, *, takes: Mapping[str, type]) -> None:
        """Register the one handler of the jobs named `name`; it must be safe to run twice."""
        self._add(Kind(name, DEFAULT, takes))
        self.handlers[name] = handler

    def drain(
        self,
        name: str,
        drain: Callable[[], None],
        *,
        takes: Mapping[str, type],
        queue: str,
        at_once: Callable[[], None] | None = None,
    ) -> None:
        """Register what does the jobs named `name`, all that wait in `queue`; `at_once` after the commit that asks."""
        self._add(Kind(name, queue, takes))
        self.drains[queue] = drain
        if at_once is not None:
            self.at_once[queue] = at_once

    def write_down(self, name: str, write: Write) -> None:
        """Let `write` note what is asked for by `name`, for every machine, in the place of a row that one takes."""
        self.writes[name] = write

    def drain_beside(
        self,
        name: str,
        drain: Callable[[Stop], None],
        *,
        takes: Mapping[str, type],
        queue: str,
        hinders: str,
    ) -> None:
        """Register what does the jobs named `name`, all that wait in `queue`, in a thread of its own."""
        self._add(Kind(name, queue, takes))
        self.slow[queue] = drain
        self.hinders[queue] = hinders

    def every(
        self, name: str, every: timedelta, action: Callable[[], None], *, by_each: bool = False
    ) -> None:
        """Register something that recurs: once over all workers, or `by_each` of them, then at its start too."""
        self.schedules.append(Schedule(name, action, every, by_each))

    def hindrance(self, job: Job) -> str | None:
        """Why a stored job can never be done; None when it can."""
        kind = self.kinds.get(job.name)
        if kind is None or kind.queue != job.queue:
            return UNKNOWN
        return None if kind.is_sound(job.payload) else MALFORMED

    def _add(self, kind: Kind) -> None:
        if kind.name in self.kinds:
            raise ValueError(f"two handlers for {kind.name}")
        if kind.queue != DEFAULT and any(kind.queue == other.queue for other in self.kinds.values()):
            raise ValueError(f"two drains for the queue {kind.queue}")
        self.kinds[kind.name] = kind

    def _after_commit(self, session: Session) -> None:
        for queue in session.info.get(_ENQUEUED, ()):
            if queue in self.at_once:
                self.at_once[queue]()


def outbox_of(session: Session) -> Outbox:
    """The outbox of the database that a session reads."""
    found: Outbox = session.info[_OUTBOX]
    return found


def enqueue(
    session: Session, name: str, payload: Payload | None = None, *, asked_at: datetime | None = None
) -> Job | None:
    """Ask for the job named `name` (`capability.verb`), in the caller's transaction; its row, if it has one.

    It is tried for so long as if it had been asked for `asked_at`.

    Raises `UnknownJob` for a name without a handler and `ValueError` for a payload that its handler cannot take.
    """
    kind, payload = outbox_of(session).kinds.get(name), payload or {}
    if kind is None:
        raise UnknownJob(f"no handler is registered for the job {name!r}")
    if not kind.is_sound(payload):
        raise ValueError(f"{name} takes {sorted(kind.takes)}, not {sorted(payload)}")
    session.info.setdefault(_ENQUEUED, set()).add(kind.queue)
    if (write := outbox_of(session).writes.get(name)) is not None:
        write(session, payload)
        return None
    now = moment(session)
    job = Job(queue=kind.queue, name=name, payload=payload, created_at=asked_at or now, run_at=now)
    session.add(job)
    return job
