"""The job table: in the same transaction, once, again after a failure."""

import sqlite3
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError

from kb import clock
from kb.db import Database
from kb.jobs import services, worker
from kb.jobs.models import Job
from kb.jobs.outbox import MALFORMED, UNKNOWN, UnknownJob, enqueue


def test_a_job_runs_once_and_is_gone(database, registry, done, session):
    enqueue(session, "prov.gor", {"vad": 1})
    session.commit()

    assert worker.run_due(database, registry) == 1
    assert worker.run_due(database, registry) == 0
    assert done == [1]


def test_a_job_of_a_change_that_failed_does_not_exist(database, registry, done):
    def change() -> None:
        with database.transaction() as session:
            enqueue(session, "prov.gor", {"vad": 1})
            raise RuntimeError("ändringen gick inte")

    with pytest.raises(RuntimeError):
        change()

    worker.run_due(database, registry)
    assert done == []


def test_a_failing_job_is_kept_and_tried_again_later(database, registry, session, caplog):
    enqueue(session, "prov.fel")
    session.commit()

    worker.run_due(database, registry)

    session.expire_all()
    job = session.scalars(select(Job).where(Job.name == "prov.fel")).one()
    assert "ZeroDivisionError" in (job.last_error or "")
    assert job.run_at > clock.now()
    assert worker.run_due(database, registry) == 0
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        assert worker.run_due(database, registry) == 1


def test_a_leased_job_is_left_alone_until_the_lease_is_over(database, registry, session):
    enqueue(session, "prov.gor", {"vad": 1})
    session.commit()
    with database.transaction() as first:
        assert services.lease(first, "default") is not None

    with database.transaction() as second:
        assert services.lease(second, "default") is None
    with time_machine.travel(clock.now() + services.LEASE + timedelta(seconds=1), tick=False):  # noqa: SIM117
        with database.transaction() as third:
            assert services.lease(third, "default") is not None


def test_what_recurs_runs_when_it_is_due(database, registry, done):
    registry.every("prov", timedelta(hours=1), lambda: done.append("tick"))
    with time_machine.travel("2026-11-21 12:00:00+00:00", tick=False):
        worker.run_due(database, registry)
        worker.run_due(database, registry)
    with time_machine.travel("2026-11-21 13:00:01+00:00", tick=False):
        worker.run_due(database, registry)

    assert done == ["tick", "tick"]


def test_two_handlers_for_one_name_are_refused(registry):
    with pytest.raises(ValueError, match=r"prov\.gor"):
        registry.handle("prov.gor", lambda _session, _payload: None, takes={})


def test_a_queue_has_one_drain(registry):
    registry.drain("prov.ett", lambda: None, takes={}, queue="prov")

    with pytest.raises(ValueError, match="two drains"):
        registry.drain_beside("prov.annat", lambda _stop: None, takes={}, queue="prov", hinders="Inget.")


def test_a_name_that_nobody_knows_is_refused_when_it_is_asked_for(registry, session):
    with pytest.raises(UnknownJob, match=r"prov\.finns_inte"):
        enqueue(session, "prov.finns_inte")
    with pytest.raises(ValueError, match=r"prov\.gor takes \['vad'\]"):
        enqueue(session, "prov.gor", {"vad": "1"})

    assert session.scalars(select(Job)).all() == []


@pytest.mark.parametrize("queue", ["default", "mail", "en-gammal"])
def test_a_job_that_went_with_an_upgrade_is_set_aside_at_once(database, registry, done, session, queue):
    session.execute(insert_raw({"vad": 7}, clock.now(), name="prov.finns_inte", queue=queue))
    enqueue(session, "prov.gor", {"vad": 1})
    session.commit()

    worker.run_due(database, registry)

    assert done == [1]
    session.expire_all()
    job = session.scalars(select(Job)).one()
    assert (job.set_aside_at is not None, job.last_error, job.payload) == (True, UNKNOWN, {"vad": 7})


def test_a_job_that_ends_its_process_each_time_is_set_aside_in_the_end(database, registry, session):
    enqueue(session, "prov.gor", {"vad": 1})
    session.commit()
    job = session.scalars(select(Job)).one()
    start = clock.now()

    for number in range(1, services.MOST_ATTEMPTS + 2):
        with (
            time_machine.travel(start + number * (services.LEASE + timedelta(seconds=1)), tick=False),
            database.transaction() as writing,
        ):
            leased = services.lease(writing, "default")
        assert (leased is not None) == (number <= services.MOST_ATTEMPTS)

    session.expire_all()
    assert (job.attempts, job.last_error) == (services.MOST_ATTEMPTS, "Jobbet har avbrutits varje gång.")
    assert job.set_aside_at is not None


@pytest.mark.parametrize("payload", [[1], "text", None, 7, {}, {"vad": "1"}, {"vad": True}], ids=repr)
def test_a_malformed_job_is_set_aside_and_keeps_nothing_up(database, registry, done, session, payload):
    now = clock.now()
    session.execute(insert_raw(payload, now))
    enqueue(session, "prov.gor", {"vad": 1})
    session.commit()

    worker.run_due(database, registry)

    assert done == [1]
    session.expire_all()
    assert session.scalars(select(Job)).one().last_error == MALFORMED


def insert_raw(payload, now, *, name="prov.gor", queue="default"):
    """A job that `enqueue` would not take."""
    values = {"queue": queue, "name": name, "created_at": now, "run_at": now, "attempts": 0}
    return insert(Job).values(**values, payload=payload)


def test_a_row_whose_payload_is_no_json_keeps_nothing_up(database, registry, done, session):
    if database.engine.dialect.name != "sqlite":
        pytest.skip("this database checks JSON itself")
    job = enqueue(session, "prov.gor", {"vad": 0})
    session.flush()
    session.execute(text("UPDATE job SET payload = '{' WHERE id = :id"), {"id": job.id})
    enqueue(session, "prov.gor", {"vad": 1})
    session.commit()

    worker.run_due(database, registry)

    assert done == [1]


def test_a_failing_job_is_set_aside_in_the_end(database, registry, session):
    enqueue(session, "prov.fel")
    session.commit()
    job = session.scalars(select(Job)).one()

    while job.set_aside_at is None:
        with time_machine.travel(job.run_at, tick=False):
            worker.run_due(database, registry)
        session.expire_all()

    assert job.attempts == 9
    assert worker.run_due(database, registry) == 0


def test_what_somebody_wrote_is_not_kept_as_the_reason(database, registry, session):
    def quote(_session, payload):
        raise ValueError(payload["text"])

    registry.handle("prov.citat", quote, takes={"text": str})
    enqueue(session, "prov.citat", {"text": "Anna Berg är hotad"})
    session.commit()

    worker.run_due(database, registry)

    session.expire_all()
    assert session.scalars(select(Job)).one().last_error == "ValueError"


class Rounds:
    """`stop()` that says yes after some rounds, and lets no time pass between them."""

    def __init__(self, number, monkeypatch):
        self.left = number
        self.slept = []
        self.now = 1000.0
        monkeypatch.setattr("kb.jobs.trying.time.monotonic", lambda: self.now)
        monkeypatch.setattr("kb.jobs.trying.time.sleep", self.sleep)

    def sleep(self, seconds):
        self.now += seconds
        self.slept.append(seconds)

    def __call__(self):
        return self.now > 1000 + self.left


def test_without_a_database_the_worker_says_so_once_a_minute(tmp_path, registry, monkeypatch, caplog):
    gone = Database(f"sqlite:///{tmp_path}/no/such/folder.sqlite3")
    registry.drain("prov.bort", lambda: gone.peek("SELECT 1 FROM job"), takes={}, queue="prov")

    worker.work(gone, registry, stop=Rounds(600, monkeypatch))

    assert 9 <= len(caplog.records) <= 11
    assert {len(record.getMessage().splitlines()) for record in caplog.records} == {1}
    assert {record.exc_info for record in caplog.records} == {None}


def test_a_store_that_takes_nothing_is_told_once_a_minute_too(
    database, registry, session, monkeypatch, caplog
):
    enqueue(session, "prov.gor", {"vad": 1})
    session.commit()
    full = OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("database or disk is full"))

    @contextmanager
    def transaction():
        raise full
        yield

    monkeypatch.setattr(database, "transaction", transaction)
    worker.work(database, registry, stop=Rounds(600, monkeypatch))

    assert 9 <= len(caplog.records) <= 11


def test_a_drain_that_fails_rests_and_keeps_nothing_up(
    database, registry, done, session, monkeypatch, caplog
):
    tries = []
    registry.drain("prov.slut", lambda: tries.append(1 // 0), takes={}, queue="prov")
    enqueue(session, "prov.gor", {"vad": 1})
    session.commit()

    worker.work(database, registry, stop=Rounds(600, monkeypatch))

    assert done == [1]
    assert len(caplog.records) < 20


def test_the_command_runs_what_waits(app, session):
    session.execute(insert_raw({}, clock.now(), name="mail.finns_inte", queue="annan"))
    session.commit()

    result = app.test_cli_runner().invoke(args=["jobs", "work", "--once"])

    assert result.exit_code == 0
    assert "jobb kördes" in result.stderr
    session.expire_all()
    assert session.scalars(select(Job)).one().last_error == UNKNOWN


def test_a_handler_runs_in_its_surroundings(database, registry, done, session):
    @contextmanager
    def surroundings():
        done.append("in")
        yield
        done.append("out")

    registry.surroundings = surroundings
    enqueue(session, "prov.gor", {"vad": 1})
    session.commit()

    worker.run_due(database, registry)

    assert done == ["in", 1, "out"]
