"""Lists beside the texts: important numbers, common situations, what is new."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.lists import CommonSituation, ImportantNumber
from kb.library.core.visibility import (
    can_read_revision,
    shown_since,
    visible,
)


@dataclass(frozen=True)
class Number:
    """An important number as pages need it."""

    id: int
    label: str
    number: str
    note: str
    is_local: bool


def has_own_numbers(session: Session) -> bool:
    """Whether the organisation has added a number."""
    query = select(ImportantNumber.id).where(ImportantNumber.is_local.is_(True)).limit(1)
    return session.scalar(query) is not None


def list_numbers(session: Session) -> list[Number]:
    """The important numbers in their order."""
    query = select(
        ImportantNumber.id,
        ImportantNumber.label,
        ImportantNumber.number,
        ImportantNumber.note,
        ImportantNumber.is_local,
    ).order_by(ImportantNumber.position, ImportantNumber.id)
    return [Number(*row) for row in session.execute(query)]


@dataclass(frozen=True)
class Situation:
    """A short cut to what people most often need."""

    title: str
    icon: str
    kind: str
    slug: str
    step_count: int


def list_situations(session: Session, viewer: Viewer, limit: int = 8) -> list[Situation]:
    """The common situations whose item the viewer can see, in their order."""
    query = (
        select(
            CommonSituation.title,
            CommonSituation.icon,
            ContentItem.slug,
            ContentItem.kind,
            ContentItem.step_count,
        )
        .join(ContentItem, ContentItem.slug == CommonSituation.item_slug)
        .where(visible(viewer))
        .order_by(CommonSituation.position)
        .limit(limit)
    )
    return [
        Situation(row.title, row.icon, row.kind, row.slug, row.step_count) for row in session.execute(query)
    ]


def list_changes(session: Session, viewer: Viewer, limit: int = 50) -> list[tuple[ContentItem, Revision]]:
    """The latest publications with their revisions (who, why), newest first."""
    query = (
        select(ContentItem, Revision)
        .join(Revision, Revision.item_id == ContentItem.id)
        .where(visible(viewer), Revision.version.is_not(None))
        .order_by(shown_since(Revision.published_at).desc(), Revision.published_at.desc(), Revision.id.desc())
        .limit(limit)
    )
    rows = session.execute(query)
    return [(item, revision) for item, revision in rows if can_read_revision(session, viewer, revision)]
