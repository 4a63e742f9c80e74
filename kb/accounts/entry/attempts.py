"""Where failed attempts are counted: in the database, or in this process while nothing can be written there."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.models import Attempt, KnownNetwork
from kb.db import upsert

NETWORK_KEPT = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Window:
    """Over how long failures are summed up, and for how long a time each row counts."""

    length: timedelta
    step: timedelta

    def start(self, now: datetime) -> datetime:
        """The beginning of the row that `now` falls into."""
        seconds = int(self.step.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)


HOUR = Window(length=timedelta(hours=1), step=timedelta(minutes=10))
DAY = Window(length=timedelta(days=1), step=timedelta(hours=1))


@dataclass(frozen=True)
class Span:
    """What was counted in one row."""

    started_at: datetime
    latest_at: datetime
    count: int


@dataclass(frozen=True)
class Tally:
    """What was counted in a window."""

    count: int
    oldest_at: datetime
    latest_at: datetime


class Counts(Protocol):
    """What the rules of `throttle` need to know and to write down."""

    def add(self, keys: Mapping[str, Window]) -> None:
        """Count one for each key."""

    def tallies(self, keys: Mapping[str, Window]) -> dict[str, Tally]:
        """What was counted for each key."""

    def give_back(self, keys: Mapping[str, Window]) -> None:
        """Take the latest one of each key back."""

    def forget(self, key: str) -> None:
        """Forget what was counted for a key."""

    def knows(self, place: str) -> bool:
        """Whether the account has signed in from this network lately."""

    def know(self, place: str) -> None:
        """Remember that the account has signed in from this network."""


class StoredCounts:
    """Counts in the database; one instance for one writing session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, keys: Mapping[str, Window]) -> None:
        """Count one for each key; the rows stay locked until the transaction ends."""
        now = clock.now()
        rows = [
            {"key_hash": key, "started_at": window.start(now), "latest_at": now, "count": 1}
            for key, window in sorted(keys.items())
        ]
        change = {"count": Attempt.count + 1, "latest_at": now}
        upsert(self._session, Attempt, rows, unique=("key_hash", "started_at"), change=change)

    def tallies(self, keys: Mapping[str, Window]) -> dict[str, Tally]:
        """What was counted for each key, in one query."""
        longest = max(window.length + window.step for window in keys.values())
        query = select(Attempt.key_hash, Attempt.started_at, Attempt.latest_at, Attempt.count).where(
            Attempt.key_hash.in_(keys), Attempt.started_at > clock.now() - longest
        )
        spans: dict[str, list[Span]] = defaultdict(list)
        for key, started_at, latest_at, count in self._session.execute(query):
            spans[key].append(Span(started_at, latest_at, count))
        return {key: _tally(spans[key], window) for key, window in keys.items()}

    def give_back(self, keys: Mapping[str, Window]) -> None:
        """Take the latest one of each key back."""
        for key in sorted(keys):
            newest = (
                select(Attempt.id)
                .where(Attempt.key_hash == key, Attempt.count > 0)
                .order_by(Attempt.started_at.desc())
                .limit(1)
            )
            fewer = update(Attempt).where(Attempt.id == newest.scalar_subquery())
            self._session.execute(
                fewer.values(count=Attempt.count - 1).execution_options(synchronize_session=False)
            )

    def forget(self, key: str) -> None:
        """Forget what was counted for a key."""
        self._session.execute(delete(Attempt).where(Attempt.key_hash == key))

    def knows(self, place: str) -> bool:
        """Whether the account has signed in from this network lately."""
        since = clock.now() - NETWORK_KEPT
        query = select(KnownNetwork.id).where(
            KnownNetwork.key_hash == place, KnownNetwork.last_used_at > since
        )
        return self._session.scalar(query) is not None

    def know(self, place: str) -> None:
        """Remember that the account has signed in from this network."""
        row = {"key_hash": place, "last_used_at": clock.now()}
        change = {"last_used_at": clock.now()}
        upsert(self._session, KnownNetwork, [row], unique=("key_hash",), change=change)


class KeptCounts:
    """Counts in this process; they are gone when it ends."""

    def __init__(self) -> None:
        self._spans: dict[str, dict[datetime, Span]] = {}
        self._places: dict[str, datetime] = {}

    def add(self, keys: Mapping[str, Window]) -> None:
        """Count one for each key."""
        now = clock.now()
        for key, window in keys.items():
            spans, start = self._spans.setdefault(key, {}), window.start(now)
            before = spans[start].count if start in spans else 0
            spans[start] = Span(start, now, before + 1)

    def tallies(self, keys: Mapping[str, Window]) -> dict[str, Tally]:
        """What was counted for each key."""
        return {key: _tally(list(self._spans.get(key, {}).values()), window) for key, window in keys.items()}

    def give_back(self, keys: Mapping[str, Window]) -> None:
        """Take the latest one of each key back."""
        for key in keys:
            spans = self._spans.get(key, {})
            newest = max((span for span in spans.values() if span.count), key=_started, default=None)
            if newest is not None:
                spans[newest.started_at] = Span(newest.started_at, newest.latest_at, newest.count - 1)

    def forget(self, key: str) -> None:
        """Forget what was counted for a key."""
        self._spans.pop(key, None)

    def knows(self, place: str) -> bool:
        """Whether the account has signed in from this network lately."""
        return place in self._places and self._places[place] > clock.now() - NETWORK_KEPT

    def know(self, place: str) -> None:
        """Remember that the account has signed in from this network."""
        self._places[place] = clock.now()

    def remove_old(self) -> None:
        """Remove what no rule looks at any more."""
        since = clock.now() - DAY.length - DAY.step
        for key, spans in list(self._spans.items()):
            alive = {start: span for start, span in spans.items() if start > since}
            if alive:
                self._spans[key] = alive
            else:
                del self._spans[key]
        self._places = {place: at for place, at in self._places.items() if at > clock.now() - NETWORK_KEPT}


def remove_old(session: Session) -> None:
    """Remove counts that no rule looks at any more, and networks that have not been used for long."""
    now = clock.now()
    session.execute(delete(Attempt).where(Attempt.started_at < now - DAY.length - DAY.step))
    session.execute(delete(KnownNetwork).where(KnownNetwork.last_used_at < now - NETWORK_KEPT))


def _tally(spans: list[Span], window: Window) -> Tally:
    now = clock.now()
    since = now - window.length - window.step  # a row counts as long as anything in it may be young enough
    counted = [span for span in spans if span.count > 0 and span.started_at > since]
    return Tally(
        sum(span.count for span in counted),
        min((span.started_at for span in counted), default=now),
        max((span.latest_at for span in counted), default=now),
    )


def _started(span: Span) -> datetime:
    return span.started_at
