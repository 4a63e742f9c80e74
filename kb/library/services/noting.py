"""What is kept about a change of an item: the audit event with its address, what a reviewer said."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.audit.services import record
from kb.library.content.document import Visibility
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.reviewing import ReviewNote
from kb.library.core.workflow import Verdict


def named(item: ContentItem) -> dict[str, str]:
    """The address for the audit log; it says what the title is, so one of a text for a unit is left out."""
    return {} if item.visibility == Visibility.UNIT else {"slug": item.slug}


def named_slug(item: ContentItem | None) -> str | None:
    """The address of an item that an event is about besides, as far as the audit log may say it."""
    return named(item).get("slug") if item else None


def note_event(session: Session, event: str, item: ContentItem, *, by: Viewer, **details: object) -> None:
    """Tell the audit log what was done with an item."""
    record(session, event, actor=by.actor, subject=item.public_id, **named(item), **details)


def has_said(session: Session, item: ContentItem, text: str, by: Viewer) -> bool:
    """Whether the last that was said about the item are these words by this person."""
    query = select(ReviewNote).where(ReviewNote.item_id == item.id).order_by(ReviewNote.id.desc()).limit(1)
    last = session.scalar(query)
    return last is not None and (last.author_id, last.text) == (by.user_id, text.strip())


def add_review_note(
    session: Session, item: ContentItem, revision: Revision, *, by: Viewer, verdict: Verdict, text: str = ""
) -> ReviewNote:
    """Keep what a reviewer said about a revision."""
    note = ReviewNote(
        item_id=item.id,
        revision_id=revision.id,
        author_id=by.user_id,
        author_name=by.name,
        verdict=verdict,
        text=text.strip(),
        created_at=clock.now(),
    )
    session.add(note)
    session.flush()
    return note
