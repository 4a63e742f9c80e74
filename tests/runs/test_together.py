"""Two people at once, on a database that really commits: nothing is lost, nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from kb.accounts.models import User
from kb.accounts.roles import Role
from kb.accounts.viewer import Viewer
from kb.errors import Invalid
from kb.library.content.document import Kind, Section, Step
from kb.library.core.queries.reading import get_reading
from kb.runs.log.verifying import Checked, verify
from kb.runs.models import Run, RunEvent, RunStep
from kb.runs.operations import StepState
from kb.runs.queries import get_run
from kb.runs.services.changing import Sent
from kb.runs.services.operating import add_note, set_step_state
from kb.runs.services.starting import start_run
from tests.factories import make_document, make_item, make_unit, make_user, viewer_of

STEPS = 12
WRITERS = 20


@pytest.fixture
def together(live_app: Flask) -> tuple[Flask, str, list[Viewer]]:
    """An application, a run's public id, and two people of its unit."""
    steps = tuple(Step(id=f"steg-{number}", text=f"Gör sak {number}.") for number in range(STEPS))
    with live_app.extensions["database"].transaction() as session:
        unit = make_unit(session)
        users: list[User] = [make_user(session, Role.STAFF, unit=unit) for _ in range(2)]
        people = [viewer_of(session, user) for user in users]
        document = make_document("checklista", sections=(Section(title="Allt", steps=steps),))
        reading = get_reading(session, people[0], Kind.CHECKLIST, make_item(session, document).slug)
        run = start_run(session, reading, unit_id=unit.id, sent=Sent(people[0]))
        return live_app, run.public_id, people


def at_once(*works: Callable[[], None]) -> None:
    barrier = Barrier(len(works))

    def begin(work: Callable[[], None]) -> None:
        barrier.wait()
        work()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(begin, work) for work in works]:
            done.result()


def test_two_people_ticking_and_writing_lose_nothing(together):
    app, public_id, people = together
    database = app.extensions["database"]

    def work(by: Viewer) -> Callable[[], None]:
        def go() -> None:
            for number in range(STEPS):
                with database.transaction() as session:
                    run, key = get_run(session, by, public_id), f"steg-{number}"
                    set_step_state(session, run, key, StepState.DONE, sent=Sent(by))
                    add_note(session, run, key, f"Från {by.name}", sent=Sent(by))

        return go

    at_once(*(work(by) for by in people))

    with database.reading() as session:
        assert set(session.scalars(select(RunStep.state))) == {"done"}
        kinds = dict(session.execute(select(RunEvent.kind, func.count()).group_by(RunEvent.kind)).all())
        assert kinds == {"started": 1, "done": 2 * STEPS, "noted": 2 * STEPS}
        firsts = (
            select(RunEvent.step_key, func.min(RunEvent.id))
            .where(RunEvent.kind == "done")
            .group_by(RunEvent.step_key)
        )
        for key, event_id in session.execute(firsts).all():
            step = session.scalars(select(RunStep).where(RunStep.key == key)).one()
            assert step.state_by_name == session.get_one(RunEvent, event_id).actor_name


def test_one_change_sent_four_times_at_once_is_made_once(together):
    app, public_id, people = together
    database = app.extensions["database"]

    def send() -> None:
        with database.transaction() as session:
            run = get_run(session, people[0], public_id)
            set_step_state(session, run, "steg-3", StepState.DONE, sent=Sent(people[0], client_id="samma"))

    at_once(send, send, send, send)

    with database.reading() as session:
        assert session.scalar(select(func.count(RunEvent.id)).where(RunEvent.kind == "done")) == 1


def test_one_start_sent_twice_at_once_is_one_run(together):
    app, _public_id, people = together
    database = app.extensions["database"]
    with database.reading() as session:
        slug, unit_id = session.execute(select(Run.slug, Run.unit_id)).one()

    def send() -> None:
        with database.transaction() as session:
            reading = get_reading(session, people[1], Kind.CHECKLIST, slug)
            sent = Sent(people[1], client_id="samma")
            start_run(session, reading, unit_id=unit_id, sent=sent, because="Ett annat hot")

    at_once(send, send)

    with database.reading() as session:
        assert session.scalar(select(func.count(Run.id))) == 2


def test_twenty_writers_at_once_keep_one_chain(together):
    app, public_id, people = together
    database = app.extensions["database"]

    def write() -> None:
        for number in range(5):
            with database.transaction() as session:
                run = get_run(session, people[0], public_id)
                add_note(session, run, None, f"Rad {number}", sent=Sent(people[number % 2]))

    at_once(*[write] * WRITERS)

    with database.reading() as session:
        found = verify(session, public_id)
        assert isinstance(found, Checked)
        assert (found.lines, found.problems) == (1 + 5 * WRITERS, ())
        assert session.scalars(select(RunEvent.number).order_by(RunEvent.id)).all() == list(
            range(1, 2 + 5 * WRITERS)
        )


def test_of_two_who_start_the_same_at_once_one_is_led_to_the_other(together):
    app, public_id, people = together
    database = app.extensions["database"]
    with database.transaction() as session:
        run = session.scalars(select(Run).where(Run.public_id == public_id)).one()
        run.ended_at = run.started_at
        slug, unit_id = run.slug, run.unit_id
    refused = []

    def send(who: int) -> None:
        try:
            with database.transaction() as session:
                reading = get_reading(session, people[who], Kind.CHECKLIST, slug)
                start_run(session, reading, unit_id=unit_id, sent=Sent(people[who]))
        except Invalid as error:
            refused.append(error.field)

    at_once(lambda: send(0), lambda: send(1))

    assert refused == ["because"]
    with database.reading() as session:
        assert session.scalar(select(func.count(Run.id)).where(Run.ended_at.is_(None))) == 1
