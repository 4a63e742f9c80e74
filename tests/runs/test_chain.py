"""The chain of a log: whatever is done by hand in the database is found, what is done in Rådrum keeps it whole."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, DateTime, Integer, delete, func, insert, select, update
from sqlalchemy.orm import Session

from kb.runs.log.chain import digest
from kb.runs.log.health import problems_of
from kb.runs.log.verifying import Checked, Disposed, verify, verify_all
from kb.runs.models import Run, RunEvent
from kb.runs.operations import StepState
from kb.runs.services.changing import Sent
from kb.runs.services.ending import dispose
from kb.runs.services.operating import add_note, set_step_state
from tests.conftest import SERVER
from tests.runs.conftest import Scene
from tests.runs.shown import end

LINE: Any = RunEvent.__table__
COLUMNS = [column.name for column in LINE.columns]


@pytest.fixture
def written(scene: Scene, run: Run) -> Run:
    """A run with six lines, and another one beside it."""
    sent = Sent(scene.viewer(scene.staff), device_at=datetime(2026, 11, 30, 8, 0, 0, 5, tzinfo=UTC))
    for text in ("Första\nraden", "Andra raden", "Åäö 🙂"):
        add_note(scene.session, run, "ring", text, sent=sent)
    set_step_state(scene.session, run, "ring", StepState.DONE, sent=sent)
    add_note(scene.session, run, None, "Sista raden", sent=sent)
    scene.start()
    scene.session.commit()
    return run


def problems(session: Session, run: Run) -> tuple[str, ...]:
    session.expire_all()
    found = verify(session, run.public_id)
    assert isinstance(found, Checked)
    return found.problems


def test_an_untouched_log_is_whole(scene: Scene, written: Run) -> None:
    found = verify(scene.session, written.public_id)

    assert isinstance(found, Checked)
    assert (found.lines, found.problems) == (6, ())
    assert re.fullmatch("[0-9a-f]{64}", found.head)
    assert [checked.problems for checked in verify_all(scene.session)] == [(), ()]


def another(value: Any, column: Any, more: str, number: int) -> object:
    """Some other value for a column."""
    kind = column.type.__class__
    if issubclass(kind, Integer | Boolean):
        return (value or 0) + number
    if "DateTime" in kind.__name__ or issubclass(kind, DateTime):
        return datetime(2001, 1, 1, tzinfo=UTC).replace(microsecond=number)
    if isinstance(value, dict):
        return value | {"text": more} if value.get("text") != more else {}
    return (more if value != more else more + "x")[:60]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.integers(0, 5),
    name=st.sampled_from([name for name in COLUMNS if name != "run_id"]),
    more=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=16),
    number=st.integers(1, 900),
)
def test_whatever_is_altered_in_any_column_is_found(
    scene: Scene, written: Run, place: int, name: str, more: str, number: int
) -> None:
    session = scene.session
    line = session.execute(select(LINE).where(LINE.c.run_id == written.id).order_by(LINE.c.number)).all()[
        place
    ]
    column = LINE.c[name]
    with session.begin_nested() as savepoint:
        value = another(line._mapping[name], column, more, number * 1000)
        if name == "actor_id":
            value = scene.leader.id if line.actor_id != scene.leader.id else None
        session.execute(update(LINE).where(LINE.c.id == line.id).values({name: value}))

        assert problems(session, written) != ()
        savepoint.rollback()
    assert problems(session, written) == ()


@pytest.mark.parametrize("column", ["data", "server_at", "kind", "actor_id"])
@pytest.mark.skipif(bool(SERVER), reason="PostgreSQL stores no value of another kind")
def test_values_that_cannot_be_read_are_found_and_stop_nothing(
    scene: Scene, written: Run, column: str
) -> None:
    connection = scene.session.connection()
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    with scene.session.begin_nested() as savepoint:
        last = scene.session.scalar(select(func.max(RunEvent.id)).where(RunEvent.run_id == written.id))
        connection.exec_driver_sql(f"UPDATE run_event SET {column} = x'ff00' WHERE id = {last}")

        assert problems(scene.session, written) != ()
        savepoint.rollback()


@pytest.mark.parametrize("value", ["x'ff00'", "'två'", "2.5", "-1e300"])
@pytest.mark.skipif(bool(SERVER), reason="PostgreSQL stores no value of another kind")
def test_numbers_that_are_none_are_found_and_stop_nothing(
    scene: Scene, written: Run, app: Flask, value: str
) -> None:
    connection = scene.session.connection()
    connection.exec_driver_sql(
        f"UPDATE run_event SET number = {value} WHERE run_id = {written.id} AND number = 3"
    )
    assert problems(scene.session, written) != ()
    more = "number || 'x'" if value.endswith("'") else "number + 0.5"
    connection.exec_driver_sql(f"UPDATE run_event SET number = {more} WHERE number IN (4, 5)")
    connection.exec_driver_sql(f"UPDATE run SET log_count = {value} WHERE id = {written.id}")
    assert problems(scene.session, written) != ()
    scene.session.commit()

    result = app.test_cli_runner().invoke(args=["runs", "verify"])

    assert (result.exit_code, result.exception.__class__) == (1, SystemExit)


@pytest.mark.parametrize("place", range(6))
def test_a_removed_line_is_found_the_last_one_too(scene: Scene, written: Run, place: int) -> None:
    doomed = select(LINE.c.id).where(LINE.c.run_id == written.id, LINE.c.number == place + 1)
    scene.session.execute(delete(LINE).where(LINE.c.id.in_(doomed)))

    assert problems(scene.session, written) != ()


def test_lines_that_are_counted_anew_after_a_removal_are_found(scene: Scene, written: Run) -> None:
    session = scene.session
    session.execute(delete(LINE).where(LINE.c.run_id == written.id, LINE.c.number == 6))
    last = session.execute(select(LINE).where(LINE.c.run_id == written.id, LINE.c.number == 5)).one()

    session.execute(update(Run).where(Run.id == written.id).values(log_count=5))
    assert problems(session, written) == ("loggen slutar inte med den rad som den ska",)
    session.execute(update(Run).where(Run.id == written.id).values(log_head=last.hash, log_count=6))
    assert problems(session, written) == ("loggen har 5 rader och ska ha 6",)


@pytest.mark.parametrize("number", [0, 4, 7])
def test_a_line_that_is_put_in_is_found_though_its_own_hash_is_right(
    scene: Scene, written: Run, number: int
) -> None:
    session, held = scene.session, LINE.c.run_id == written.id
    for later in range(6, number - 1, -1):
        session.execute(update(LINE).where(held, LINE.c.number == later).values(number=later + 1))
    copied = session.execute(select(LINE).where(held, LINE.c.actor_id == scene.staff.id)).first()
    before = session.scalar(select(LINE.c.hash).where(held, LINE.c.number == number - 1)) or ""
    newest = session.scalar(select(func.max(LINE.c.id)))
    forged = {**copied._mapping, "id": newest + 1, "number": number, "client_id": "inlagd"}
    forged["previous_hash"] = before
    forged["hash"] = digest(written.public_id, forged)
    session.execute(insert(LINE).values(forged))

    assert problems(session, written) != ()


def test_a_line_that_is_moved_to_another_run_is_missed_in_one_and_found_in_the_other(
    scene: Scene, written: Run
) -> None:
    session = scene.session
    other = session.scalars(select(Run).where(Run.id != written.id)).one()
    session.execute(
        update(LINE).where(LINE.c.run_id == written.id, LINE.c.number == 6).values(run_id=other.id)
    )

    assert problems(session, written) != ()
    assert problems(session, other) != ()


def test_the_command_says_which_row_is_wrong_and_leaves_with_1(
    scene: Scene, written: Run, app: Flask
) -> None:
    runner = app.test_cli_runner()
    whole = runner.invoke(args=["runs", "verify", written.public_id])
    scene.session.execute(
        update(LINE).where(LINE.c.run_id == written.id, LINE.c.number == 4).values(actor_name="Någon annan")
    )
    scene.session.commit()
    broken, every = (
        runner.invoke(args=["runs", "verify", written.public_id]),
        runner.invoke(args=["runs", "verify"]),
    )

    assert (whole.exit_code, broken.exit_code, every.exit_code) == (0, 1, 1)
    assert whole.stdout.splitlines()[1].split("\t") == [written.public_id, "6", written.log_head, "hel"]
    assert whole.stderr == "1 genomförande, 6 loggrader: inga har fel.\n"
    assert f"Genomförandet {written.public_id}: rad 4 är ändrad." in broken.stderr
    assert broken.stdout.splitlines()[1].endswith("\tfel")
    assert [row.split("\t")[3] for row in every.stdout.splitlines()[1:]] == ["fel", "hel"]
    assert "rad 4 är ändrad" in runner.invoke(args=["ops", "check"]).stdout


@pytest.mark.parametrize("name", ["-v_9xK2LmNoPqRst", "--x9xK2LmNoPqRst", "-hjalpKLmNoPqRst"])
def test_a_run_whose_name_begins_with_a_dash_is_looked_at_too(
    scene: Scene, written: Run, app: Flask, name: str
) -> None:
    scene.session.execute(update(Run).where(Run.id == written.id).values(public_id=name))
    scene.session.commit()

    result = app.test_cli_runner().invoke(args=["runs", "verify", name])

    assert name in result.stdout
    assert "ändrad" in result.stderr  # the name is sealed in each line


def test_a_run_that_is_nowhere_is_said(scene: Scene, app: Flask) -> None:
    found = app.test_cli_runner().invoke(args=["runs", "verify", "finns-inte"])

    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr == "Genomförandet finns-inte finns inte.\n"


def test_a_run_that_was_disposed_of_is_told_as_that_and_one_that_vanished_is_missed(
    scene: Scene, written: Run, app: Flask
) -> None:
    end(scene, written)
    public_id, head, lines = written.public_id, written.log_head, written.log_count
    dispose(scene.session, written, decision="Beslut 12/2026", by=scene.viewer(scene.administrator))
    scene.session.commit()

    found = app.test_cli_runner().invoke(args=["runs", "verify", public_id])
    assert (found.exit_code, found.stdout) == (0, "")
    for part in ("efter beslut: Beslut 12/2026", f"{lines} rader", head):
        assert part in found.stderr
    assert isinstance(verify(scene.session, public_id), Disposed)
    assert list(problems_of(scene.session)) == []

    other = scene.session.scalars(select(Run)).one()
    gone = other.public_id
    for table in ("run_event", "run_member", "run_step", "run_section", "run"):
        scene.session.connection().exec_driver_sql(f"DELETE FROM {table}")
    assert list(problems_of(scene.session)) == [
        f"Genomförandet {gone} har startats men finns inte, och är inte gallrat."
    ]
