"""Putting jobs into the table and taking them out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from kb import clock
from kb.errors import NotFound
from kb.jobs.models import Job

LEASE = timedelta(minutes=5)
ENQUEUED = "jobs.enqueued"
MOST_ATTEMPTS = 100  # of jobs that end the process each time, so that nobody can note their failure
MALFORMED = "Jobbets uppgifter går inte att läsa."


@dataclass(frozen=True)
class Patience:
    """How a failing job is tried again: after each of the pauses (the last one goes on), for `longest` in all."""

    pauses: Sequence[timedelta]
    longest: timedelta

    def next(self, attempts: int) -> timedelta:
        """The pause after so many attempts."""
        return self.pauses[min(max(attempts, 1), len(self.pauses)) - 1]


BRIEF = Patience([timedelta(seconds=2**n) for n in range(1, 11)], timedelta(minutes=17))


def enqueue(
    session: Session,
    name: str,
    payload: dict[str, Any] | None = None,
    *,
    queue: str = "default",
    run_at: datetime | None = None,
) -> Job:
    """Store a job named `capability.verb` in the caller's transaction; hooks see its queue in `session.info`."""
    now = clock.now()
    job = Job(queue=queue, name=name, payload=payload or {}, created_at=now, run_at=run_at or now)
    session.add(job)
    session.info.setdefault(ENQUEUED, set()).add(queue)
    return job


def is_due() -> ColumnElement[bool]:
    """The condition for jobs whose time has come and that are not set aside."""
    return and_(Job.run_at <= clock.now(), Job.set_aside_at.is_(None))


def pending(session: Session, queue: str, limit: int = 500) -> Sequence[Job]:
    """The jobs of `queue` whose time has come, oldest first, whether leased or not."""
    query = select(Job).where(Job.queue == queue, is_due()).order_by(Job.id).limit(limit)
    return session.scalars(query).all()


def finish(session: Session, ids: Sequence[int]) -> None:
    """Remove jobs that are done."""
    if ids:
        session.execute(delete(Job).where(Job.id.in_(ids)))


def lease(session: Session, queue: str) -> Job | None:
    """Take the next free job of `queue` for `LEASE`; None when there is none. Spoilt ones are set aside."""
    now = clock.now()
    query = (
        select(Job)
        .where(Job.queue == queue, is_due(), or_(Job.leased_until.is_(None), Job.leased_until < now))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while (job := session.scalars(query).first()) is not None:
        if job.payload is None:
            set_aside(job, MALFORMED)
        elif job.attempts >= MOST_ATTEMPTS:
            set_aside(job, "Jobbet har avbrutits varje gång.")
        else:
            job.leased_until = now + LEASE
            job.attempts += 1
            return job
        session.flush()
    return None


def fail(session: Session, job_id: int, error: str, patience: Patience = BRIEF) -> None:
    """Note the error and try again later, each time after a longer pause, until `patience` is at its end."""
    job = session.get(Job, job_id)
    if job is None:
        return
    now = clock.now()
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


def get_job(session: Session, job_id: int) -> Job:
    """The job of this number. Raises `NotFound`."""
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound(f"Jobb {job_id} finns inte.")
    return job


def list_jobs(session: Session, *, set_aside_only: bool = False) -> Sequence[Job]:
    """All jobs that wait, run or are set aside, in the order in which they were asked for."""
    query = select(Job).order_by(Job.id)
    return session.scalars(query.where(Job.set_aside_at.is_not(None)) if set_aside_only else query).all()
