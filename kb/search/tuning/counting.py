"""Counting what people look for, by week and query, never by person. Collected in memory, stored a batch at a time."""

import logging
import re
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kb import clock
from kb.db import Database
from kb.language.words import normalise
from kb.search.finding.query import normal_query
from kb.search.models import SearchCount
from kb.text.identity import looks_like_identity_number, looks_like_phone

log = logging.getLogger(__name__)
EVERY = 10.0  # seconds until what waits is stored …
BATCH = 50  # … or so many searches and clicks
MOST_WAITING = 500  # different queries in memory
MOST_A_WEEK = 5_000  # different queries in a week's counts: beyond them only known ones are counted
TRIES = 3
LONGEST = 100  # characters: a longer one tells about somebody rather than asks about something
MANY_DIGITS = 8
KEPT = timedelta(days=366)
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w]+(?=\d)")
_DIGITS = re.compile(r"\d+")


def may_point_out(text: str) -> bool:
    """Whether a query holds what may be an identity number, a telephone number or an e-mail address."""
    joined = _BETWEEN_DIGITS.sub("", text)
    return (
        "@" in text
        or looks_like_identity_number(text)
        or looks_like_phone(text)
        or any(len(digits) >= MANY_DIGITS for digits in _DIGITS.findall(joined))
    )


def countable(text: str) -> str:
    """The query as it is counted; empty for one that is not: too long, too short, or it may point out a person."""
    normal = normal_query(text[: 2 * LONGEST])
    if not 2 <= len(normal) <= LONGEST or len(text) > 2 * LONGEST:
        return ""
    return "" if may_point_out(normalise(text)) or may_point_out(normal) else normal


def week_of(day: date) -> date:
    """The Monday of the ISO week that a day belongs to."""
    return day - timedelta(days=day.weekday())


@dataclass
class Tally:
    """What happened with one query."""

    times: int = 0
    without_hits: int = 0
    clicks: int = 0

    def add(self, other: "Tally") -> None:
        """Count the other in."""
        self.times += other.times
        self.without_hits += other.without_hits
        self.clicks += other.clicks


Batch = dict[tuple[date, str], Tally]


class Counter:
    """Counts of one process that wait to be stored. Noting touches memory only and never fails."""

    def __init__(self, database: Database, *, in_background: bool = False) -> None:
        self._database = database
        self._in_background = in_background
        self._waiting: Batch = {}
        self._noted = 0
        self._failures = 0
        self._lock = threading.Lock()
        self._storing = threading.Lock()
        self._some = threading.Event()
        self._many = threading.Event()
        self._thread: threading.Thread | None = None

    def note_search(self, text: str, *, has_hits: bool) -> None:
        """Somebody searched."""
        self._note(text, Tally(times=1, without_hits=0 if has_hits else 1))

    def note_click(self, text: str) -> None:
        """Somebody went from the hits of this query to a text."""
        self._note(text, Tally(clicks=1))

    def flush(self) -> None:
        """Store what waits, in a transaction of its own. What cannot be stored is tried again a few times."""
        with self._storing:
            with self._lock:
                batch, self._waiting, self._noted = self._waiting, {}, 0
            if not batch:
                return
            try:
                with self._database.transaction() as session:
                    store(session, batch)
                self._failures = 0
            except (SQLAlchemyError, OSError) as error:
                log.warning("counts of searches could not be stored: %s", type(error).__name__)
                self._put_back(batch)

    def _note(self, text: str, tally: Tally) -> None:
        query = countable(text)
        if not query:
            return
        key = week_of(clock.today()), query
        with self._lock:
            if key not in self._waiting and len(self._waiting) >= MOST_WAITING:
                return
            self._waiting.setdefault(key, Tally()).add(tally)
            self._noted += 1
            if self._noted >= BATCH:
                self._many.set()
            self._start_thread()
        self._some.set()

    def _put_back(self, batch: Batch) -> None:
        self._failures += 1
        if self._failures >= TRIES:
            self._failures = 0
            return
        with self._lock:
            for key, tally in batch.items():
                self._waiting.setdefault(key, Tally()).add(tally)

    def _start_thread(self) -> None:
        """The thread that stores belongs to the process: it starts with the first search, after any fork."""
        if self._in_background and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._run, daemon=True, name="search-counts")
            self._thread.start()

    def _run(self) -> None:
        while True:
            self._some.wait()
            self._many.wait(EVERY)
            self._some.clear()
            self._many.clear()
            try:
                self.flush()
            except Exception as error:
                log.error(
                    "counting searches failed: %s", type(error).__name__
                )  # no trace: it would hold queries


def store(session: Session, batch: Mapping[tuple[date, str], Tally]) -> None:
    """Add counts to the table. New queries beyond `MOST_A_WEEK` are left out."""
    for week in sorted({week for week, _query in batch}):
        tallies = {query: tally for (day, query), tally in sorted(batch.items()) if day == week}
        for query, row in _rows(session, week, tallies).items():
            row.times += tallies[query].times
            row.without_hits += tallies[query].without_hits
            row.clicks += tallies[query].clicks
    session.flush()


def _rows(session: Session, week: date, queries: Collection[str]) -> dict[str, SearchCount]:
    """The rows of these queries in a week, locked; new ones as long as there is room."""
    known = select(SearchCount).where(SearchCount.week_on == week, SearchCount.query.in_(queries))
    rows = {row.query: row for row in session.scalars(known.order_by(SearchCount.query).with_for_update())}
    fresh = [query for query in queries if query not in rows]
    for query in fresh[: _room(session, week)] if fresh else []:
        rows[query] = SearchCount(week_on=week, query=query, times=0, without_hits=0, clicks=0)
        session.add(rows[query])
    return rows


def forget_old(session: Session) -> None:
    """Remove counts that are older than twelve months."""
    session.execute(delete(SearchCount).where(SearchCount.week_on < week_of(clock.today() - KEPT)))


def _room(session: Session, week: date) -> int:
    stored = session.scalar(select(func.count()).where(SearchCount.week_on == week)) or 0
    return max(0, MOST_A_WEEK - stored)
