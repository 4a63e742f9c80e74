"""Days of follow-ups: the same time of day whatever the clocks do, a mail in the morning, typed days."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import clock
from kb.errors import Invalid
from kb.runs.followups.days import FARTHEST, PROPOSALS, in_days, mail_at, read_due

NOW = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
MOMENTS = st.integers(1_577_836_800, 2_082_758_400)
ANYWHERE = MOMENTS.map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
DAYS = st.sampled_from([found.days for found in PROPOSALS])


def exists(wall: datetime) -> bool:
    """Whether the clock on the wall ever shows this: not in the hour that is left out in spring."""
    there = wall.replace(tzinfo=ZoneInfo("Europe/Stockholm"))
    return clock.local(there.astimezone(UTC)).replace(tzinfo=None) == wall


def test_the_days_are_those_that_were_agreed() -> None:
    assert [found.days for found in PROPOSALS] == [1, 3, 7, 30, 12 * 7]


@pytest.mark.parametrize(
    ("begun", "days", "hours"),
    [
        (datetime(2026, 3, 28, 13, 0, tzinfo=UTC), 1, 23),  # clocks go forward in the night
        (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), 1, 25),  # clocks go back
        (datetime(2026, 11, 30, 12, 0, tzinfo=UTC), 1, 24),
        (datetime(2026, 10, 20, 12, 0, tzinfo=UTC), 7, 7 * 24 + 1),
    ],
)
def test_a_day_on_is_the_same_time_of_day(begun: datetime, days: int, hours: int) -> None:
    assert in_days(begun, days) - begun == timedelta(hours=hours)
    assert clock.local(in_days(begun, days)).time() == clock.local(begun).time()


@given(ANYWHERE, DAYS)
def test_the_wall_shows_the_same_time_wherever_that_time_is(begun: datetime, days: int) -> None:
    wall = clock.local(begun).replace(second=0, microsecond=0, tzinfo=None) + timedelta(days=days)
    found = clock.local(in_days(begun, days)).replace(tzinfo=None)
    assert found == (wall if exists(wall) else wall + timedelta(hours=1))


@given(ANYWHERE)
def test_the_mail_comes_on_the_day_and_not_after_the_time(due_at: datetime) -> None:
    found = mail_at(due_at)
    assert found <= due_at
    assert clock.local(found).date() == clock.local(due_at).date()
    assert found == due_at or clock.local(found).time() == time(7, 0)


def test_a_day_is_read_with_and_without_a_time() -> None:
    assert read_due("2026-12-07", "", NOW) == datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
    assert read_due(" 2026-12-07 ", "13.30", NOW) == datetime(2026, 12, 7, 12, 30, tzinfo=UTC)
    assert read_due("2026-12-07", "9.05", NOW) == datetime(2026, 12, 7, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at"),
    [
        ("", ""),
        ("i morgon", ""),
        ("2026-13-01", ""),
        ("2026-12-07", "kvart i"),
        ("2026-12-07", "19121212-1212"),
        ("2026-12-07", "24:00"),
        ("2026-11-30", "06:59"),
        ("2020-01-01", ""),
        ("2099-01-01", ""),
        ("0001-01-01", "00:00"),
        ("9999-12-31", "23:59"),
        ("9" * 400, "9" * 400),
    ],
)
def test_a_day_that_will_not_do_is_refused_in_words(day: str, at: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_due(day, at, NOW)
    assert refused.value.message.endswith(".")


@given(st.text(max_size=20), st.text(max_size=10), ANYWHERE)
def test_whatever_is_typed_is_a_day_to_come_or_a_message(day: str, at: str, now: datetime) -> None:
    try:
        found = read_due(day, at, now)
    except Invalid:
        return
    assert now < found <= now + FARTHEST
