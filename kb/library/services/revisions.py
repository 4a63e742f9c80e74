"""Revisions: storing one more, and refusing what is done to one that is not the newest."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.errors import Conflict, Refused
from kb.library.content.document import Document
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.workflow import Way
from kb.text.sanitize import CLEANER_VERSION


class RevisionConflict(Conflict):
    """Somebody saved a newer revision; `current` is that `Revision`."""

    message = "Någon annan har sparat texten medan du skrev. Här är båda versionerna."


def add_revision(
    session: Session,
    item: ContentItem,
    document: Document,
    *,
    by: Viewer,
    reason: str,
    way: str = Way.WRITTEN,
) -> Revision:
    """Store the document as the item's newest revision."""
    last = session.scalar(select(func.max(Revision.number)).where(Revision.item_id == item.id)) or 0
    revision = Revision(
        item_id=item.id,
        number=last + 1,
        document=document.to_dict(),
        digest=document.digest,
        cleaner=CLEANER_VERSION,
        author_id=by.user_id,
        author_name=by.name,
        reason=reason.strip(),
        way=way,
        created_at=clock.now(),
    )
    session.add(revision)
    session.flush()
    item.latest_revision = revision
    item.updated_at = revision.created_at
    session.flush()
    return revision


def working_copy(item: ContentItem) -> Revision:
    if item.latest_revision is None:
        raise Refused("Texten har inget innehåll än.")
    return item.latest_revision


def has_seen(revision: Revision, seen: int | None) -> None:
    if seen is not None and seen != revision.id:
        raise RevisionConflict(
            "Texten har ändrats sedan du öppnade den. Läs den nya versionen.", current=revision
        )
