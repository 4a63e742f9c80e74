"""Work of the library in the background: telling writers what a reviewer said, and reviewers what goes."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from kb import clock
from kb.config import Settings
from kb.jobs.outbox import Outbox
from kb.library.content.document import Document, Visibility
from kb.library.core.authorship import writers
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.reviewing import ReviewNote, Withdrawal
from kb.library.editing.people import list_reviewers, list_writers
from kb.mail.letters import compose
from kb.mail.services import send

# A mail leaves the house, and one that cannot be sent is read by administrators: of a text for a unit it says nothing.
PRIVATE_TITLE = "en text för din enhet"
PRIVATE_TEXT = "(Orden står bara i Rådrum, eftersom texten är för en enhet.)"


def register(outbox: Outbox, settings: Settings) -> None:
    """Tell the worker what it can do."""
    withdrawal, review_note = withdrawal_sender(settings.base_url), review_note_sender(settings.base_url)
    outbox.handle("library.mail_withdrawal", withdrawal, takes={"withdrawal": int})
    outbox.handle("library.mail_review_note", review_note, takes={"note": int})


def withdrawal_sender(base_url: str) -> Callable[[Session, dict[str, Any]], None]:
    """The handler that mails a withdrawal to those who may decide on it; sent once, however often it runs."""

    def handle(session: Session, payload: dict[str, Any]) -> None:
        asked = session.get(Withdrawal, payload["withdrawal"])
        item = session.get(ContentItem, asked.item_id) if asked else None
        if asked is None or item is None or asked.mailed_at is not None or asked.outcome:
            return
        document = item.published_revision.readable if item.published_revision else None
        is_private = item.visibility == Visibility.UNIT
        for person in list_reviewers(session, document):
            if person.id == asked.asked_by_id:
                continue
            letter = compose(
                "withdrawal",
                name=person.name,
                who=asked.asked_by_name,
                title=PRIVATE_TITLE if is_private else item.title,
                reason=PRIVATE_TEXT if is_private else asked.reason,
                is_urgent=asked.is_urgent,
                address=f"{base_url}/redaktion/granska/{item.public_id}",
            )
            send(session, to=person.email, subject=letter.subject, body=letter.body)
        asked.mailed_at = clock.now()

    return handle


def review_note_sender(base_url: str) -> Callable[[Session, dict[str, Any]], None]:
    """The handler that mails a review note to those who wrote the draft; sent once, however often it runs."""

    def handle(session: Session, payload: dict[str, Any]) -> None:
        note = session.get(ReviewNote, payload["note"])
        item = session.get(ContentItem, note.item_id) if note else None
        if note is None or item is None or note.mailed_at is not None:
            return
        revision = session.get_one(Revision, note.revision_id)
        document = revision.readable or Document(
            kind=item.kind, title=item.title, visibility=Visibility.INTERNAL
        )
        is_private = Visibility.UNIT in (document.visibility, item.visibility)
        for person in list_writers(session, writers(session, item) - {note.author_id or 0}, document):
            letter = compose(
                "review_note",
                name=person.name,
                reviewer=note.author_name,
                title=PRIVATE_TITLE if is_private else document.title,
                text=PRIVATE_TEXT if is_private else note.text,
                address=f"{base_url}/redaktion/{item.kind}/{item.public_id}",
            )
            send(session, to=person.email, subject=letter.subject, body=letter.body)
        note.mailed_at = clock.now()

    return handle
