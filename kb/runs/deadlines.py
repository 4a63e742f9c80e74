"""When a step is to be done, in words. Only deadlines that count from the start have a clock time and can be late."""

from datetime import datetime, timedelta

from kb.library.content.document import Deadline
from kb.text.wording import moment_words, span_words

MINUTE = timedelta(minutes=1)
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
