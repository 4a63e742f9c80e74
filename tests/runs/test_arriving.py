"""What was begun and done on devices without net comes in once and in order, however often and whenever it is sent."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from kb import clock
from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.library.services.publication import withdraw
from kb.runs.log.verifying import Checked, verify
from kb.runs.models import Run, RunEvent, RunStep
from kb.runs.operations import StepState
from kb.runs.services.changing import Sent
from kb.runs.services.operating import set_step_state
from tests.factories import make_user
from tests.runs.shown import words

SCRIPT = {"X-Fragment": "genomforande"}
names = itertools.count(1)


def device_id():
    return f"{next(names):032x}"


def fields(scene, run_id, made=None, **more):
    """What a phone sends to start a run that was begun there at `made`."""
    now = clock.now()
    return {
        "client_id": run_id,
        "enhetstid": (made or now).isoformat(),
        "enhetsnu": now.isoformat(),
        "checklista": scene.item.slug,
        "version": "1",
        "enhet": scene.unit.public_id,
        "slag": "skarpt",
        **more,
    }


def start(browser, scene, run_id, **more):
    return browser.post(f"/genomforanden/{run_id}/start", data=fields(scene, run_id, **more), headers=SCRIPT)


def count(session, table=Run):
    return session.scalar(select(func.count()).select_from(table))


def test_a_run_begun_on_a_phone_comes_in_once_under_its_own_name(scene, sign_in):
    browser, run_id = sign_in(scene.staff), device_id()
    made = clock.now() - timedelta(hours=2)

    answers = [start(browser, scene, run_id, made=made) for _ in range(10)]

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["Content-Location"] for answer in answers} == {f"/genomforanden/{run_id}"}
    assert count(scene.session) == 1
    run = scene.session.scalars(select(Run)).one()
    assert (run.public_id, run.unit_id) == (run_id, scene.unit.id)
    assert abs(run.started_at - made) < timedelta(seconds=5)
    assert run.event_at == run.started_at
    line = scene.session.scalars(select(RunEvent)).one()
    assert clock.now() - line.server_at < timedelta(minutes=1)
    log = words(browser.get(f"/genomforanden/{run_id}/logg"))
    assert "utan nät)" in log
    assert "gick fel" not in log


def test_a_start_whose_answer_was_lost_is_found_under_its_other_name(scene, sign_in):
    browser, run_id = sign_in(scene.staff), device_id()
    first = scene.start(client_id="formular-1")

    answer = start(browser, scene, run_id, client_id="formular-1")

    assert answer.headers["Content-Location"] == f"/genomforanden/{first.public_id}"
    assert count(scene.session) == 1


def test_a_list_that_the_unit_follows_already_is_a_question(scene, run, sign_in):
    browser, run_id = sign_in(scene.staff), device_id()

    asked = start(browser, scene, run_id)

    assert asked.status_code == 409
    assert asked.json["reason"] == "question"
    assert [row["id"] for row in asked.json["runs"]] == [run.public_id]
    assert count(scene.session) == 1

    both = start(browser, scene, run_id, anda="ja")
    assert both.headers["Content-Location"] == f"/genomforanden/{run_id}"
    assert count(scene.session) == 2


def test_an_exercise_meets_no_sharp_run(scene, run, sign_in):
    assert start(sign_in(scene.staff), scene, device_id(), slag="ovning").status_code == 200


def test_joining_leaves_one_line_however_often_it_is_sent(scene, run, sign_in):
    browser = sign_in(scene.staff)
    data = {"client_id": "ihop-1"}

    for _ in range(3):
        answer = browser.post(f"/genomforanden/{run.public_id}/ihoplagt", data=data, headers=SCRIPT)
        assert answer.headers["Content-Location"] == f"/genomforanden/{run.public_id}"

    assert words(browser.get(f"/genomforanden/{run.public_id}/logg")).count("lade ihop") == 1


@pytest.mark.parametrize("odd", ["kort", "A" * 32, "0" * 31, "../../etc", "0" * 33])
def test_a_name_that_no_device_gives_starts_nothing(scene, sign_in, odd):
    answer = start(sign_in(scene.staff), scene, odd)

    assert answer.status_code in {404, 422}
    assert count(scene.session) == 0


def test_the_name_of_a_run_of_others_starts_nothing_and_tells_nothing(scene, sign_in):
    run_id = device_id()
    assert start(sign_in(scene.staff), scene, run_id).status_code == 200
    colleague = make_user(scene.session, Role.STAFF, unit=scene.unit)

    answer = start(sign_in(colleague), scene, run_id, client_id="annat", anda="ja")

    assert answer.status_code == 409
    assert count(scene.session) == 1


def test_who_may_not_start_in_the_unit_is_told_so(scene, sign_in):
    answer = start(sign_in(scene.outsider), scene, device_id())

    assert answer.status_code in {403, 422}
    assert answer.json["message"]
    assert count(scene.session) == 0


def test_a_list_taken_away_meanwhile_is_followed_in_the_version_of_the_phone(scene, sign_in):
    browser, run_id = sign_in(scene.staff), device_id()
    withdraw(scene.session, scene.item, by=SYSTEM, reason="Fel nummer.", replacement=None)
    scene.session.commit()

    assert start(browser, scene, run_id).status_code == 200
    assert "Fel nummer." in words(browser.get(f"/genomforanden/{run_id}"))


def test_a_clock_that_is_a_year_wrong_is_said_and_counts_right(scene, sign_in):
    browser, run_id = sign_in(scene.staff), device_id()
    wrong = clock.now() - timedelta(days=365)
    clocks = {"enhetstid": (wrong - timedelta(hours=1)).isoformat(), "enhetsnu": wrong.isoformat()}

    start(browser, scene, run_id, **clocks)

    run = scene.session.scalars(select(Run)).one()
    assert abs(clock.now() - timedelta(hours=1) - run.started_at) < timedelta(minutes=1)
    assert "enhetens klocka gick fel" in words(browser.get(f"/genomforanden/{run_id}/logg"))


def test_a_clock_that_was_set_meanwhile_counts_as_sent_at_once(scene, sign_in):
    browser, run_id = sign_in(scene.staff), device_id()
    clocks = {"enhetstid": (clock.now() - timedelta(days=365)).isoformat()}

    start(browser, scene, run_id, **clocks)

    run = scene.session.scalars(select(Run)).one()
    assert clock.now() - run.started_at < timedelta(minutes=1)


def test_a_tick_that_waited_counts_from_when_it_was_made(scene, run, sign_in):
    browser = sign_in(scene.staff)
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=False):
        made, now = clock.now() - timedelta(hours=1), clock.now()
        data = {"lage": "klart", "client_id": "b", "enhetstid": made.isoformat(), "enhetsnu": now.isoformat()}
        browser.post(f"/genomforanden/{run.public_id}/steg/ring/lage", data=data, headers=SCRIPT)
    step = scene.session.scalars(select(RunStep).where(RunStep.key == "ring")).one()
    assert step.state_at == made


def test_the_page_of_the_phone_holds_the_steps_and_asks_who_it_is(scene, client):
    page = client.get(f"/utan-nat/starta/{scene.item.slug}")

    assert page.status_code == 200
    assert "Säkra den utsatta." in page.text
    assert "Set-Cookie" not in page.headers


CHANGES = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(list(StepState)), st.booleans()), min_size=1, max_size=9
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, chance=st.randoms(use_true_random=False))
def test_in_whatever_order_devices_reach_the_server_the_last_that_was_done_holds(scene, changes, chance):
    """Three people, each with a device whose own changes come in order, some of them more than once."""
    people = [scene.staff, scene.leader, *_colleague(scene)]
    run = scene.start(because="Ett annat hot.")
    begin = run.started_at
    queues: list[list[tuple[StepState, Sent]]] = [[], [], []]
    for minute, (who, state, is_twice) in enumerate(changes, start=1):
        sent = Sent(scene.viewer(people[who]), f"{who}-{minute}", made_at=begin + timedelta(minutes=minute))
        queues[who] += [(state, sent)] * (1 + is_twice)
    while any(queues):
        state, sent = chance.choice([queue for queue in queues if queue]).pop(0)
        set_step_state(scene.session, run, "ring", state, reason="Behövs inte.", sent=sent)

    step = next(step for step in run.steps if step.key == "ring")
    kinds = [state.value for state in StepState]
    lines = [line for line in _lines(scene.session, run) if line.kind in kinds]
    assert step.state == changes[-1][1]
    assert len(lines) == len(changes)
    checked = verify(scene.session, run.public_id)
    assert isinstance(checked, Checked)
    assert not checked.problems


def _colleague(scene):
    scene.colleague = getattr(scene, "colleague", None) or make_user(
        scene.session, Role.STAFF, unit=scene.unit
    )
    return [scene.colleague]


def _lines(session, run):
    return session.scalars(select(RunEvent).where(RunEvent.run_id == run.id)).all()
