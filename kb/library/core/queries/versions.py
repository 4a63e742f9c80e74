"""The history of one text: its revisions and what was said of them, as far as somebody may read them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.models import Unit
from kb.accounts.viewer import Viewer
from kb.errors import NotFound
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.reviewing import ReviewNote
from kb.library.core.visibility import can_read_document


def get_revision(session: Session, viewer: Viewer, item: ContentItem, number: int) -> Revision:
    """A revision of the item by its number. Raises `NotFound`."""
    query = select(Revision).where(Revision.item_id == item.id, Revision.number == number)
    revision = session.scalar(query)
    if revision is None or not _may_see(session, viewer, revision):
        raise NotFound
    return revision


def list_revisions(session: Session, viewer: Viewer, item: ContentItem) -> list[Revision]:
    """All revisions that the viewer may read, newest first."""
    query = select(Revision).where(Revision.item_id == item.id).order_by(Revision.number.desc())
    return [revision for revision in session.scalars(query) if _may_see(session, viewer, revision)]


def list_notes(session: Session, viewer: Viewer, item: ContentItem) -> list[ReviewNote]:
    """What reviewers have said about those revisions of the item that the viewer may read, newest first."""
    query = (
        select(ReviewNote, Revision)
        .join(Revision, Revision.id == ReviewNote.revision_id)
        .where(ReviewNote.item_id == item.id)
        .order_by(ReviewNote.id.desc())
    )
    return [note for note, revision in session.execute(query) if _may_see(session, viewer, revision)]


def last_seen(session: Session, viewer: Viewer, item: ContentItem) -> Revision | None:
    """The revision that the viewer last gave a verdict on, where a newer one waits and it was not published since."""
    published = item.published_revision.number if item.published_revision else 0
    query = (
        select(Revision)
        .join(ReviewNote, ReviewNote.revision_id == Revision.id)
        .where(
            ReviewNote.item_id == item.id, ReviewNote.author_id == viewer.user_id, Revision.number > published
        )
        .order_by(ReviewNote.id.desc())
    )
    seen = session.scalars(query).first()
    if seen is None or seen.id == item.latest_revision_id or seen.readable is None:
        return None
    return seen if _may_see(session, viewer, seen) else None


def unit_names(session: Session) -> dict[str, str]:
    """Public id → name of all units."""
    return {public_id: name for public_id, name in session.execute(select(Unit.public_id, Unit.name))}


def _may_see(session: Session, viewer: Viewer, revision: Revision) -> bool:
    """Whether an editor who may read the item may know of the revision; of one that cannot be read nothing is shown."""
    document = revision.readable
    return document is None or can_read_document(session, viewer, document)


def list_versions(session: Session, item: ContentItem) -> Sequence[Revision]:
    """The published versions, newest first: what readers may know of the history."""
    query = select(Revision).where(Revision.item_id == item.id, Revision.version.is_not(None))
    return session.scalars(query.order_by(Revision.version.desc())).all()
