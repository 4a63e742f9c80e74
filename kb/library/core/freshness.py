"""How far to trust a text: who reviewed it and when, what it was checked against, when it is due again."""

import calendar
from dataclasses import dataclass
from datetime import date

from kb.library.core.models.items import ContentItem


@dataclass(frozen=True)
class Freshness:
    """`reviewed_by` and `reviewed_on` only when a person here did it; `due_on` the next review; `is_late` today."""

    reviewed_by: str | None
    reviewed_on: date | None
    checked_on: date | None
    due_on: date | None
    is_late: bool

    @property
    def newest_on(self) -> date | None:
        """The later of review and check, for sorting and for lists."""
        days = [day for day in (self.reviewed_on, self.checked_on) if day]
        return max(days) if days else None


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last of the month where that day does not exist."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due_day(start: date | None, months: int, valid_to: date | None) -> date | None:
    """When a text is to be reviewed again: so long after `start`, and no later than the day it is valid to."""
    days = [add_months(start, months)] if start else []
    return min([*days, valid_to] if valid_to else days, default=None)


def freshness(item: ContentItem, today: date) -> Freshness:
    """What can honestly be said of `item` on `today`."""
    reviewed = item.reviewed_on if item.reviewed_by_name else None
    start = reviewed or item.checked_on
    due = due_day(start, item.review_interval_months, item.valid_to)
    return Freshness(
        reviewed_by=item.reviewed_by_name if reviewed else None,
        reviewed_on=reviewed,
        checked_on=item.checked_on,
        due_on=due,
        is_late=due is not None and due < today,
    )
