"""What operations are told of jobs that wait: whether anybody takes them, and what the last try ended with."""

from datetime import timedelta

import pytest
import time_machine

from kb import clock
from kb.jobs import worker
from kb.jobs.health import NO_WORKER, TRIED, jobs_part
from kb.jobs.models import Job
from kb.jobs.outbox import DEFAULT, enqueue
from kb.jobs.queries import list_stalled

REFUSED = "SMTPAuthenticationError: (535, 'nej')"


@pytest.fixture
def told(app, session):
    """What the page about operations says is wrong, each with what to do."""
    part = jobs_part(app.extensions["jobs"])
    return lambda: [". ".join(words) for words in part.figures(session).warnings]


def send_job(session, age, **values):
    """A job of the queue `mail` that was asked for so long ago."""
    at = clock.now() - age
    job = Job(
        **{
            "queue": "mail",
            "name": "mail.send",
            "payload": {"message_id": 1},
            "created_at": at,
            "run_at": at,
            **values,
        }
    )
    session.add(job)
    session.commit()
    return job


def test_mail_that_nobody_has_tried_names_the_worker_and_the_server(told, session):
    send_job(session, timedelta(hours=1))

    [words] = told()
    assert words.startswith("1 jobb i kön mail har väntat sedan ")
    assert NO_WORKER in words
    assert "RADRUM_SMTP_URL kan vara nere" in words


def test_mail_that_the_server_refuses_says_what_it_answered_and_not_that_the_worker_is_gone(told, session):
    """Also while all of it rests until the next try."""
    soon = clock.now() + timedelta(minutes=40)
    send_job(session, timedelta(hours=2), attempts=6, last_error=REFUSED, run_at=soon)

    [words] = told()
    assert REFUSED in words
    assert NO_WORKER not in words
    assert "RADRUM_SMTP_URL kan vara nere" in words


def test_mail_behind_one_that_was_refused_is_counted_with_it(told, session):
    send_job(session, timedelta(hours=2), attempts=1, last_error=REFUSED)
    send_job(session, timedelta(hours=1))

    [words] = told()
    assert words.startswith("2 jobb i kön mail")
    assert REFUSED in words


@pytest.mark.parametrize(
    "values",
    [
        {"age": timedelta(minutes=9)},
        {"age": timedelta(minutes=9), "attempts": 1, "last_error": REFUSED},
        {"age": timedelta(hours=1), "attempts": 1, "leased_until": clock.now() + timedelta(days=999)},
        {"age": timedelta(hours=1), "run_at": clock.now() + timedelta(days=999)},
    ],
    ids=["young", "young and refused", "being done", "for later"],
)
def test_what_is_not_late_is_no_problem(told, session, values):
    send_job(session, **values)

    assert told() == []


def test_what_was_set_aside_is_told_as_that_alone(told, session):
    send_job(session, timedelta(days=4), attempts=9, last_error=REFUSED, set_aside_at=clock.now())

    [words] = told()
    assert words.startswith("1 jobb är lagt åt sidan. ")


def test_ops_check_says_the_same(live_app):
    with live_app.extensions["database"].transaction() as session:
        send_job(session, timedelta(hours=2), attempts=6, last_error=REFUSED)

    result = live_app.test_cli_runner().invoke(args=["ops", "check"])

    assert result.exit_code == 1
    assert f"{TRIED} {REFUSED}" in result.output + result.stderr


def test_a_job_that_goes_on_failing_is_told_with_its_error(database, registry, session):
    enqueue(session, "prov.fel", {})
    session.commit()
    for minutes in (0, 6, 12):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
            worker.run_due(database, registry)

    with time_machine.travel(clock.now() + timedelta(minutes=13)):
        [one] = list_stalled(session)

    assert (one.queue, one.count) == (DEFAULT, 1)
    assert one.last_error.startswith("ZeroDivisionError")
