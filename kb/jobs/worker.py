"""Running jobs: one handler a job, each in its own transaction; the clock for what recurs."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from kb import clock
from kb.db import Database
from kb.jobs import services
from kb.jobs.trying import Beside, Outage, Stop, Tried, is_away, never, reason_of

log = logging.getLogger(__name__)
Handler = Callable[[Session, dict[str, Any]], None]
_PROBE = "SELECT max(id) FROM job"


@dataclass
class Schedule:
    """Something the worker does again and again: `action()` every `every`."""

    name: str
    action: Callable[[], None]
    every: timedelta
    due_at: datetime | None = None


@dataclass
class Registry:
    """What the worker can do.

    Handlers by job name, queues with a drain of their own, recurring actions. A drain in `slow` waits for somebody
    else's server and looks at its `stop()` in between; it has a thread of its own, so that nothing waits for it.
    """

    handlers: dict[str, Handler] = field(default_factory=dict)
    drains: dict[str, Callable[[], None]] = field(default_factory=dict)
    slow: dict[str, Callable[[Stop], None]] = field(default_factory=dict)
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
        handler = registry.handlers.get(name)
        if handler is None:
            services.set_aside(job, "Det finns inget som heter så att göra.")
            return True
    try:
        with database.transaction() as session:
            handler(session, payload)
            services.finish(session, [job_id])
    except Exception as error:
        if is_away(error):
            raise
        log.exception("job %s (%s) failed", job_id, name)
        with database.transaction() as session:
            services.fail(session, job_id, reason_of(error))
    return True


def run_due(database: Database, registry: Registry, stop: Stop = never) -> int:
    """Run everything that is due now; returns how many jobs ran."""
    for slow in registry.slow.values():
        Tried(slow)(stop)
    return _run_quick(database, registry, [Tried(drain) for drain in registry.drains.values()], stop)


def _run_quick(database: Database, registry: Registry, drains: Sequence["Tried"], stop: Stop) -> int:
    for drain in drains:
        drain()
    for schedule in registry.schedules:
        if schedule.due_at is None or schedule.due_at <= clock.now():
            Tried(schedule.action)()
            schedule.due_at = clock.now() + schedule.every
    count = 0
    while not stop() and run_one(database, registry):
        count += 1
    return count


def work(database: Database, registry: Registry, *, pause: float = 0.5, stop: Stop) -> None:
    """Run jobs until `stop()`; a database that is away for a while is waited for."""
    beside = [Beside(name, drain, stop) for name, drain in registry.slow.items()]
    drains = [Tried(drain) for drain in registry.drains.values()]
    outage = Outage(pause)
    while not stop():
        try:
            database.peek(_PROBE)
            for one in beside:
                one.go_on()
            idle = _run_quick(database, registry, drains, stop) == 0
            outage.over()
        except Exception as error:
            _wait(outage.next(error), stop)
        else:
            if idle:
                time.sleep(pause)


def _wait(seconds: float, stop: Stop) -> None:
    end = time.monotonic() + seconds
    while not stop() and time.monotonic() < end:
        time.sleep(0.2)
