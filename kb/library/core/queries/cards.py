"""Texts in lists: every query takes the viewer and shows only what that viewer may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.library.content.document import shown_title
from kb.library.core.facets import Facet
from kb.library.core.freshness import Freshness, due_day
from kb.library.core.models.items import ContentItem, ItemPhase
from kb.library.core.models.topics import Topic, item_topic
from kb.library.core.visibility import visible

Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Card:
    """An item in a list."""

    id: int
    slug: str
    kind: str
    title: str
    summary: str
    step_count: int
    published_at: datetime | None
    freshness: Freshness
    phases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The title as readers meet it."""
        return shown_title(self.kind, self.title)


_CARD = (
    ContentItem.id,
    ContentItem.slug,
    ContentItem.kind,
    ContentItem.title,
    ContentItem.summary,
    ContentItem.step_count,
    ContentItem.published_at,
    ContentItem.checked_on,
    ContentItem.valid_to,
    ContentItem.review_interval_months,
    ContentItem.reviewed_by_name,
    ContentItem.reviewed_on,
)


def card_query(viewer: Viewer, chosen: Mapping[Facet, str] | None = None) -> Rows:
    """A query for `list_cards` over what the viewer may see, narrowed to a value of each facet (empty: all)."""
    query: Rows = select(*_CARD).where(visible(viewer))
    return query.where(*(facet.holds(value) for facet, value in (chosen or {}).items() if value))


def list_cards(session: Session, query: Rows) -> list[Card]:
    """Run a `card_query` (perhaps ordered and limited) and add phases and topics."""
    rows = session.execute(query).all()
    ids = [row.id for row in rows]
    phases, topics = _phases_of(session, ids), _topics_of(session, ids)
    today = clock.today()
    return [_card(row, today, phases[row.id], topics[row.id]) for row in rows]


def count_cards(session: Session, query: Rows) -> int:
    """How many items a `card_query` finds."""
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def _card(row: Row[Any], today: date, phases: list[str], topics: list[str]) -> Card:
    reviewed = row.reviewed_on if row.reviewed_by_name else None
    start = reviewed or row.checked_on
    due = due_day(start, row.review_interval_months, row.valid_to)
    fresh = Freshness(
        row.reviewed_by_name if reviewed else None,
        reviewed,
        row.checked_on,
        due,
        due is not None and due < today,
    )
    return Card(
        id=row.id,
        slug=row.slug,
        kind=row.kind,
        title=row.title,
        summary=row.summary,
        step_count=row.step_count,
        published_at=row.published_at,
        freshness=fresh,
        phases=tuple(phases),
        topics=tuple(topics),
    )


def _phases_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = select(ItemPhase.item_id, ItemPhase.phase).order_by(ItemPhase.position)
    for chunk in _chunks(ids):
        for row in session.execute(query.where(ItemPhase.item_id.in_(chunk))):
            found[row.item_id].append(row.phase)
    return found


def _topics_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = select(item_topic.c.item_id, Topic.slug).join(Topic).order_by(Topic.position, Topic.sort_key)
    for chunk in _chunks(ids):
        for row in session.execute(query.where(item_topic.c.item_id.in_(chunk))):
            found[row.item_id].append(row.slug)
    return found


def _chunks(ids: Sequence[int], size: int = 900) -> Iterable[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
