"""`flask jobs list|retry|discard`: data on standard output, words on standard error, a status that tells."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from kb import clock
from kb.jobs import services
from kb.jobs.models import Job
from kb.jobs.outbox import enqueue


@pytest.fixture
def run(app):
    """`run("list")` runs a command and gives its result."""

    def command(*words):
        return app.test_cli_runner().invoke(args=["jobs", *map(str, words)])

    return command


@pytest.fixture
def numbers(session, registry):
    """A job that waits, and one that is set aside."""
    waiting = enqueue(session, "prov.gor", {"vad": 1})
    aside = enqueue(session, "prov.fel")
    services.set_aside(aside, "Det\tgick\ninte.")
    session.commit()
    return waiting.id, aside.id


def left(session):
    """The jobs by number."""
    session.expire_all()
    return {job.id: job for job in session.scalars(select(Job))}


def test_the_list_has_a_line_for_each_job(run, numbers):
    found = run("list")

    head, waiting, aside = (line.split("\t") for line in found.stdout.splitlines())
    assert head[:3] == ["nummer", "kö", "jobb"]
    assert waiting[:4] == [str(numbers[0]), "default", "prov.gor", "väntar"]
    assert aside[3:] == ["åt sidan", "0", "", "Det gick inte."]
    assert found.exit_code == 0
    assert found.stderr == "2 jobb.\n"


def test_only_those_set_aside_can_be_listed(run, numbers):
    lines = run("list", "--set-aside").stdout.splitlines()

    assert [line.split("\t")[0] for line in lines[1:]] == [str(numbers[1])]


def test_an_empty_list_is_no_failure(run):
    found = run("list")

    assert (found.exit_code, found.stdout) == (0, "")


def test_retry_takes_a_job_up_again(run, numbers, session):
    found = run("retry", numbers[1])

    assert (found.exit_code, found.stdout) == (0, f"{numbers[1]}\n")
    assert left(session)[numbers[1]].set_aside_at is None


def test_discard_removes_a_job(run, numbers, session):
    found = run("discard", numbers[0])

    assert (found.exit_code, found.stdout) == (0, f"{numbers[0]}\n")
    assert set(left(session)) == {numbers[1]}


@pytest.mark.parametrize("word", ["retry", "discard"])
def test_all_means_those_set_aside(run, numbers, word):
    found = run(word, "--all")

    assert (found.exit_code, found.stdout) == (0, f"{numbers[1]}\n")


@pytest.mark.parametrize("word", ["retry", "discard"])
def test_a_number_that_is_none_changes_nothing(run, numbers, session, word):
    found = run(word, numbers[1], 999)

    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr == "Jobb 999 finns inte.\n"
    assert left(session)[numbers[1]].set_aside_at is not None


@pytest.mark.parametrize("words", [["retry"], ["discard"], ["retry", "1", "--all"], ["discard", "ett"]])
def test_what_is_not_clear_is_refused(run, words):
    assert run(*words).exit_code == 2


@pytest.mark.parametrize("word", ["list", "retry", "discard", "work"])
def test_each_command_explains_itself(run, word):
    found = run(word, "--help")

    assert found.exit_code == 0
    assert "jobb" in found.stdout


def test_the_list_tells_what_runs_just_now_and_a_running_job_is_left_alone(run, numbers, session):
    job = left(session)[numbers[0]]
    job.attempts, job.leased_until = 3, clock.now() + timedelta(minutes=2)
    session.commit()

    assert run("list").stdout.splitlines()[1].split("\t")[3] == "pågår"
    assert run("retry", numbers[0]).exit_code == 0
    assert left(session)[numbers[0]].attempts == 3

    with time_machine.travel(clock.now() + timedelta(minutes=3), tick=False):
        assert run("list").stdout.splitlines()[1].split("\t")[3] == "väntar"
        run("retry", numbers[0])
        assert left(session)[numbers[0]].attempts == 0
