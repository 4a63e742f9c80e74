"""When it happened, as people write it, and when a step is to be done, in words.

Only deadlines that count from what happened have a clock time and can be late.
"""

import re
from datetime import UTC, datetime, timedelta

from kb import clock
from kb.errors import Invalid
from kb.library.content.document import Deadline
from kb.text.wording import moment_words, span_words

MINUTE = timedelta(minutes=1)
LONGEST = 10 * 366 * 24 * 60
FIELD, LATER = "event_at", "review_at"
OLDEST = timedelta(days=90)
AHEAD = timedelta(minutes=5)  # the clock of a telephone may be so fast
_WHOLE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[T ]+(?:kl\.? ?)?(\d{1,2})[.:](\d{2})(?::\d{2})?")
_CLOCK = re.compile(r"(?:kl\.? ?)?(\d{1,2})[.:]?(\d{2})")


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


def read_event_time(words: str, now: datetime) -> datetime | None:
    """A moment (UTC) from a date and time of day in Sweden, or a time of day: the latest such moment; None for nothing.

    Raises `Invalid` for what is no time, lies ahead, or is more than 90 days ago.
    """
    words = words.strip()
    if not words:
        return None
    moment = _read(words, now)
    if moment is None:
        raise Invalid(
            FIELD, "Skriv dag och klockslag, till exempel 2026-11-30 02:15, eller bara klockslaget."
        )
    if moment > now + AHEAD:
        raise Invalid(FIELD, "Tiden har inte varit än. Skriv när det hände eller när ni fick veta.")
    if now - moment > OLDEST:
        raise Invalid(FIELD, f"Tiden är mer än {OLDEST.days} dagar bort. Kontrollera datumet.")
    return min(moment, now)


def read_later_time(words: str, now: datetime) -> datetime | None:
    """A moment (UTC) that lies ahead, from a date and time of day or a time of day: the next such; None for nothing.

    Raises `Invalid` for what is no time, has been, or is more than ten years away.
    """
    words = words.strip()
    if not words:
        return None
    moment = _read(words, now)
    if moment is None:
        raise Invalid(
            LATER, "Skriv dag och klockslag, till exempel 2026-11-30 14:15, eller bara klockslaget."
        )
    if moment <= now and _CLOCK.fullmatch(words):
        moment = (clock.local(moment) + timedelta(days=1)).astimezone(UTC)  # by the clock on the wall
    if moment <= now:
        raise Invalid(LATER, "Tiden har redan varit. Skriv när det ska ses över.")
    if moment - now > timedelta(minutes=LONGEST):
        raise Invalid(LATER, "Tiden är mer än tio år bort. Kontrollera datumet.")
    return moment


def field_time(stored: str) -> str:
    """A stored moment (ISO 8601) as a field for date and time holds it, in Sweden; nothing for nothing."""
    return clock.local(datetime.fromisoformat(stored)).strftime("%Y-%m-%dT%H:%M") if stored else ""


def _read(words: str, now: datetime) -> datetime | None:
    try:
        if whole := _WHOLE.fullmatch(words):
            year, month, day, hour, minute = map(int, whole.groups())
            return datetime(year, month, day, hour, minute, tzinfo=clock.STOCKHOLM).astimezone(UTC)
        if part := _CLOCK.fullmatch(words):
            hour, minute = map(int, part.groups())
            return _latest(hour, minute, now)
    except (ValueError, OverflowError):  # the latter of the first day of all, which is none in UTC
        pass
    return None


def _latest(hour: int, minute: int, now: datetime) -> datetime:
    """The latest moment when the clock on the wall showed this."""
    here = clock.local(now)
    found = here.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    if found.astimezone(UTC) > now + AHEAD:
        found -= timedelta(days=1)
    return found.astimezone(UTC)
