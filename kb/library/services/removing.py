"""Taking texts away: deleting a draft that was never published."""

from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.audit.services import record
from kb.errors import Refused
from kb.library.core.models import ContentItem
from kb.library.services.noting import named
from kb.library.services.texts import RevisionConflict, index


def delete_draft(session: Session, item: ContentItem, *, seen: int | None, by: Viewer) -> None:
    """Delete a text that was never published, with all its revisions; `seen` is the revision the person has read.

    Raises `Refused` once it has been published, `RevisionConflict` when there is a newer revision.
    """
    if item.version or item.is_published:
        raise Refused("Texten har varit publicerad. Då raderas den inte: du kan ta bort den för läsarna.")
    if item.latest_revision_id != seen:
        raise RevisionConflict(
            "Texten har ändrats sedan du öppnade den. Läs den nya versionen innan du raderar.",
            current=item.latest_revision,
        )
    record(session, "item.deleted", actor=by.actor, subject=item.public_id, kind=item.kind, **named(item))
    index(session, item)
    item.latest_revision = None
    session.flush()
    session.delete(item)
    session.flush()
