"""Giving a text another address."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.errors import Invalid
from kb.library.core.models.items import ContentItem, ItemSlug
from kb.library.core.models.lists import CommonSituation, GlossaryTerm
from kb.library.core.projection import adopt_links, find_by_slug
from kb.library.services.noting import named, note_event
from kb.library.services.publication import index
from kb.text.slugs import slugify


def rename(session: Session, item: ContentItem, slug: str, *, by: Viewer) -> None:
    """Give the item a new address; the old one leads on (301)."""
    if not any(character.isalnum() for character in slug):
        raise Invalid("slug", "Skriv en adress med bokstäver eller siffror.")
    slug = slugify(slug)
    if slug == item.slug:
        return
    other = find_by_slug(session, slug)
    if other is not None and other.id != item.id:
        raise Invalid("slug", f"Adressen ”{slug}” används redan.")
    former = session.get(ItemSlug, slug)
    if former is not None:
        session.delete(former)
    old = item.slug
    session.add(ItemSlug(slug=old, item_id=item.id))
    item.slug, item.is_edited_here = slug, True
    session.flush()
    for table in (CommonSituation, GlossaryTerm):
        session.execute(update(table).where(table.item_slug == old).values(item_slug=slug))
    adopt_links(session, item)
    index(session, item)
    was = {"old_slug": old} if named(item) else {}
    note_event(session, "item.renamed", item, by=by, **was)
