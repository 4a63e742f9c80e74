"""When a step is to be done, in words. Only deadlines that count from the start have a clock time and can be late."""

from datetime import datetime, timedelta

from babel.dates import format_date

from kb import clock
from kb.library.content.document import Deadline

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONGEST = 10 * 366 * 24 * 60


def deadline_at(started_at: datetime, sort: str, minutes: int | None) -> datetime | None:
    """The moment for a relative deadline; None for every other sort."""
    if sort != Deadline.RELATIVE or minutes is None:
        return None
    return started_at + timedelta(minutes=minutes)


def is_late(due_at: datetime | None, now: datetime) -> bool:
    """Whether at least a whole minute has passed since the moment."""
    return due_at is not None and now - due_at >= MINUTE


def deadline_words(due_at: datetime | None, own_words: str, minutes: int | None, now: datetime | None) -> str:
    """ "Senast 14.05", "Senast i morgon 13.05", "Genast"; the checklist's own words where no clock time follows."""
    if due_at is None or minutes == 0:
        return own_words
    return f"Senast {moment_words(due_at, now)}"


def late_words(due_at: datetime | None, now: datetime) -> str:
    """ "Skulle vara klart 13.45, 17 minuter sent"; empty while there is time left."""
    if due_at is None or not is_late(due_at, now):
        return ""
    return f"Skulle vara klart {moment_words(due_at, now)}, {span_words(now - due_at)} sent"


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
    return f"{near or format_date(here.date(), pattern, locale='sv')} {time}"


def full_words(moment: datetime, now: datetime | None) -> str:
    """As `moment_words`, but "i dag 13.05" on the same day."""
    words = moment_words(moment, now)
    return words if " " in words else f"i dag {words}"


def span_words(span: timedelta) -> str:
    """ "1 minut", "17 minuter", "3 timmar", "2 dagar": whole units, rounded down."""
    if span < HOUR:
        return _counted(span // MINUTE, "minut", "minuter")
    if span < 2 * DAY:
        return _counted(span // HOUR, "timme", "timmar")
    return _counted(span // DAY, "dag", "dagar")


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
