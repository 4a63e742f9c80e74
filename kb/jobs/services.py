"""What happens to stored jobs: taken, finished, tried again, set aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from kb import clock
from kb.db import upsert
from kb.jobs.models import Job, JobSchedule
from kb.jobs.outbox import Payload, outbox_of
from kb.jobs.queries import is_due, pending
from kb.machines import moment

LEASE = timedelta(minutes=5)
LONG_LEASE = timedelta(
    hours=1
)  # of what recurs: nobody does it meanwhile, and whoever was killed has lost it after
MOST_ATTEMPTS = 100  # of jobs that end the process each time, so that nobody can note their failure


@dataclass(frozen=True)
class Patience:
    """How a failing job is tried again: after each of the pauses (the last one goes on), for `longest` in all."""

    pauses: Sequence[timedelta]
    longest: timedelta

    def next(self, attempts: int) -> timedelta:
        """The pause after so many attempts."""
        return self.pauses[min(max(attempts, 1), len(self.pauses)) - 1]


BRIEF = Patience([timedelta(seconds=2**n) for n in range(1, 11)], timedelta(minutes=17))


def finish(session: Session, ids: Sequence[int]) -> None:
    """Remove jobs that are done."""
    if ids:
        session.execute(delete(Job).where(Job.id.in_(ids)))


def lease(session: Session, queue: str) -> Job | None:
    """Take the next free job of `queue` for `LEASE`; None when there is none. What nobody can do is set aside."""
    now, outbox = moment(session), outbox_of(session)
    query = (
        select(Job)
        .where(Job.queue == queue, is_due(now), or_(Job.leased_until.is_(None), Job.leased_until < now))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while (job := session.scalars(query).first()) is not None:
        if (hindrance := outbox.hindrance(job)) is not None:
            set_aside(job, hindrance)
        elif job.attempts >= MOST_ATTEMPTS:
            set_aside(job, "Jobbet har avbrutits varje gång.")
        else:
            job.leased_until = now + LEASE
            job.attempts += 1
            return job
        session.flush()
    return None


@dataclass(frozen=True)
class Batch:
    """Jobs of one queue that are done together: read first, finished when what they ask for is done."""

    payloads: Sequence[Payload]
    sound: Sequence[int]
    spoilt: dict[int, str]

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.sound or self.spoilt)

    def finish(self, session: Session) -> None:
        """Remove what was done; keep what nobody can do, with the reason."""
        finish(session, self.sound)
        for job in session.scalars(select(Job).where(Job.id.in_(self.spoilt))):
            set_aside(job, self.spoilt[job.id])


def take_batch(session: Session, queue: str, limit: int) -> Batch:
    """The jobs of `queue` that are due, oldest first, at most `limit`. Nothing is changed until `Batch.finish`."""
    found, outbox = pending(session, queue, limit), outbox_of(session)
    hindrances = {job.id: outbox.hindrance(job) for job in found}
    sound = [job for job in found if hindrances[job.id] is None]
    spoilt = {number: reason for number, reason in hindrances.items() if reason is not None}
    return Batch([job.payload for job in sound], [job.id for job in sound], spoilt)


def fail(session: Session, job_id: int, error: str, patience: Patience = BRIEF) -> None:
    """Note the error and try again later, each time after a longer pause, until `patience` is at its end."""
    job = session.get(Job, job_id)
    if job is None:
        return
    now = moment(session)
    job.last_error = error[:2000]
    job.leased_until = None
    job.run_at = now + patience.next(job.attempts)
    if job.run_at > job.created_at + patience.longest:
        set_aside(job, error)


def set_aside(job: Job, reason: str) -> None:
    """Do not try the job again by itself; it stays, with the reason, until somebody decides."""
    job.set_aside_at = clock.now()
    job.leased_until = None
    job.last_error = reason[:2000]


def retry(job: Job) -> None:
    """Try a job again, now and with all its patience; one that is running is left alone."""
    now = clock.now()
    if job.leased_until is None or job.leased_until < now:
        job.run_at = job.created_at = now
        job.attempts, job.leased_until, job.set_aside_at = 0, None, None


def set_aside_impossible(session: Session) -> None:
    """Set aside what waits and can never be done: names and queues that went with an upgrade, damaged payloads."""
    outbox = outbox_of(session)
    waiting = select(Job).where(Job.set_aside_at.is_(None))
    for job in session.scalars(waiting.execution_options(yield_per=500)):
        if (reason := outbox.hindrance(job)) is not None:
            set_aside(job, reason)


def take_turn(session: Session, name: str, every: timedelta) -> bool:
    """Whether what recurs is due and nobody is doing it; then it is this worker's, for `LONG_LEASE`."""
    now = moment(session)
    row = session.get(JobSchedule, name, with_for_update=True)
    if row is None:
        first = {"name": name, "due_at": now, "leased_until": None}
        upsert(session, JobSchedule, [first], unique=["name"], change={"name": name})
        row = session.get_one(JobSchedule, name, with_for_update=True)
    is_free = row.leased_until is None or not now <= row.leased_until <= now + LONG_LEASE
    if (
        not is_free or now < row.due_at <= now + every
    ):  # what lies further ahead was set by a clock that was wrong
        return False
    row.leased_until = now + LONG_LEASE
    return True


def end_turn(session: Session, name: str, every: timedelta) -> None:
    """What recurs was done, or tried, and is due again `every` from now."""
    row = session.get_one(JobSchedule, name, with_for_update=True)
    row.due_at, row.leased_until = moment(session) + every, None
