"""Who may see which text, and on which day: the conditions for queries, and the same for a document and its dates.

Nothing else decides it. Search asks here too (`seen_items`); its index knows nothing of who may see what.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from kb import clock
from kb.accounts.models import Unit
from kb.accounts.viewer import Viewer
from kb.db import json_text
from kb.library.content.document import Document, Visibility
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.workflow import Status


class Validity(StrEnum):
    """Where a day lies in the time that a text is valid."""

    BEFORE = "fore"
    NOW = "nu"
    AFTER = "efter"


@dataclass(frozen=True)
class Term:
    """The first and the last day of a text; both count."""

    first: date | None = None
    last: date | None = None

    def on(self, day: date) -> Validity:
        """Whether the text is valid on `day`, will be, or has been."""
        if self.first is not None and day < self.first:
            return Validity.BEFORE
        if self.last is not None and day > self.last:
            return Validity.AFTER
        return Validity.NOW


def visibility_terms(viewer: Viewer) -> frozenset[str]:
    """What the viewer may read, as words: two viewers with the same words see the same."""
    return frozenset({*_for_all_like(viewer), *(f"{Visibility.UNIT}:{unit}" for unit in viewer.unit_ids)})


def may_read(viewer: Viewer) -> ColumnElement[bool]:
    """The condition "the viewer may read this item", for any query over `ContentItem`."""
    own = and_(ContentItem.visibility == Visibility.UNIT, ContentItem.unit_id.in_(sorted(viewer.unit_ids)))
    return or_(ContentItem.visibility.in_(_for_all_like(viewer)), own if viewer.unit_ids else false())


def _for_all_like(viewer: Viewer) -> tuple[str, ...]:
    """The visibilities that ask for no unit: what everybody may read who is signed in, or not, as the viewer is."""
    return (Visibility.OPEN, Visibility.INTERNAL) if viewer.is_signed_in else (Visibility.OPEN,)


def valid_on(day: date) -> ColumnElement[bool]:
    """The condition "valid on this day", as `Term.on` says it."""
    return and_(begun_on(day), or_(ContentItem.valid_to.is_(None), ContentItem.valid_to >= day))


def begun_on(day: date) -> ColumnElement[bool]:
    """The condition "its first day has come"; before it nobody is told that the text is there."""
    return or_(ContentItem.valid_from.is_(None), ContentItem.valid_from <= day)


def shown_since(published_at: Any) -> ColumnElement[Any]:
    """The day from which readers see what was published at a moment: then, or on its first day. For sorting."""
    day = func.date(published_at)
    return case((ContentItem.valid_from > day, ContentItem.valid_from), else_=day)


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """The condition "published, valid today, and the viewer may read it"."""
    return and_(ContentItem.status == Status.PUBLISHED, valid_on(clock.today()), may_read(viewer))


def validity(item: ContentItem) -> Validity:
    """Where today lies in the time that the item, as published, is valid."""
    return Term(item.valid_from, item.valid_to).on(clock.today())


def may_open(viewer: Viewer) -> ColumnElement[bool]:
    """The condition "the viewer may read this item and its working copy", which is what the desk's pages show."""
    copy = aliased(Revision)
    visibility = func.coalesce(json_text(copy.document, "visibility"), Visibility.OPEN)
    own_units = select(Unit.public_id).where(Unit.id.in_(sorted(viewer.unit_ids)))
    for_own_unit = and_(visibility == Visibility.UNIT, json_text(copy.document, "unit").in_(own_units))
    is_readable = select(copy.id).where(
        copy.id == ContentItem.latest_revision_id, or_(visibility.in_(_for_all_like(viewer)), for_own_unit)
    )
    return and_(
        may_read(viewer),
        or_(
            ContentItem.latest_revision_id.is_(None),
            ContentItem.latest_revision_id == ContentItem.published_revision_id,
            is_readable.exists(),
        ),
    )


def can_read_document(session: Session, viewer: Viewer, document: Document) -> bool:
    """Whether the viewer may read a revision, which may be for others than the item is now."""
    if document.visibility != Visibility.UNIT:
        return document.visibility in _for_all_like(viewer)
    unit_id = session.scalar(select(Unit.id).where(Unit.public_id == document.unit))
    return unit_id in viewer.unit_ids


def can_read_revision(session: Session, viewer: Viewer, revision: Revision) -> bool:
    """As `can_read_document`; what cannot be read at all is shown to nobody."""
    document = revision.readable
    return document is not None and can_read_document(session, viewer, document)
