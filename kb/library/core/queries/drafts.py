"""One text for those who work at the desk, in any state, and its page as a revision would make it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.audit.models import AuditEvent
from kb.errors import NotFound
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.links import REPLACED
from kb.library.core.projection import links_of
from kb.library.core.queries.reading import Reading, Related, links_around
from kb.library.core.visibility import may_open, visible


def get_item(
    session: Session, viewer: Viewer, public_id: str, kind: str = "", *, lock: bool = False
) -> ContentItem:
    """The item with this public id, whatever its state; `lock` keeps others from changing it meanwhile.

    Raises `NotFound`, also when its text or its draft is for a unit that the viewer does not belong to.
    """
    if lock:  # by itself: PostgreSQL looks again at a row it waited for, but with the old revisions beside it
        session.execute(select(ContentItem.id).where(ContentItem.public_id == public_id).with_for_update())
    item = session.scalar(select(ContentItem).where(ContentItem.public_id == public_id, may_open(viewer)))
    if item is None or (kind and item.kind != kind):
        raise NotFound
    return item


def was_deleted(session: Session, public_id: str) -> bool:
    """Whether there was a draft with this public id that somebody deleted."""
    query = select(AuditEvent.id).where(AuditEvent.name == "item.deleted", AuditEvent.subject == public_id)
    return session.scalar(query.limit(1)) is not None


def draft_reading(session: Session, viewer: Viewer, item: ContentItem, revision: Revision) -> Reading:
    """What the page of the item would show with this revision: its links lead to what the viewer can see."""
    document = revision.content_of(item.kind)
    named = [link for link in links_of(document) if link[0] != REPLACED]
    slugs = {slug for _place, _key, slug, _step in named}
    query = select(ContentItem).where(ContentItem.slug.in_(slugs), visible(viewer))
    found = {target.slug: target for target in session.scalars(query)}
    links = tuple(
        Related(slug, target.kind, target.title, target.step_count, place, key, step)
        for place, key, slug, step in named
        if (target := found.get(slug)) is not None
    )
    _out, backlinks = links_around(session, viewer, item.id)
    return Reading(item, revision, document, links, backlinks)
