"""The one source of time, and of what Swedish readers call today."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """The present moment, timezone-aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """`moment` as the clock on the wall in Sweden shows it."""
    return moment.astimezone(STOCKHOLM)


def today() -> date:
    """Today's date in Sweden."""
    return local(now()).date()
