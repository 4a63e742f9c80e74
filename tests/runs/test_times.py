"""Times are counted from what happened: as people write it, corrected with a trace, and counted anew everywhere."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kb import clock
from kb.accounts.roles import Role
from kb.errors import Invalid
from kb.runs.deadlines import AHEAD, OLDEST, read_event_time, read_later_time
from kb.runs.models import Run
from kb.runs.operations import StepState, Times, is_step_late
from kb.runs.services.changing import RunEnded, Sent
from kb.runs.services.operating import retime
from tests.factories import make_user
from tests.runs.conftest import Scene
from tests.runs.shown import end, page, run_path, words

NOW = datetime(2026, 11, 30, 6, 0, 20, tzinfo=UTC)  # 07.00 in Sweden

MOMENTS = st.integers(1_577_836_800, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("", None),
        ("  ", None),
        ("2026-11-30T02:15", datetime(2026, 11, 30, 1, 15, tzinfo=UTC)),
        ("2026-11-30 02.15", datetime(2026, 11, 30, 1, 15, tzinfo=UTC)),
        ("2026-11-29T23:50:00", datetime(2026, 11, 29, 22, 50, tzinfo=UTC)),
        ("02.15", datetime(2026, 11, 30, 1, 15, tzinfo=UTC)),
        ("kl. 2:15", datetime(2026, 11, 30, 1, 15, tzinfo=UTC)),
        ("0215", datetime(2026, 11, 30, 1, 15, tzinfo=UTC)),
        ("23.50", datetime(2026, 11, 29, 22, 50, tzinfo=UTC)),
        ("07.02", NOW),
        (
            "2026-10-25T02:30",
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),  # the hour that came twice: the first
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, moment: datetime | None) -> None:
    assert read_event_time(typed, NOW) == moment


@pytest.mark.parametrize(
    "typed",
    [
        "i natt",
        "25.00",
        "2026-13-01T10:00",
        "2026-11-30",
        "2026-11-30T08:00",
        "2026-08-01T10:00",
        "0001-01-01 00:00",
        "²²:¼",
        "9" * 500,
    ],
)
def test_what_is_no_time_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_event_time(typed, NOW)
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize("typed", ["0001-01-01 00:00", "9999-12-31 23:59", "i natt", "2026-11-01 10:00"])
def test_what_is_no_time_to_come_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_later_time(typed, NOW)
    assert refused.value.message.endswith(".")


@given(st.integers(3, 23), st.integers(0, 59), MOMENTS)
@settings(max_examples=200, deadline=None)
@example(22, 0, datetime(2027, 3, 27, 22, 0, tzinfo=UTC))
@example(22, 0, datetime(2026, 10, 24, 21, 0, tzinfo=UTC))
def test_a_time_of_day_to_come_is_that_on_the_wall(hour: int, minute: int, now: datetime) -> None:
    moment = read_later_time(f"{hour:02}:{minute:02}", now)
    assert moment is not None
    assert now < moment <= now + timedelta(hours=25, minutes=5)
    here = clock.local(moment)
    assert (here.hour, here.minute) == (hour, minute)


@given(st.text(max_size=30), MOMENTS)
@settings(max_examples=200, deadline=None)
def test_whatever_is_typed_gives_a_moment_that_has_been_or_a_message(typed: str, now: datetime) -> None:
    try:
        moment = read_event_time(typed, now)
    except Invalid:
        return
    assert moment is None or now - OLDEST <= moment <= now


@given(
    st.integers(0, 23),
    st.integers(0, 59),
    MOMENTS,
)
@settings(max_examples=200, deadline=None)
def test_a_time_of_day_is_within_the_last_day(hour: int, minute: int, now: datetime) -> None:
    moment = read_event_time(f"{hour:02}:{minute:02}", now)
    assert moment is not None
    assert now - timedelta(hours=25) <= moment <= now + AHEAD


def test_deadlines_count_from_what_happened(scene: Scene) -> None:
    run = scene.start(event_at=clock.now() - timedelta(hours=3))
    ring = next(step for step in run.steps if step.key == "ring")
    assert ring.minutes
    assert is_step_late(ring, run.times, clock.now())


@pytest.mark.parametrize("before", [timedelta(0), timedelta(minutes=40), timedelta(days=1)])
def test_at_once_is_not_late_before_a_quarter_of_an_hour(before: timedelta) -> None:
    class AtOnce:
        state, deadline_sort, minutes = StepState.OPEN, "relativ", 0

    times = Times(NOW - before, NOW)
    assert not any(is_step_late(AtOnce(), times, NOW + timedelta(minutes=m)) for m in range(15))
    assert is_step_late(AtOnce(), times, NOW + timedelta(minutes=16))


def test_the_form_takes_the_time_and_the_pages_count_from_it(scene: Scene, sign_in) -> None:
    with time_machine.travel(NOW, tick=False):
        browser = sign_in(scene.staff)
        answer = browser.post(
            "/genomforanden",
            data={
                "checklista": scene.item.slug,
                "enhet": scene.unit.public_id,
                "slag": "skarpt",
                "nar": "02.15",
            },
        )
        assert answer.status_code == 303
        shown = browser.get(answer.location)
        assert "Hände i dag 02.15" in words(shown)
        assert "Startad i dag 07.00" in words(shown)
        assert "sent" in page(shown).select_one("#steg-ring").text
        record = words(browser.get(f"{answer.location}/protokoll"))
        assert "2026-11-30 02.15" in record
        assert "Tiderna räknas från 2026-11-30 02.15" in record


@pytest.mark.parametrize("typed", ["i natt", "2031-01-01T10:00", "x" * 5000])
def test_a_time_that_will_not_do_is_kept_with_the_reason(scene: Scene, sign_in, typed: str) -> None:
    answer = sign_in(scene.staff).post(
        "/genomforanden",
        data={"checklista": scene.item.slug, "enhet": scene.unit.public_id, "slag": "skarpt", "nar": typed},
    )
    assert answer.status_code == 422
    assert page(answer).select_one("[name=nar]")["value"] == typed
    assert page(answer).select_one(".field__error") is not None


def test_a_corrected_time_leaves_a_trace_and_counts_anew(scene: Scene, run: Run, sign_in) -> None:
    browser, path = sign_in(scene.staff), f"{run_path(run)}/tid"
    tag = browser.get(f"{run_path(run)}/fragment").headers["ETag"]
    before = clock.local(clock.now() - timedelta(hours=2))
    form = {"nar": before.strftime("%Y-%m-%dT%H:%M"), "orsak": "Vi fick veta det tidigare."}

    assert str(page(browser.get(path)).select_one("[name=nar]")["value"]).startswith("20")
    assert browser.post(path, data={**form, "orsak": ""}).status_code == 422
    assert browser.post(path, data={**form, "nar": ""}).status_code == 422
    assert browser.get(f"{run_path(run)}/fragment", headers={"If-None-Match": tag}).status_code == 304
    assert browser.post(path, data={**form, "client_id": "en"}).status_code == 303
    assert browser.post(path, data={**form, "client_id": "en"}).status_code == 303

    shown = browser.get(run_path(run))
    assert "sent" in page(shown).select_one("#steg-ring").text
    said = words(browser.get(f"{run_path(run)}/logg"))
    assert said.count("tiderna räknas från") == 1
    assert "Vi fick veta det tidigare." in said
    assert browser.get(f"{run_path(run)}/fragment", headers={"If-None-Match": tag}).status_code == 200


def test_an_ended_run_keeps_its_time(scene: Scene, run: Run, sign_in) -> None:
    end(scene, run)
    was = run.event_at
    with pytest.raises(RunEnded):
        retime(scene.session, run, "02.15", reason="Fel.", sent=Sent(scene.viewer(scene.leader)))
    assert run.event_at == was
    assert sign_in(scene.staff).get(f"{run_path(run)}/tid").status_code == 409


def test_others_reach_no_time(scene: Scene, run: Run, sign_in) -> None:
    for user in (scene.outsider, make_user(scene.session, Role.STAFF)):
        browser = sign_in(user)
        assert browser.get(f"{run_path(run)}/tid").status_code == 404
        assert browser.post(f"{run_path(run)}/tid", data={"nar": "02.15", "orsak": "x"}).status_code == 404
