"""When something is followed up: so many days on, at the same time of day by the clock on the wall."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from kb import clock
from kb.errors import Invalid

DAY_FIELD = "day"
MORNING = time(7, 0)  # the mail of the day has come when people begin
USUAL = time(9, 0)  # of a day without a time
FARTHEST = timedelta(days=5 * 366)
_CLOCK = re.compile(r"(\d{1,2})[.:]?(\d{2})(?::\d{2})?")
_UNREAD = "Skriv dagen som 2026-12-07 och tiden som 09:00."


@dataclass(frozen=True)
class Proposal:
    """Something that is nearly always to be done so many days after a run."""

    key: str
    days: int
    when: str
    text: str


PROPOSALS = (
    Proposal("1-dag", 1, "Om 1 dag", "Ring dem som var med. Hur mår de, och vad behöver de?"),
    Proposal("3-dagar", 3, "Om 3 dagar", "Samla gruppen. Hur är läget, och vad är ännu inte gjort?"),
    Proposal("7-dagar", 7, "Om 7 dagar", "Fråga igen hur de som var med mår, och om stödet räcker."),
    Proposal("30-dagar", 30, "Om 30 dagar", "Gå igenom åtgärderna. Är de gjorda, och hjälper de?"),
    Proposal("12-veckor", 84, "Om 12 veckor", "Följ upp en sista gång. Kan stödet avslutas?"),
)


def in_days(moment: datetime, days: int) -> datetime:
    """So many days on at the same time of day, also when the clocks have been changed in between; whole minutes."""
    here = clock.local(moment).replace(second=0, microsecond=0, tzinfo=None)
    return _moment(here + timedelta(days=days))


def mail_at(due_at: datetime) -> datetime:
    """When the mail of the day is sent: in the morning, or at the time itself where that is earlier."""
    morning = datetime.combine(clock.local(due_at).date(), MORNING)
    return min(_moment(morning), due_at)


def read_due(day: str, at: str, now: datetime) -> datetime:
    """The moment (UTC) of a day and a time of day in Sweden, as forms send them.

    Raises `Invalid` for what is none, has been, or lies years ahead.
    """
    if not day.strip():
        raise Invalid(DAY_FIELD, "Välj dag.")
    try:
        found = _moment(datetime.combine(datetime.fromisoformat(day.strip()).date(), _time(at.strip())))
    except (ValueError, OverflowError) as error:
        raise Invalid(DAY_FIELD, _UNREAD) from error
    if found <= now:
        raise Invalid(DAY_FIELD, "Tiden har redan varit. Välj en som kommer.")
    if found - now > FARTHEST:
        raise Invalid(DAY_FIELD, "Dagen ligger för långt fram. Kontrollera årtalet.")
    return found


def _time(text: str) -> time:
    """A time of day as people write it: 9.00, 09:00."""
    if not text:
        return USUAL
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise ValueError("no time of day")
    return time(int(found[1]), int(found[2]))


def _moment(wall: datetime) -> datetime:
    return wall.replace(tzinfo=clock.STOCKHOLM).astimezone(UTC)
