"""Reading one text: what its page shows, or why nothing stands at an address."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from kb import clock
from kb.accounts.viewer import Viewer
from kb.errors import NotFound
from kb.library.content.document import Document, shown_title
from kb.library.core.models.items import ContentItem, ItemSlug, Revision
from kb.library.core.models.links import REPLACED, Link
from kb.library.core.visibility import (
    Validity,
    begun_on,
    may_read,
    validity,
    visible,
)
from kb.library.core.workflow import Status


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
    """The address is a former one; `kind` and `slug` say which item it is now."""

    def __init__(self, kind: str, slug: str) -> None:
        super().__init__()
        self.kind, self.slug = kind, slug


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
    if item.status == Status.WITHDRAWN:
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
        ContentItem.status != Status.DRAFT,
        begun_on(clock.today()),
        may_read(viewer),
    )
    item = session.scalars(query).first()
    return Moved(item.kind, item.slug) if item is not None else NotFound()


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
