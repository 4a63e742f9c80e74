"""Reading what was asked: lists for editors, weeks, the history of a query, the frequent queries."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from kb import clock
from kb.search.models import IgnoredQuery, SearchCount
from kb.search.tuning.counting import week_of
from kb.text.order import swedish_key

WEEKS = 12
SHOWN = 20
OFTEN = 5  # a query that found something so many times in twelve weeks is suggested to others
MOST_SUGGESTED = 300


@dataclass(frozen=True)
class Asked:
    """A query with its counts over some weeks."""

    query: str
    times: int
    without_hits: int
    clicks: int

    @property
    def without_click(self) -> int:
        """How many searches had hits but led to no text, at least."""
        return max(0, self.times - self.without_hits - self.clicks)


@dataclass(frozen=True)
class Week:
    """The counts of a week."""

    monday: date
    times: int
    without_hits: int
    without_click: int

    @property
    def number(self) -> int:
        """The ISO number of the week."""
        return self.monday.isocalendar().week

    @property
    def year(self) -> int:
        """The ISO year."""
        return self.monday.isocalendar().year


@dataclass(frozen=True)
class Lists:
    """What editors see of a period."""

    frequent: list[Asked]
    without_hits: list[Asked]
    without_click: list[Asked]


_TIMES = func.sum(SearchCount.times)
_WITHOUT_HITS = func.sum(SearchCount.without_hits)
_CLICKS = func.sum(SearchCount.clicks)
_WITHOUT_CLICK = _TIMES - _WITHOUT_HITS - _CLICKS


def first_week(weeks: int) -> date:
    """The Monday of the first of the last so many weeks, this one included."""
    return week_of(clock.today()) - timedelta(weeks=weeks - 1)


def get_lists(session: Session, weeks: int) -> Lists:
    """The most frequent queries of the last weeks, those without hits, those without click; no ignored ones."""
    return Lists(
        _list(session, weeks, _TIMES, _TIMES > 0),
        list_without_hits(session, weeks),
        _list(session, weeks, _WITHOUT_CLICK, _WITHOUT_CLICK > 0),
    )


def list_without_hits(session: Session, weeks: int, limit: int = SHOWN) -> list[Asked]:
    """The queries that found nothing, the most frequent first; no ignored ones."""
    return _list(session, weeks, _WITHOUT_HITS, _WITHOUT_HITS > 0, limit)


def count_without_hits(session: Session, weeks: int) -> int:
    """How many different queries found nothing; no ignored ones."""
    query = _query(weeks).having(_WITHOUT_HITS > 0)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def list_weeks(session: Session) -> list[Week]:
    """The last twelve weeks, the newest first, also those without searches."""
    no_click = SearchCount.times - SearchCount.without_hits - SearchCount.clicks
    query = (
        select(SearchCount.week_on, _TIMES, _WITHOUT_HITS, func.sum(case((no_click > 0, no_click), else_=0)))
        .where(SearchCount.week_on >= first_week(WEEKS))
        .group_by(SearchCount.week_on)
    )
    sums = {week: numbers for week, *numbers in session.execute(query)}
    newest = week_of(clock.today())
    days = [newest - timedelta(weeks=back) for back in range(WEEKS)]
    return [Week(day, *sums.get(day, [0, 0, 0])) for day in days]


def get_asked(session: Session, query: str, weeks: int = WEEKS) -> Asked:
    """One query over some weeks, ignored or not; all counts 0 when nobody asked it."""
    found = session.execute(
        select(_TIMES, _WITHOUT_HITS, _CLICKS).where(
            SearchCount.query == query, SearchCount.week_on >= first_week(weeks)
        )
    ).one()
    return Asked(query, *(number or 0 for number in found))


def is_ignored(session: Session, query: str) -> bool:
    """Whether editors do not want to see the query."""
    return session.get(IgnoredQuery, query) is not None


def list_ignored(session: Session) -> list[str]:
    """The ignored queries, by letter."""
    return sorted(session.scalars(select(IgnoredQuery.query)), key=swedish_key)


def list_frequent(session: Session, limit: int = MOST_SUGGESTED, at_least: int = OFTEN) -> list[str]:
    """The queries that often found something in the last weeks, the most frequent first; no ignored ones."""
    found_something = func.sum(SearchCount.times - SearchCount.without_hits)
    query = _query(WEEKS).having(found_something >= at_least).order_by(_TIMES.desc(), SearchCount.query)
    return [row[0] for row in session.execute(query.limit(limit))]


def _list(
    session: Session, weeks: int, order: ColumnElement[Any], having: ColumnElement[bool], limit: int = SHOWN
) -> list[Asked]:
    query = _query(weeks).having(having).order_by(order.desc(), SearchCount.query).limit(limit)
    return [Asked(*row) for row in session.execute(query)]


def _query(weeks: int) -> Select[*tuple[Any, ...]]:
    return (
        select(SearchCount.query, _TIMES, _WITHOUT_HITS, _CLICKS)
        .where(
            SearchCount.week_on >= first_week(weeks),
            SearchCount.query.not_in(select(IgnoredQuery.query)),
        )
        .group_by(SearchCount.query)
    )
