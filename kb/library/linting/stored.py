"""What the lint reads from a database: the published texts."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kb.library.linting.entries import Entry
from kb.library.models import ContentItem


def published_entries(session: Session) -> list[Entry]:
    """All that is published, whoever may read it, named by its address."""
    query = select(ContentItem).options(joinedload(ContentItem.published_revision))
    items = session.scalars(
        query.where(ContentItem.status == "publicerad").order_by(ContentItem.sort_key, ContentItem.id)
    )
    return [
        Entry(item.path, item.slug, item.published_revision.content)
        for item in items
        if item.published_revision
    ]
