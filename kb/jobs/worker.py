"""Running jobs: one handler a job, each in its own transaction; the clock for what recurs."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from kb import clock
from kb.db import Database
from kb.jobs import services

log = logging.getLogger(__name__)
Handler = Callable[[Session, dict[str, Any]], None]


@dataclass
class Schedule:
    """Something the worker does again and again: `action()` every `every`."""

    name: str
    action: Callable[[], None]
    every: timedelta
    due_at: datetime | None = None


@dataclass
class Registry:
    """What the worker can do: handlers by job name, queues with a drain of their own, recurring actions."""

    handlers: dict[str, Handler] = field(default_factory=dict)
    drains: dict[str, Callable[[], None]] = field(default_factory=dict)
    schedules: list[Schedule] = field(default_factory=list)

    def handle(self, name: str, handler: Handler) -> None:
        """Register the handler of jobs named `name`; it must be safe to run twice."""
        if name in self.handlers:
            raise ValueError(f"two handlers for {name}")
        self.handlers[name] = handler

    def every(self, name: str, every: timedelta, action: Callable[[], None]) -> None:
        """Register something that recurs."""
        self.schedules.append(Schedule(name, action, every))


def run_one(database: Database, registry: Registry, queue: str = "default") -> bool:
    """Run the next job of `queue`; False when there was none. A failing job is kept and tried again later."""
    with database.transaction() as session:
        job = services.lease(session, queue)
        if job is None:
            return False
        job_id, name, payload = job.id, job.name, dict(job.payload)
    try:
        with database.transaction() as session:
            registry.handlers[name](session, payload)
            services.finish(session, [job_id])
    except Exception as error:
        log.exception("job %s (%s) failed", job_id, name)
        with database.transaction() as session:
            services.fail(session, job_id, f"{type(error).__name__}: {error}")
    return True


def run_due(database: Database, registry: Registry) -> int:
    """Run everything that is due now; returns how many jobs ran."""
    for drain in registry.drains.values():
        _guarded(drain)
    for schedule in registry.schedules:
        if schedule.due_at is None or schedule.due_at <= clock.now():
            schedule.due_at = clock.now() + schedule.every
            _guarded(schedule.action)
    count = 0
    while run_one(database, registry):
        count += 1
    return count


def work(database: Database, registry: Registry, *, pause: float = 0.5, stop: Callable[[], bool]) -> None:
    """Run jobs until `stop()`; a database that is away for a while is waited for."""
    while not stop():
        try:
            idle = run_due(database, registry) == 0
        except Exception:
            log.exception("the worker could not reach its jobs")
            idle = True
        if idle:
            time.sleep(pause)


def _guarded(action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:
        log.exception("a recurring action failed")
