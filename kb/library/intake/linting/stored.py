"""What the lint reads from a database: the published texts."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kb.errors import Unreadable
from kb.library.addresses import address
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.workflow import Status
from kb.library.intake.linting.entries import Entry


def published_entries(session: Session) -> list[Entry]:
    """All that is published, whoever may read it, named by its address."""
    query = select(ContentItem).options(joinedload(ContentItem.published_revision))
    items = session.scalars(
        query.where(ContentItem.status == Status.PUBLISHED).order_by(ContentItem.sort_key, ContentItem.id)
    )
    return [_entry(item, item.published_revision) for item in items if item.published_revision]


def _entry(item: ContentItem, revision: Revision) -> Entry:
    path = address(item.kind, item.slug)
    try:
        return Entry(path, item.slug, revision.content)
    except Unreadable as error:
        return Entry(path, item.slug, error=("revision", error.message))
