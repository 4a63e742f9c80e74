"""Who may see which text: the conditions for queries, and the same for a document.

Nothing else decides it. Search asks here too (`seen_items`); its index knows nothing of who may see what.
"""

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from kb.accounts.models import Unit
from kb.accounts.viewer import Viewer
from kb.library.document import Document, Visibility
from kb.library.models import ContentItem

PUBLISHED = "publicerad"


def visibility_terms(viewer: Viewer) -> frozenset[str]:
    """What the viewer may read, as words: two viewers with the same words see the same."""
    if not viewer.is_signed_in:
        return frozenset({"oppen"})
    return frozenset({"oppen", "intern"} | {f"enhet:{unit}" for unit in viewer.unit_ids})


def may_read(viewer: Viewer) -> ColumnElement[bool]:
    """The condition "the viewer may read this item", for any query over `ContentItem`."""
    if not viewer.is_signed_in:
        return ContentItem.visibility == "oppen"
    own = and_(ContentItem.visibility == "enhet", ContentItem.unit_id.in_(sorted(viewer.unit_ids)))
    return or_(ContentItem.visibility.in_(("oppen", "intern")), own if viewer.unit_ids else false())


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """The condition "published, and the viewer may read it"."""
    return and_(ContentItem.status == PUBLISHED, may_read(viewer))


def can_read_document(session: Session, viewer: Viewer, document: Document) -> bool:
    """Whether the viewer may read a revision, which may be for others than the item is now."""
    if document.visibility == Visibility.OPEN:
        return True
    if document.visibility == Visibility.INTERNAL:
        return viewer.is_signed_in
    unit_id = session.scalar(select(Unit.id).where(Unit.public_id == document.unit))
    return unit_id in viewer.unit_ids
