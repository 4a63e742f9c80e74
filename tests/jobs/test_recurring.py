"""What recurs is done once over all workers."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine

from kb import clock
from kb.jobs import services as jobs
from kb.jobs import worker
from kb.jobs.outbox import Outbox


@pytest.fixture
def database(live_app):
    """A database of its own."""
    return live_app.extensions["database"]


def test_what_recurs_is_done_once_over_all_workers(database):
    done: list[str] = []
    workers = []
    for name in "ab":
        outbox = Outbox()
        outbox.every("prov.natt", timedelta(hours=24), partial(done.append, f"natt {name}"))
        outbox.every("prov.egen", timedelta(hours=24), partial(done.append, f"egen {name}"), by_each=True)
        workers.append(outbox)
    start = clock.now()

    for hours in (0, 1, 23, 25, 26):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            for outbox in workers:
                for schedule in outbox.schedules:
                    worker.recur(database, schedule)

    assert sorted(done) == ["egen a", "egen a", "egen b", "egen b", "natt a", "natt a"]


def test_what_a_killed_worker_had_begun_is_done_by_another_an_hour_later(database):
    every = timedelta(hours=24)
    with database.transaction() as session:
        assert jobs.take_turn(session, "prov.natt", every)
    with database.transaction() as session:
        assert not jobs.take_turn(session, "prov.natt", every)

    later = clock.now() + jobs.LONG_LEASE + timedelta(seconds=1)
    with time_machine.travel(later, tick=False), database.transaction() as session:
        assert jobs.take_turn(session, "prov.natt", every)
        jobs.end_turn(session, "prov.natt", every)
        assert not jobs.take_turn(session, "prov.natt", every)


def test_a_turn_that_a_wrong_clock_set_far_ahead_is_taken(database):
    every = timedelta(hours=1)
    with (
        time_machine.travel(clock.now() + timedelta(days=400), tick=False),
        database.transaction() as session,
    ):
        jobs.take_turn(session, "prov.natt", every)
        jobs.end_turn(session, "prov.natt", every)

    with database.transaction() as session:
        assert jobs.take_turn(session, "prov.natt", every)
