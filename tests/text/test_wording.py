"""Dates, times, counts and spans in Swedish words."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from kb.text.wording import (
    counted,
    full_words,
    machine_time,
    moment_words,
    span_words,
    swedish_date,
    swedish_moment,
    swedish_time,
    within_words,
)

NOON = datetime(2026, 11, 21, 11, 5, tzinfo=UTC)  # 12.05 in Sweden
MOMENTS = st.timedeltas(timedelta(days=-9999), timedelta(days=9999)).map(lambda span: NOON + span)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        ("", ""),
        (date(2026, 10, 2), "2 oktober 2026"),
        ("2026-10-02", "2 oktober 2026"),
        ("i höst", "i höst"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1 januari 2027"),
    ],
)
def test_a_day_is_written_out_as_it_is_called_in_sweden(value, words):
    assert swedish_date(value) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "i dag 12.05"),
        (-1, "i går 12.05"),
        (1, "i morgon 12.05"),
        (-2, "19 november 2026 12.05"),
        (2, "23 november 2026 12.05"),
    ],
)
def test_a_moment_near_today_is_named_by_its_day(days, words):
    with time_machine.travel(NOON, tick=False):
        assert swedish_moment(NOON + timedelta(days=days)) == words
    assert swedish_moment(None) == swedish_time(None) == ""


@given(MOMENTS, MOMENTS)
def test_only_what_is_of_the_same_day_stands_without_one(moment, now):
    words = moment_words(moment, now)

    assert words.endswith(swedish_time(moment))
    assert (" " in words) is (swedish_date(moment) != swedish_date(now))
    assert full_words(moment, now) == (words if " " in words else f"i dag {words}")


@given(MOMENTS)
def test_what_is_kept_and_what_machines_read_begins_with_the_year(moment):
    assert moment_words(moment, None)[:4].isdigit()
    assert datetime.fromisoformat(machine_time(moment)) == moment.replace(microsecond=0)
    assert date.fromisoformat(machine_time(moment.date())) == moment.date()


@given(st.integers(0, 10**6))
def test_one_is_one_and_all_else_is_many(number):
    assert counted(number, "text", "texter") == ("1 text" if number == 1 else f"{number} texter")


@given(st.timedeltas(timedelta(0), timedelta(days=4000)))
def test_a_span_is_rounded_down_to_whole_units(span):
    number, unit = span_words(span).split()
    one = {"minut": "minutes", "timm": "hours", "dag": "days"}[
        unit.removesuffix("er").removesuffix("ar").removesuffix("e")
    ]
    whole = timedelta(**{one: int(number)})

    assert whole <= span < whole + timedelta(**{one: 1})


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "Genast"),
        (15, "15 min"),
        (60, "1 timme"),
        (90, "90 min"),
        (150, "2,5 timmar"),
        (72 * 60, "72 timmar"),
        (7 * 24 * 60, "7 dagar"),
        (28 * 24 * 60, "4 veckor"),
    ],
)
def test_how_long_there_is_for_a_step_is_said_in_the_unit_people_use(minutes, words):
    assert within_words(minutes) == words


@given(st.integers(0, 10**15))
def test_no_number_of_minutes_is_too_long_for_words(minutes):
    assert within_words(minutes)
