"""What search needs to know of published items, as plain values."""

import hashlib
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb import clock
from kb.accounts.viewer import Viewer
from kb.library.content.document import Document, Kind, Phase
from kb.library.core.freshness import freshness
from kb.library.core.models.items import ContentItem
from kb.library.core.outline import Span, outlined
from kb.library.core.shelf import kept
from kb.library.core.visibility import visible
from kb.library.core.workflow import Status

EMPTY = Document(kind="", title="")


@dataclass(frozen=True)
class Indexable:
    """One published item. `text` is plain, `outline` says where its lines stand on the page.

    `stamp` changes whenever anything that search shows or filters by changes. `wordings` are those of a claim,
    `answer` is its short answer; `document` is what all of it was read from.
    """

    item_id: int
    public_id: str
    slug: str
    kind: str
    title: str
    summary: str
    text: str
    topics: tuple[str, ...]
    phases: tuple[str, ...]
    audiences: tuple[str, ...]
    labels: tuple[str, ...]
    acute: bool
    reviewed_on: date | None
    overdue: bool
    version: int
    stamp: str
    wordings: tuple[str, ...] = ()
    answer: str = ""
    document: Document = EMPTY
    outline: tuple[Span, ...] = ()


def list_indexable(session: Session) -> list[Indexable]:
    """All published items, by id."""
    return [_indexable(item) for item in session.scalars(_query()).all()]


def get_indexable(session: Session, item_ids: Sequence[int]) -> list[Indexable]:
    """Those of the items that are published."""
    if not item_ids:
        return []
    return [_indexable(item) for item in session.scalars(_query().where(ContentItem.id.in_(item_ids))).all()]


def list_stamps(session: Session, item_ids: Collection[int] | None = None) -> dict[int, str]:
    """Item id → stamp of every published item, or of those among the ids."""
    query = select(
        ContentItem.id,
        ContentItem.slug,
        ContentItem.published_revision_id,
        ContentItem.published_at,
        ContentItem.reviewed_on,
        ContentItem.visibility,
        ContentItem.unit_id,
    ).where(ContentItem.status == Status.PUBLISHED)
    if item_ids is not None:
        query = query.where(ContentItem.id.in_(item_ids))
    return {number: _stamp(*parts) for number, *parts in session.execute(query)}


@dataclass(frozen=True)
class Seen:
    """The items that somebody may see now. `key` is equal only for equal sets."""

    key: Hashable
    items: frozenset[int]


def seen_items(session: Session, viewer: Viewer) -> Seen:
    """What the viewer may find: the database decides it, never the index, which follows a moment later."""

    def build() -> Seen:
        return Seen(object(), frozenset(session.scalars(select(ContentItem.id).where(visible(viewer)))))

    return kept(session, viewer, "seen", build)


def _query() -> Select[ContentItem]:
    return (
        select(ContentItem)
        .options(
            joinedload(ContentItem.published_revision),
            selectinload(ContentItem.topics),
            selectinload(ContentItem.phase_rows),
            selectinload(ContentItem.audience_rows),
            selectinload(ContentItem.label_rows),
        )
        .where(ContentItem.status == Status.PUBLISHED, ContentItem.published_revision_id.is_not(None))
        .order_by(ContentItem.id)
    )


def _indexable(item: ContentItem) -> Indexable:
    assert item.published_revision is not None
    document = item.published_revision.readable or Document(kind=item.kind, title=item.title)
    fresh = freshness(item, clock.today())
    phases = tuple(item.phases)
    text, outline = outlined(document)
    return Indexable(
        item_id=item.id,
        public_id=item.public_id,
        slug=item.slug,
        kind=item.kind,
        title=item.title,
        summary=item.summary,
        text=text,
        topics=tuple(topic.slug for topic in item.topics),
        phases=phases,
        audiences=tuple(sorted(row.audience for row in item.audience_rows)),
        labels=tuple(sorted(row.label for row in item.label_rows)),
        acute=item.kind == Kind.CHECKLIST and Phase.DURING in phases,
        reviewed_on=fresh.newest_on,
        overdue=fresh.is_late,
        version=item.version,
        stamp=_stamp(
            item.slug,
            item.published_revision_id,
            item.published_at,
            item.reviewed_on,
            item.visibility,
            item.unit_id,
        ),
        wordings=document.claim,
        answer=document.short_answer,
        document=document,
        outline=outline,
    )


def _stamp(*parts: object) -> str:
    """Of slug, revision, when it was published, review, visibility and unit, in this order.

    Also when: a database that is put back gives the number of a revision once more, to another text.
    """
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]
