"""Work of the library in the background: telling writers what a reviewer said, and reviewers what goes."""

from typing import Any

from sqlalchemy.orm import Session

from kb import clock
from kb.jobs.outbox import Outbox
from kb.library.content.document import Document, Visibility
from kb.library.core.authorship import writers
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.reviewing import ReviewNote, Withdrawal
from kb.library.editing.editorial import edit_path, review_path
from kb.library.editing.people import list_reviewers, list_writers
from kb.mail.letters import compose
from kb.mail.services import send
from kb.web.addresses import absolute

# A mail leaves the house, and one that cannot be sent is read by administrators: of a text for a unit it says nothing.
PRIVATE_TITLE = "en text för din enhet"
PRIVATE_TEXT = "(Orden står bara i Rådrum, eftersom texten är för en enhet.)"


def register(outbox: Outbox) -> None:
    """Tell the worker what it can do."""
    outbox.handle("library.mail_withdrawal", mail_withdrawal, takes={"withdrawal": int})
    outbox.handle("library.mail_review_note", mail_review_note, takes={"note": int})


def mail_withdrawal(session: Session, payload: dict[str, Any]) -> None:
    """Mail a withdrawal to those who may decide on it; once, however often it runs."""
    asked = session.get(Withdrawal, payload["withdrawal"])
    item = session.get(ContentItem, asked.item_id) if asked else None
    if asked is None or item is None or asked.mailed_at is not None or asked.outcome:
        return
    told = _told(asked, item)
    document = item.published_revision.readable if item.published_revision else None
    for person in list_reviewers(session, document):
        if person.id != asked.asked_by_id:
            letter = compose("withdrawal", name=person.name, **told)
            send(session, to=person.email, subject=letter.subject, body=letter.body)
    asked.mailed_at = clock.now()


def _told(asked: Withdrawal, item: ContentItem) -> dict[str, Any]:
    """What the mail says of a withdrawal."""
    is_private = item.visibility == Visibility.UNIT
    return {
        "who": asked.asked_by_name,
        "title": PRIVATE_TITLE if is_private else item.title,
        "reason": PRIVATE_TEXT if is_private else asked.reason,
        "is_urgent": asked.is_urgent,
        "address": absolute(review_path(item)),
    }


def mail_review_note(session: Session, payload: dict[str, Any]) -> None:
    """Mail a review note to those who wrote the draft; once, however often it runs."""
    note = session.get(ReviewNote, payload["note"])
    item = session.get(ContentItem, note.item_id) if note else None
    if note is None or item is None or note.mailed_at is not None:
        return
    revision = session.get_one(Revision, note.revision_id)
    document = revision.readable or Document(kind=item.kind, title=item.title, visibility=Visibility.INTERNAL)
    is_private = Visibility.UNIT in (document.visibility, item.visibility)
    for person in list_writers(session, writers(session, item) - {note.author_id or 0}, document):
        letter = compose(
            "review_note",
            name=person.name,
            reviewer=note.author_name,
            title=PRIVATE_TITLE if is_private else document.title,
            text=PRIVATE_TEXT if is_private else note.text,
            address=absolute(edit_path(item)),
        )
        send(session, to=person.email, subject=letter.subject, body=letter.body)
    note.mailed_at = clock.now()
