"""The sequence of changes in the database: written with each change, followed by the index of every node.

A row says *which* item changed, never *what*: the text is read when the row is applied, so that a row may be applied
twice, or late. The numbers come from one row (`SearchSetting`) that stays locked until the transaction ends. So they
are given in the order of the commits, without gaps: who sees a number sees all below it. A sequence of PostgreSQL gives
numbers before the commit, and a reader that remembers the highest would miss what is committed later.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from kb.jobs.services import take_batch
from kb.machines import moment
from kb.search.engine.manifest import Place
from kb.search.models import SearchChange, SearchNode, SearchSetting

QUEUE = "search"  # of the jobs that earlier versions asked for
NUMBER, HISTORY = "change", "history"
AWAY = timedelta(days=7)  # changes are kept for a node that is away for so long


class Standing(Enum):
    """How an index stands to the sequence: it can follow, what it lacks was forgotten, or it is of another history."""

    FOLLOWS = "follows"
    BEHIND_ALL = "behind all"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Step:
    """The items of some changes, and where an index is that has them."""

    items: frozenset[int]
    place: Place


def note(session: Session, item_id: int) -> None:
    """Write down that an item has changed, in the caller's transaction; others that do so wait for its end."""
    session.flush()
    number = _next_number(session)
    change = SearchChange(id=number, item_id=item_id, token=secrets.token_hex(8), at=moment(session))
    session.add(change)
    session.flush()


def newest(session: Session) -> Place:
    """Where an index is that holds all that this session can see."""
    query = select(SearchChange.id, SearchChange.token).order_by(SearchChange.id.desc()).limit(1)
    last = session.execute(query).first()
    number, token = last or (_setting(session, NUMBER), "")
    return Place(_setting(session, HISTORY), number, token)


def standing(session: Session, place: Place | None) -> Standing:
    """Whether an index at `place` can follow. The place must have been read before the session looked first."""
    if place is None:
        return Standing.BEHIND_ALL
    if place.history != _setting(session, HISTORY) or place.number > _setting(session, NUMBER):
        return Standing.ELSEWHERE
    token = session.scalar(select(SearchChange.token).where(SearchChange.id == place.number))
    if token is not None:
        return Standing.FOLLOWS if token == place.token else Standing.ELSEWHERE
    oldest = session.scalar(select(func.min(SearchChange.id)))
    has_all = place.token == "" and (oldest is None or oldest == place.number + 1)
    return Standing.FOLLOWS if has_all else Standing.BEHIND_ALL


def step_after(session: Session, place: Place, limit: int) -> Step | None:
    """The next changes, at most `limit`; None when there are no more."""
    query = select(SearchChange).where(SearchChange.id > place.number).order_by(SearchChange.id).limit(limit)
    found = session.scalars(query).all()
    if not found:
        return None
    return Step(
        frozenset(change.item_id for change in found), Place(place.history, found[-1].id, found[-1].token)
    )


def list_waiting(session: Session, place: Place, item_id: int) -> Sequence[SearchChange]:
    """The changes of an item that an index at `place` does not hold yet."""
    query = select(SearchChange).where(SearchChange.id > place.number, SearchChange.item_id == item_id)
    return session.scalars(query.order_by(SearchChange.id)).all()


def waits_since(session: Session, number: int) -> datetime | None:
    """When the first change was made that an index at `number` does not hold; None when it holds all."""
    return session.scalar(select(func.min(SearchChange.at)).where(SearchChange.id > number))


def adopt(session: Session, limit: int) -> bool:
    """Write down what jobs ask for that an earlier version left, or one that still runs; False without such jobs."""
    batch = take_batch(session, QUEUE, limit)
    for payload in batch.payloads:
        note(session, payload["item"])
    batch.finish(session)
    return bool(batch)


def forget_old(session: Session) -> None:
    """Remove the changes that every node has that told of itself lately, and those older than a week.

    The newest stays: by its token a database is known that was put back.
    """
    since = moment(session) - AWAY
    last = session.scalar(select(func.max(SearchChange.id)))
    slowest = session.scalar(select(func.min(SearchNode.number)).where(SearchNode.seen_at > since))
    if last is not None:
        is_old = or_(SearchChange.id < (slowest or 0), SearchChange.at < since)
        session.execute(delete(SearchChange).where(SearchChange.id < last, is_old))


def begin_anew(session: Session) -> None:
    """The database was replaced by a backup: whatever nodes have is of another history, and of other nodes maybe."""
    last = session.scalar(select(func.max(SearchChange.id))) or 0
    session.merge(SearchSetting(name=NUMBER, value=max(last, _setting(session, NUMBER))))
    session.merge(SearchSetting(name=HISTORY, value=secrets.randbelow(2**31)))
    session.execute(delete(SearchChange))
    session.execute(delete(SearchNode))


def _setting(session: Session, name: str) -> int:
    return session.scalar(select(SearchSetting.value).where(SearchSetting.name == name)) or 0


def _next_number(session: Session) -> int:
    kind: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = kind.insert(SearchSetting).values(name=NUMBER, value=1)
    counted = first.on_conflict_do_update(
        index_elements=["name"], set_={"value": SearchSetting.value + 1}
    ).returning(SearchSetting.value)
    number: int = session.execute(counted).scalar_one()
    return number
