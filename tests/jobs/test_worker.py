"""The job table: in the same transaction, once, again after a failure."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from kb import clock
from kb.jobs import services, worker
from kb.jobs.models import Job
from kb.jobs.worker import Registry


@pytest.fixture
def database(app):
    return app.extensions["database"]


@pytest.fixture
def done():
    return []


@pytest.fixture
def registry(done):
    registry = Registry()
    registry.handle("prov.gor", lambda _session, payload: done.append(payload["vad"]))
    registry.handle("prov.fel", lambda _session, _payload: 1 // 0)
    return registry


def test_a_job_runs_once_and_is_gone(database, registry, done, session):
    services.enqueue(session, "prov.gor", {"vad": 1})
    session.commit()

    assert worker.run_due(database, registry) == 1
    assert worker.run_due(database, registry) == 0
    assert done == [1]


def test_a_job_of_a_change_that_failed_does_not_exist(database, registry, done):
    def change() -> None:
        with database.transaction() as session:
            services.enqueue(session, "prov.gor", {"vad": 1})
            raise RuntimeError("ändringen gick inte")

    with pytest.raises(RuntimeError):
        change()

    worker.run_due(database, registry)
    assert done == []


def test_a_failing_job_is_kept_and_tried_again_later(database, registry, session, caplog):
    services.enqueue(session, "prov.fel")
    session.commit()

    worker.run_due(database, registry)

    session.expire_all()
    job = session.scalars(select(Job).where(Job.name == "prov.fel")).one()
    assert "ZeroDivisionError" in (job.last_error or "")
    assert job.run_at > clock.now()
    assert worker.run_due(database, registry) == 0
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        assert worker.run_due(database, registry) == 1


def test_a_leased_job_is_left_alone_until_the_lease_is_over(database, session):
    services.enqueue(session, "prov.gor", {"vad": 1})
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
        registry.handle("prov.gor", lambda _session, _payload: None)


def test_the_command_runs_what_waits(app, session):
    services.enqueue(session, "mail.finns_inte", queue="annan")
    session.commit()

    result = app.test_cli_runner().invoke(args=["jobs", "work", "--once"])

    assert result.exit_code == 0
    assert "jobb kördes" in result.stderr
