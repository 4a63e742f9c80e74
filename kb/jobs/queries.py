"""Reading the jobs: what waits, what is set aside."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlalchemy.orm import Session

from kb import clock
from kb.errors import NotFound
from kb.jobs.models import Job
from kb.machines import moment

STALLED = timedelta(
    minutes=10
)  # a worker takes a job within seconds; mail behind a server that is away may wait longer


def is_due(now: datetime) -> ColumnElement[bool]:
    """The condition for jobs whose time has come and that are not set aside."""
    return and_(Job.run_at <= now, Job.set_aside_at.is_(None))


def pending(session: Session, queue: str, limit: int = 500) -> Sequence[Job]:
    """The jobs of `queue` whose time has come, oldest first, whether leased or not."""
    query = select(Job).where(Job.queue == queue, is_due(moment(session))).order_by(Job.id).limit(limit)
    return session.scalars(query).all()


def get_job(session: Session, job_id: int) -> Job:
    """The job of this number. Raises `NotFound`."""
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound(f"Jobb {job_id} finns inte.")
    return job


def list_jobs(session: Session, *, set_aside_only: bool = False, queue: str | None = None) -> Sequence[Job]:
    """All jobs (of `queue`) that wait, run or are set aside, in the order in which they were asked for."""
    query = select(Job).order_by(Job.id)
    if queue is not None:
        query = query.where(Job.queue == queue)
    return session.scalars(query.where(Job.set_aside_at.is_not(None)) if set_aside_only else query).all()


def count_due(session: Session) -> int:
    """How many jobs could run now."""
    return session.scalar(select(func.count(Job.id)).where(is_due(moment(session)))) or 0


def oldest_due_at(session: Session) -> datetime | None:
    """Since when the job waits that has waited longest; None when none waits."""
    return session.scalar(select(func.min(Job.run_at)).where(is_due(moment(session))))


def stalled_since(session: Session | Connection) -> datetime | None:
    """Since when a job waits that nobody takes, as when no worker runs; None when all are taken in time."""
    now = clock.now()  # some minutes do not matter here
    is_free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    oldest = session.scalar(select(func.min(Job.run_at)).where(is_due(now), is_free))
    return oldest if oldest is not None and oldest < now - STALLED else None


def count_set_aside(session: Session | Connection) -> dict[str, int]:
    """Name → how many jobs of that name are set aside, each until somebody decides."""
    query = select(Job.name, func.count()).where(Job.set_aside_at.is_not(None)).group_by(Job.name)
    return {name: count for name, count in session.execute(query.order_by(func.min(Job.id)))}
