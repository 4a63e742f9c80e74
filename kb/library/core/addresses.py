"""Where texts stand that are named by their address: a renamed one at its new one, one taken away where its heir is."""

from collections.abc import Collection

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from kb import clock
from kb.library.core.models.items import ContentItem, ItemSlug
from kb.library.core.workflow import Status


def present_slugs(session: Session, slugs: Collection[str]) -> dict[str, str]:
    """Slug → the slug under which readers find the text now, in the same order; what nobody knows is itself."""
    former = (
        select(ItemSlug.slug, ContentItem.slug)
        .join(ContentItem, ContentItem.id == ItemSlug.item_id)
        .where(ItemSlug.slug.in_(slugs), ItemSlug.slug.not_in(select(ContentItem.slug)))
    )
    now = {slug: slug for slug in slugs} | dict(_pairs(session, former))
    heir = aliased(ContentItem)
    is_gone = or_(ContentItem.status == Status.WITHDRAWN, ContentItem.valid_to < clock.today())
    replaced = (
        select(ContentItem.slug, heir.slug)
        .join(heir, heir.id == ContentItem.replacement_id)
        .where(ContentItem.slug.in_(now.values()), is_gone)
    )
    heirs = dict(_pairs(session, replaced))
    return {slug: heirs.get(present, present) for slug, present in now.items()}


def _pairs(session: Session, query: Select[str, str]) -> list[tuple[str, str]]:
    return [(was, now) for was, now in session.execute(query)]
