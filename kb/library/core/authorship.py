"""Who has written on a text: they may not approve it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.library.core.models.items import ContentItem, Revision


def writers(session: Session, item: ContentItem) -> set[int]:
    """The people who have written on the working copy since the last publication, who may not approve it."""
    published, latest = item.published_revision, item.latest_revision
    if published is not None and latest is not None and published.id == latest.id:
        return writers_of_published(session, item)
    return _authors(session, item, after=published.number if published else 0, until=None)


def writers_of_published(session: Session, item: ContentItem) -> set[int]:
    """The people who have written on the published version."""
    revision = item.published_revision
    if revision is None:
        return set()
    query = select(func.max(Revision.number)).where(
        Revision.item_id == item.id, Revision.version.is_not(None), Revision.number < revision.number
    )
    return _authors(session, item, after=session.scalar(query) or 0, until=revision.number)


def _authors(session: Session, item: ContentItem, *, after: int, until: int | None) -> set[int]:
    query = select(Revision.author_id).where(Revision.item_id == item.id, Revision.number > after)
    if until is not None:
        query = query.where(Revision.number <= until)
    return {author for author in session.scalars(query) if author is not None}
