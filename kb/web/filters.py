"""What templates need to write dates, times and numbers in Swedish."""

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from flask import Flask

from kb import clock


@lru_cache(maxsize=4096)
def _long_date(value: date) -> str:
    return format_date(value, "d MMMM y", locale="sv")


def swedish_date(value: date | datetime | str | None) -> str:
    """ "2 oktober 2026"; empty for None. ISO strings will do."""
    if not value:
        return ""
    if isinstance(value, datetime):
        return _long_date(clock.local(value).date())
    if isinstance(value, date):
        return _long_date(value)
    try:
        return _long_date(date.fromisoformat(value))
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


def machine_time(value: datetime | date) -> str:
    """ISO 8601 for `datetime` attributes and feeds."""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def counted(number: int, one: str, many: str) -> str:
    """ "1 steg", "2 berättelser"."""
    return f"{number} {one if number == 1 else many}"


def init_app(app: Flask) -> None:
    """Register the filters: datum, klockslag, nar, maskintid, antal."""
    app.jinja_env.filters.update(
        datum=swedish_date,
        klockslag=swedish_time,
        nar=swedish_moment,
        maskintid=machine_time,
        antal=counted,
    )
