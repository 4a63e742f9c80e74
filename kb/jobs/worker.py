"""Running jobs: one handler a job, each in its own transaction; the clock for what recurs."""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from kb import clock
from kb.db import Database
from kb.jobs import services
from kb.jobs.outbox import DEFAULT, Outbox, Schedule
from kb.jobs.trying import Beside, Outage, Seldom, Stop, Tried, is_away, never, reason_of
from kb.machines import ask_clock

log = logging.getLogger(__name__)
ASK_AGAIN = timedelta(minutes=1)  # whether what one of all workers does is due
_PROBE = "SELECT max(id) FROM job"


def run_one(database: Database, outbox: Outbox) -> bool:
    """Run the next job of the default queue; False when there was none. A failing job is kept and tried again later."""
    with database.transaction() as session:
        job = services.lease(session, DEFAULT)
        if job is None:
            return False
        job_id, name, payload = job.id, job.name, dict(job.payload)
    try:
        with outbox.surroundings(), database.transaction() as session:
            outbox.handlers[name](session, payload)
            services.finish(session, [job_id])
    except Exception as error:
        if is_away(error):
            raise
        log.exception("job %s (%s) failed", job_id, name)
        with database.transaction() as session:
            services.fail(session, job_id, reason_of(error))
    return True


def sort_out(database: Database) -> None:
    """Set aside what nobody can do, in every queue, also in one that has lost its drain."""
    with database.transaction() as session:
        services.set_aside_impossible(session)


def run_due(database: Database, outbox: Outbox, stop: Stop = never) -> int:
    """Run everything that is due now; returns how many jobs ran."""
    for slow in outbox.slow.values():
        Tried(slow)(stop)
    return _run_quick(database, outbox, [Tried(drain) for drain in outbox.drains.values()], stop)


def _run_quick(database: Database, outbox: Outbox, drains: Sequence["Tried"], stop: Stop) -> int:
    for drain in drains:
        drain()
    for schedule in outbox.schedules:
        recur(database, schedule)
    count = 0
    while not stop() and run_one(database, outbox):
        count += 1
    return count


def recur(database: Database, schedule: Schedule) -> None:
    """Do what recurs if it is due; what is done once over all workers, by the one that takes it."""
    now = clock.now()
    if schedule.due_at is not None and now < schedule.due_at <= now + schedule.every:
        return
    if schedule.by_each:
        Tried(schedule.action)()
        schedule.due_at = clock.now() + schedule.every
        return
    schedule.due_at = now + min(schedule.every, ASK_AGAIN)
    with database.transaction() as session:
        is_ours = services.take_turn(session, schedule.name, schedule.every)
    if is_ours:
        Tried(schedule.action)()
        with database.transaction() as session:
            services.end_turn(session, schedule.name, schedule.every)


def work(database: Database, outbox: Outbox, *, pause: float = 0.5, stop: Stop) -> None:
    """Run jobs until `stop()`; a database that is away for a while is waited for."""
    beside = [Beside(name, drain, stop) for name, drain in outbox.slow.items()]
    drains = [Tried(drain) for drain in outbox.drains.values()]
    outage, set_clock = Outage(pause), Seldom(lambda: ask_clock(database))
    while not stop():
        try:
            database.peek(_PROBE)
            set_clock()
            for one in beside:
                one.go_on()
            idle = _run_quick(database, outbox, drains, stop) == 0
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
