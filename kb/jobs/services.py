"""Putting jobs into the table and taking them out again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from kb import clock
from kb.jobs.models import Job

MAX_ATTEMPTS = 10
LEASE = timedelta(minutes=5)
ENQUEUED = "jobs.enqueued"


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


def pending(session: Session, queue: str, limit: int = 500) -> Sequence[Job]:
    """The jobs of `queue` whose time has come, oldest first, whether leased or not."""
    query = select(Job).where(Job.queue == queue, Job.run_at <= clock.now()).order_by(Job.id).limit(limit)
    return session.scalars(query).all()


def finish(session: Session, ids: Sequence[int]) -> None:
    """Remove jobs that are done."""
    if ids:
        session.execute(delete(Job).where(Job.id.in_(ids)))


def lease(session: Session, queue: str) -> Job | None:
    """Take the next free job of `queue` for `LEASE`; None when there is none."""
    now = clock.now()
    query = (
        select(Job)
        .where(
            Job.queue == queue,
            Job.run_at <= now,
            Job.attempts < MAX_ATTEMPTS,
            or_(Job.leased_until.is_(None), Job.leased_until < now),
        )
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job = session.scalars(query).first()
    if job is not None:
        job.leased_until = now + LEASE
        job.attempts += 1
    return job


def fail(session: Session, job_id: int, error: str) -> None:
    """Note the error and try again later, each time after a longer pause."""
    job = session.get(Job, job_id)
    if job is not None:
        job.last_error = error[:2000]
        job.leased_until = None
        job.run_at = clock.now() + timedelta(seconds=min(3600, 2**job.attempts))
