"""Reading the library: every query takes the viewer and shows only what that viewer may see."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from kb import clock
from kb.accounts.models import Unit
from kb.accounts.viewer import Viewer
from kb.errors import NotFound
from kb.library.content.document import KIND_PATHS, Document, Kind, shown_title
from kb.library.core.addresses import present_slugs
from kb.library.core.freshness import Freshness, due_day
from kb.library.core.models import (
    REPLACED,
    CommonSituation,
    ContentItem,
    ImportantNumber,
    ItemAudience,
    ItemPhase,
    ItemSlug,
    Link,
    Revision,
    Topic,
    item_topic,
)
from kb.library.core.visibility import (
    Validity,
    begun_on,
    can_read_revision,
    may_read,
    shown_since,
    validity,
    visible,
)

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

    @property
    def path(self) -> str:
        """The address of the item."""
        return f"/{KIND_PATHS[Kind(self.kind)]}/{self.slug}"


@dataclass(frozen=True)
class Related:
    """An item that another one links to or is linked from; `note` says how they belong together."""

    slug: str
    kind: str
    title: str
    step_count: int
    place: str
    place_key: str
    target_step: str = ""

    @property
    def name(self) -> str:
        """The title as readers meet it."""
        return shown_title(self.kind, self.title)

    @property
    def path(self) -> str:
        """The address of the item."""
        return f"/{KIND_PATHS[Kind(self.kind)]}/{self.slug}"


@dataclass(frozen=True)
class Reading:
    """What a page of one item shows. `links` lead out, `backlinks` lead here."""

    item: ContentItem
    revision: Revision
    document: Document
    links: tuple[Related, ...]
    backlinks: tuple[Related, ...]

    def link(self, place: str, key: str) -> Related | None:
        """The visible target of a step or a lesson."""
        return next((link for link in self.links if link.place == place and link.place_key == key), None)


class Moved(NotFound):
    """The address is a former one; `path` is where the item is now."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


class Upcoming(NotFound):
    """The item is published, for a day that has not come yet: nobody is told of it before."""


class Withdrawn(NotFound):
    """The item was taken away; `item` tells why and what replaces it."""

    def __init__(self, item: ContentItem, replacement: ContentItem | None) -> None:
        super().__init__("Texten är borttagen.")
        self.item = item
        self.replacement = replacement


class Ended(Withdrawn):
    """The last day of the item (`item.valid_to`) has passed. `related` are texts that belong together with it."""

    def __init__(
        self, item: ContentItem, replacement: ContentItem | None, related: Sequence[Related]
    ) -> None:
        super().__init__(item, replacement)
        self.related = related


# One item


def get_reading(session: Session, viewer: Viewer, kind: str, slug: str, *, any_day: bool = False) -> Reading:
    """The published item at this address; with `any_day` also before its first day and after its last.

    Raises `Moved` for a former address, `Withdrawn` for an item taken away, `Ended` past its last day, `Upcoming`
    before its first, `NotFound` for everything else, also for what the viewer may not see.
    """
    query = (
        select(ContentItem)
        .options(joinedload(ContentItem.published_revision))
        .where(ContentItem.slug == slug, ContentItem.kind == kind, may_read(viewer))
    )
    item = session.scalar(query)
    if item is None:
        raise _elsewhere(session, viewer, slug)
    place = Validity.NOW if any_day else validity(item)
    if place == Validity.BEFORE:
        raise Upcoming
    if item.status == "borttagen":
        raise Withdrawn(item, visible_replacement(session, viewer, item))
    if not item.is_published or item.published_revision is None:
        raise NotFound
    if place == Validity.AFTER:
        links, backlinks = links_around(session, viewer, item.id)
        named = [link for link in links if link.place == "related"]
        raise Ended(item, visible_replacement(session, viewer, item), [*named, *backlinks])
    revision = item.published_revision
    links, backlinks = links_around(session, viewer, item.id)
    return Reading(item, revision, revision.content_of(kind), links, backlinks)


def _elsewhere(session: Session, viewer: Viewer, slug: str) -> NotFound:
    """Why nothing stands at an address: moved (renamed, or another kind in the address), or simply not there."""
    former = select(ItemSlug.item_id).where(ItemSlug.slug == slug)
    query = select(ContentItem).where(
        or_(ContentItem.slug == slug, ContentItem.id.in_(former)),
        ContentItem.status != "utkast",
        begun_on(clock.today()),
        may_read(viewer),
    )
    item = session.scalars(query).first()
    return Moved(item.path) if item is not None else NotFound()


def visible_replacement(session: Session, viewer: Viewer, item: ContentItem) -> ContentItem | None:
    """What the viewer may read instead: what whoever took the text away named, else what the text itself names."""
    named = select(Link.target_id).where(Link.item_id == item.id, Link.place == REPLACED)
    wanted = ContentItem.id == item.replacement_id if item.replacement_id else ContentItem.id.in_(named)
    return session.scalar(select(ContentItem).where(wanted, ContentItem.id != item.id, visible(viewer)))


def links_around(
    session: Session, viewer: Viewer, item_id: int
) -> tuple[tuple[Related, ...], tuple[Related, ...]]:
    """The visible items that the item links to, and those that link to it, each once in the second list."""
    columns = (
        ContentItem.id,
        ContentItem.slug,
        ContentItem.kind,
        ContentItem.title,
        ContentItem.step_count,
        Link.place,
        Link.place_key,
        Link.target_step,
        Link.item_id,
    )
    other = or_(
        and_(Link.item_id == item_id, Link.target_id == ContentItem.id),
        and_(Link.target_id == item_id, Link.item_id == ContentItem.id),
    )
    query = select(*columns).join(Link, other).where(visible(viewer), Link.place != REPLACED)
    query = query.order_by(Link.item_id, Link.position)
    out: list[Related] = []
    back: dict[str, Related] = {}
    for row in session.execute(query):
        related = Related(
            row.slug, row.kind, row.title, row.step_count, row.place, row.place_key, row.target_step
        )
        if row.item_id == item_id:
            out.append(related)
        elif row.id != item_id:
            back.setdefault(row.slug, related)
    return tuple(out), tuple(back.values())


def get_item_by_slug(session: Session, slug: str) -> ContentItem | None:
    """The item with this slug, whatever its state."""
    return session.scalar(select(ContentItem).where(ContentItem.slug == slug))


def list_versions(session: Session, item: ContentItem) -> Sequence[Revision]:
    """The published versions, newest first: what readers may know of the history."""
    query = select(Revision).where(Revision.item_id == item.id, Revision.version.is_not(None))
    return session.scalars(query.order_by(Revision.version.desc())).all()


# Lists

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


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; empty means all."""

    kind: str = ""
    topic: str = ""
    phase: str = ""
    audience: str = ""


def card_query(viewer: Viewer, chosen: Filter | None = None) -> Rows:
    """A query for `list_cards` over what the viewer may see, narrowed."""
    chosen = chosen or Filter()
    query: Rows = select(*_CARD).where(visible(viewer))
    if chosen.kind:
        query = query.where(ContentItem.kind == chosen.kind)
    if chosen.topic:
        query = query.join(item_topic, item_topic.c.item_id == ContentItem.id).join(
            Topic, and_(Topic.id == item_topic.c.topic_id, Topic.slug == chosen.topic)
        )
    if chosen.phase:
        query = query.join(
            ItemPhase, and_(ItemPhase.item_id == ContentItem.id, ItemPhase.phase == chosen.phase)
        )
    if chosen.audience:
        query = query.join(
            ItemAudience,
            and_(ItemAudience.item_id == ContentItem.id, ItemAudience.audience == chosen.audience),
        )
    return query


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


def list_changes(session: Session, viewer: Viewer, limit: int = 50) -> list[tuple[ContentItem, Revision]]:
    """The latest publications with their revisions (who, why), newest first."""
    query = (
        select(ContentItem, Revision)
        .join(Revision, Revision.item_id == ContentItem.id)
        .where(visible(viewer), Revision.version.is_not(None))
        .order_by(shown_since(Revision.published_at).desc(), Revision.published_at.desc(), Revision.id.desc())
        .limit(limit)
    )
    rows = session.execute(query)
    return [(item, revision) for item, revision in rows if can_read_revision(session, viewer, revision)]


# Topics and the map


@dataclass(frozen=True)
class TopicView:
    """A topic as pages need it."""

    slug: str
    name: str
    icon: str
    intro: str
    leads: dict[str, dict[str, str]]


def list_topics(session: Session) -> list[TopicView]:
    """All topics in their order."""
    query = select(Topic.slug, Topic.name, Topic.icon, Topic.intro, Topic.leads).order_by(
        Topic.position, Topic.sort_key
    )
    return [TopicView(*row) for row in session.execute(query)]


def get_topic(session: Session, slug: str) -> TopicView:
    """One topic; its leads by the addresses that they have now. Raises `NotFound`."""
    row = session.execute(
        select(Topic.slug, Topic.name, Topic.icon, Topic.intro, Topic.leads).where(Topic.slug == slug)
    ).one_or_none()
    if row is None:
        raise NotFound
    now = present_slugs(session, {lead for leads in row.leads.values() for lead in leads.values()})
    leads = {phase: {kind: now[lead] for kind, lead in leads.items()} for phase, leads in row.leads.items()}
    return TopicView(row.slug, row.name, row.icon, row.intro, leads)


def topic_names(session: Session) -> dict[str, str]:
    """Slug → name of all topics, in their order."""
    query = select(Topic.slug, Topic.name).order_by(Topic.position, Topic.sort_key)
    return {row.slug: row.name for row in session.execute(query)}


def count_map(session: Session, viewer: Viewer) -> dict[tuple[str, str, str], int]:
    """(topic, phase, kind) → how many visible items; an item may count in several cells."""
    query = (
        select(Topic.slug, ItemPhase.phase, ContentItem.kind, func.count())
        .select_from(ContentItem)
        .join(item_topic, item_topic.c.item_id == ContentItem.id)
        .join(Topic, Topic.id == item_topic.c.topic_id)
        .join(ItemPhase, ItemPhase.item_id == ContentItem.id)
        .where(visible(viewer))
        .group_by(Topic.slug, ItemPhase.phase, ContentItem.kind)
    )
    return {(topic, phase, kind): number for topic, phase, kind, number in session.execute(query)}


# Small lists


@dataclass(frozen=True)
class Number:
    """An important number as pages need it."""

    id: int
    label: str
    number: str
    note: str
    is_local: bool


def list_numbers(session: Session) -> list[Number]:
    """The important numbers in their order."""
    query = select(
        ImportantNumber.id,
        ImportantNumber.label,
        ImportantNumber.number,
        ImportantNumber.note,
        ImportantNumber.is_local,
    ).order_by(ImportantNumber.position, ImportantNumber.id)
    return [Number(*row) for row in session.execute(query)]


@dataclass(frozen=True)
class Situation:
    """A short cut to what people most often need."""

    title: str
    icon: str
    url: str
    kind: str
    step_count: int


def list_situations(session: Session, viewer: Viewer, limit: int = 8) -> list[Situation]:
    """The common situations whose item the viewer can see, in their order."""
    query = (
        select(
            CommonSituation.title,
            CommonSituation.icon,
            ContentItem.slug,
            ContentItem.kind,
            ContentItem.step_count,
        )
        .join(ContentItem, ContentItem.slug == CommonSituation.item_slug)
        .where(visible(viewer))
        .order_by(CommonSituation.position)
        .limit(limit)
    )
    return [
        Situation(row.title, row.icon, f"/{KIND_PATHS[Kind(row.kind)]}/{row.slug}", row.kind, row.step_count)
        for row in session.execute(query)
    ]


def list_units(session: Session) -> Sequence[Unit]:
    """All units, for the choice of who may read."""
    return session.scalars(select(Unit).order_by(Unit.sort_key, Unit.id)).all()
