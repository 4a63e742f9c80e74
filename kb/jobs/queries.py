"""Reading the jobs: what waits, what is set aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select
from sqlalchemy.orm import Session

from kb import clock
from kb.errors import NotFound
from kb.jobs.models import Job
from kb.machines import moment

STALLED = timedelta(minutes=10)  # a worker takes a job within seconds


@dataclass(frozen=True)
class Stalled:
    """Jobs of a queue that have waited for long: how many, since when, and what the last try ended with, if any."""

    queue: str
    count: int
    since: datetime
    last_error: str | None


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


def list_stalled(session: Session | Connection) -> list[Stalled]:
    """What waits for longer than it should, by queue: nobody takes it, or every try has failed so far."""
    now = clock.now()  # some minutes do not matter here
    is_left = and_(is_due(now), or_(Job.leased_until.is_(None), Job.leased_until < now))
    is_failing = and_(Job.set_aside_at.is_(None), Job.attempts > 0, Job.last_error.is_not(None))
    since = case((is_failing, Job.created_at), else_=Job.run_at)
    query = select(Job.queue, func.count(), func.min(since)).where(
        or_(is_left, is_failing), since < now - STALLED
    )
    rows = session.execute(query.group_by(Job.queue).order_by(Job.queue)).all()
    return [Stalled(queue, count, oldest, _last_error(session, queue)) for queue, count, oldest in rows]


def _last_error(session: Session | Connection, queue: str) -> str | None:
    """What the latest try in a queue ended with, of the jobs that are still tried."""
    query = select(Job.last_error).where(
        Job.queue == queue, Job.set_aside_at.is_(None), Job.attempts > 0, Job.last_error.is_not(None)
    )
    return session.scalar(query.order_by(Job.run_at.desc()).limit(1))


def count_set_aside(session: Session | Connection) -> dict[str, int]:
    """Name → how many jobs of that name are set aside, each until somebody decides."""
    query = select(Job.name, func.count()).where(Job.set_aside_at.is_not(None)).group_by(Job.name)
    return {name: count for name, count in session.execute(query.order_by(func.min(Job.id)))}
