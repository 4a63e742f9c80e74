"""Days that cannot be: checked or fetched on a day to come, an end before the start, a year that nobody means."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from kb import clock
from kb.errors import Invalid
from kb.text.wording import swedish_date

YEARS = range(1900, 2101)


class Wrong(NamedTuple):
    """A field of the form, as `sources-0-fetched`, and what is wrong with its day."""

    field: str
    message: str


def wrong_days(values: Mapping[str, Any], today: date | None = None) -> Iterator[Wrong]:
    """What is wrong with the days of a document, or of what was typed in its form; what is no date is passed over."""
    today = today or clock.today()
    yield from _past("checked_on", values.get("checked_on"), today, "Ingen kan ha kontrollerat texten")
    for number, source in enumerate(values.get("sources") or ()):
        yield from _past(
            f"sources-{number}-fetched", source.get("fetched"), today, "Ingen kan ha hämtat källan"
        )
    for number, law in enumerate(values.get("provisions") or ()):
        name = f"provisions-{number}"
        yield from _past(
            f"{name}-checked_on", law.get("checked_on"), today, "Ingen kan ha kontrollerat lagrummet"
        )
        yield from _in_order(name, law.get("in_force_from"), law.get("in_force_to"), "in_force_")
    yield from _in_order("", values.get("valid_from"), values.get("valid_to"), "valid_")


def check_days(values: Mapping[str, Any]) -> None:
    """Raise `Invalid` for the first wrong day."""
    for wrong in wrong_days(values):
        raise Invalid(*wrong)


def _past(name: str, value: Any, today: date, nobody: str) -> Iterator[Wrong]:
    yield from _year(name, value)
    day = _day(value)
    if day is not None and today < day and day.year in YEARS:
        yield Wrong(name, f"{nobody} {swedish_date(day)}: den dagen har inte kommit än.")


def _in_order(part: str, first: Any, last: Any, prefix: str) -> Iterator[Wrong]:
    start, end = (f"{part}-{prefix}{side}".removeprefix("-") for side in ("from", "to"))
    yield from _year(start, first)
    yield from _year(end, last)
    begins, ends = _day(first), _day(last)
    if begins is not None and ends is not None and ends < begins:
        yield Wrong(end, f"Gäller till: {swedish_date(ends)} ligger före den första dagen.")


def _year(name: str, value: Any) -> Iterator[Wrong]:
    day = _day(value)
    if day is not None and day.year not in YEARS:
        yield Wrong(name, f"Kontrollera årtalet: {day.year:04d}.")


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        return None
