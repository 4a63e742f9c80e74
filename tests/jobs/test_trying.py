"""What fails rests longer each time and is told seldom; what is slow runs beside the rest, once at a time."""

import logging
import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from kb.jobs import trying

AWAY = OperationalError("SELECT 1", {}, Exception("database is locked"))


class Clock:
    """A clock that is turned by hand."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(trying, "time", clock)
    return clock


@given(first=st.floats(0.1, 10), failures=st.integers(1, 40))
def test_pauses_grow_to_the_longest_and_begin_anew_when_it_works(first, failures):
    outage = trying.Outage(first)
    pauses = [outage.next(AWAY) for _ in range(failures)]

    assert pauses[0] == first
    assert pauses == sorted(pauses)
    assert all(pause <= trying.LONGEST_PAUSE for pause in pauses)
    outage.over()
    assert outage.next(AWAY) == first


def test_an_outage_is_told_once_a_minute_and_its_end_once(clock, caplog):
    outage = trying.Outage(0.5)
    with caplog.at_level(logging.WARNING):
        for _ in range(25):
            outage.next(AWAY)
            clock.now += 5
        outage.over()
        outage.over()

    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3 + ["WARNING"]
    assert "can use the database again" in caplog.records[-1].message


def test_what_fails_rests_up_to_a_minute_and_then_works_at_once(clock, caplog):
    done, fails = [], [True]

    def act():
        done.append(clock.now)
        if fails[0]:
            raise ZeroDivisionError

    tried = trying.Tried(act)
    for _ in range(600):
        tried()
        clock.now += 1
    rests = [later - sooner for sooner, later in pairwise(done)]
    assert rests == sorted(rests)
    assert max(rests) == trying.SAY_EVERY
    assert len(caplog.records) == len(done)

    fails[0] = False
    clock.now += trying.SAY_EVERY
    for _ in range(3):
        tried()
    assert done[-3:] == [clock.now] * 3


def test_a_database_that_is_away_is_passed_on():
    def act():
        raise AWAY

    with pytest.raises(OperationalError):
        trying.Tried(act)()


def test_what_is_done_seldom_is_done_once_an_hour_and_again_when_it_failed(clock):
    done, fails = [], [True]

    def act():
        done.append(clock.now)
        if fails[0]:
            raise ZeroDivisionError

    seldom = trying.Seldom(act)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            seldom()
    fails[0] = False
    for _ in range(4):
        seldom()
        clock.now += trying.HOUR / 2

    assert len(done) == 2 + 2


def test_a_slow_drain_runs_once_at_a_time_and_again_when_it_has_ended():
    begun, may_end, runs = threading.Semaphore(0), threading.Event(), []

    def drain(_stop):
        runs.append(threading.current_thread())
        begun.release()
        may_end.wait(60)

    beside = trying.Beside("prov", drain, trying.never)
    beside.go_on()
    assert begun.acquire(timeout=60)
    for _ in range(3):
        beside.go_on()
    assert len(runs) == 1

    may_end.set()
    runs[0].join(60)
    beside.go_on()
    assert begun.acquire(timeout=60)
    runs[1].join(60)
    assert len(runs) == 2


@pytest.mark.parametrize("error", [AWAY, ZeroDivisionError()])
def test_a_slow_drain_that_fails_ends_quietly_and_is_begun_again(error):
    runs = []

    def drain(_stop):
        runs.append(threading.current_thread())
        raise error

    beside = trying.Beside("prov", drain, trying.never)
    beside.go_on()
    runs_first = beside._thread
    runs_first.join(60)
    beside.go_on()
    beside._thread.join(60)

    assert runs[0] is runs_first
    assert len(runs) == (2 if error is AWAY else 1), "what fails by itself rests first"
