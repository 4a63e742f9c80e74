"""When steps are to be done, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from kb.runs.deadlines import deadline_at, deadline_words, late_words
from kb.text.wording import moment_words

START = datetime(2026, 11, 21, 12, 5, tzinfo=UTC)  # 13.05 in Sweden


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "Genast"),
        (60, "Senast 14.05"),
        (1440, "Senast i morgon 13.05"),
        (10080, "Senast 28 november 13.05"),
    ],
)
def test_relative_deadline_counts_from_the_start(minutes: int, words: str) -> None:
    due_at = deadline_at(START, "relativ", minutes)

    assert deadline_words(due_at, "Genast", minutes, START) == words


@pytest.mark.parametrize("sort", ["lag", "kalender", "upprepad", "fore-handelse", "ingen"])
def test_other_deadlines_keep_their_own_words_and_are_never_late(sort: str) -> None:
    due_at = deadline_at(START, sort, 5)

    assert deadline_words(due_at, "Utan dröjsmål", None, START) == "Utan dröjsmål"
    assert late_words(due_at, START + timedelta(days=9)) == ""


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(minutes=40), ""),
        (timedelta(minutes=40, seconds=59), ""),
        (timedelta(minutes=41), "Skulle vara klart 13.45, 1 minut sent"),
        (timedelta(minutes=57), "Skulle vara klart 13.45, 17 minuter sent"),
        (timedelta(hours=4), "Skulle vara klart 13.45, 3 timmar sent"),
        (timedelta(hours=24), "Skulle vara klart i går 13.45, 23 timmar sent"),
        (timedelta(days=3, hours=1), "Skulle vara klart 21 november 13.45, 3 dagar sent"),
    ],
)
def test_lateness_is_said_in_words(after: timedelta, words: str) -> None:
    due_at = deadline_at(START, "relativ", 40)

    assert late_words(due_at, START + after) == words


def test_clock_times_follow_summer_time() -> None:
    before = datetime(2026, 10, 24, 12, 5, tzinfo=UTC)

    assert moment_words(before, before) == "14.05"
    assert moment_words(before + timedelta(days=1), before) == "i morgon 13.05"


def test_what_is_kept_has_whole_dates() -> None:
    assert moment_words(START, None) == "2026-11-21 13.05"
