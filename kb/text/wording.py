"""Dates, times, counts and spans as Swedish words."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date

from kb import clock

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def swedish_date(value: date | datetime | str | None) -> str:
    """ "2 oktober 2026"; empty for None. ISO strings will do."""
    if not value:
        return ""
    if isinstance(value, datetime):
        return _day(clock.local(value).date())
    if isinstance(value, date):
        return _day(value)
    try:
        return _day(date.fromisoformat(value))
    except ValueError:
        return value


def swedish_time(value: datetime | None) -> str:
    """ "13.05", as the clock in Sweden shows it."""
    return clock.local(value).strftime("%H.%M") if value else ""


def swedish_moment(value: datetime | None) -> str:
    """ "i dag 13.05", "i går 09.40", else "14 november 2026 10.12"."""
    if not value:
        return ""
    days = (clock.today() - clock.local(value).date()).days
    near = {0: "i dag", 1: "i går", -1: "i morgon"}.get(days)
    return f"{near or swedish_date(value)} {swedish_time(value)}"


def moment_words(moment: datetime, now: datetime | None) -> str:
    """ "13.05" on the same day as `now`, else "i går 13.05", "i morgon 13.05" or "14 november 13.05".

    Without `now` always the whole date, for what is kept: "2026-11-14 13.05".
    """
    here = clock.local(moment)
    time = here.strftime("%H.%M")
    if now is None:
        return f"{here.date().isoformat()} {time}"
    today = clock.local(now).date()
    days = (here.date() - today).days
    if days == 0:
        return time
    near = {-1: "i går", 1: "i morgon"}.get(days)
    pattern = "d MMMM" if here.year == today.year else "d MMMM y"
    return f"{near or _day(here.date(), pattern)} {time}"


def full_words(moment: datetime, now: datetime | None) -> str:
    """As `moment_words`, but "i dag 13.05" on the same day."""
    words = moment_words(moment, now)
    return words if " " in words else f"i dag {words}"


def machine_time(value: datetime | date) -> str:
    """ISO 8601 for `datetime` attributes and feeds."""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def counted(number: int, one: str, many: str) -> str:
    """ "1 steg", "2 berättelser"."""
    return f"{number} {one if number == 1 else many}"


def shortened(text: str, most: int = 60) -> str:
    """What somebody typed, as far as it is repeated on a page: cut between two words, with an ellipsis.

    >>> shortened("en lång fråga", 10)
    'en lång …'
    """
    if len(text) <= most:
        return text
    start = text[: most - 1]
    return f"{start.rpartition(' ')[0] or start} …"


def span_words(span: timedelta) -> str:
    """ "1 minut", "17 minuter", "3 timmar", "2 dagar": whole units, rounded down."""
    if span < HOUR:
        return counted(span // MINUTE, "minut", "minuter")
    if span < 2 * DAY:
        return counted(span // HOUR, "timme", "timmar")
    return counted(span // DAY, "dag", "dagar")


def within_words(minutes: int) -> str:
    """ "Genast", "15 min", "1 timme", "72 timmar", "7 dagar", "4 veckor": how long there is for a step."""
    hour, day, week = 60, 24 * 60, 7 * 24 * 60  # numbers: any that is stored, however long
    if minutes == 0:
        return "Genast"
    if minutes % week == 0 and minutes > week:
        return f"{minutes // week} veckor"
    if minutes % day == 0 and minutes > 3 * day:
        return f"{minutes // day} dagar"
    if minutes % hour == 0:
        return counted(minutes // hour, "timme", "timmar")
    return f"{minutes} min" if minutes < 2 * hour else f"{minutes / hour:.1f} timmar".replace(".", ",")


@lru_cache(maxsize=4096)
def _day(value: date, pattern: str = "d MMMM y") -> str:
    return format_date(value, pattern, locale="sv")
