"""Where the links of a document lead."""

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from kb.library.content.deadlinks import DeadLink, Target, dead_links, named_slugs
from kb.library.content.document import Document
from kb.library.core.models.items import ContentItem, ItemSlug
from kb.web.addresses import is_page


def unknown_slugs(session: Session, slugs: set[str]) -> set[str]:
    """Those of the slugs that no item has or once had."""
    if not slugs:
        return set()
    current = session.scalars(select(ContentItem.slug).where(ContentItem.slug.in_(slugs)))
    former = session.scalars(select(ItemSlug.slug).where(ItemSlug.slug.in_(slugs)))
    return slugs - {*current, *former}


def known_targets(session: Session, slugs: set[str]) -> dict[str, Target]:
    """Slug → what stands there, of those slugs that an item has or once had."""
    former = dict(
        session.execute(select(ItemSlug.slug, ItemSlug.item_id).where(ItemSlug.slug.in_(slugs))).all()
    )
    query = select(ContentItem).options(joinedload(ContentItem.published_revision))
    items = session.scalars(
        query.where(or_(ContentItem.slug.in_(slugs), ContentItem.id.in_(former.values())))
    )
    by_id = {item.id: item for item in items}
    found = {slug: _target(by_id[item_id]) for slug, item_id in former.items() if item_id in by_id}
    return found | {item.slug: _target(item) for item in by_id.values()}


def _target(item: ContentItem) -> Target:
    revision = item.published_revision or item.latest_revision
    document = revision.readable if revision else None
    return Target(item.kind, frozenset(step.id for step in document.steps()) if document else None)


def dead_links_of(session: Session, document: Document) -> Iterator[DeadLink]:
    """The links of a document that lead nowhere."""
    return dead_links(document, known_targets(session, named_slugs(document)), is_page)
