"""What editors and reviewers see: their work lists, all content in any state, one item with its drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from kb.accounts.viewer import Viewer
from kb.library.core.freshness import Freshness, freshness
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.reviewing import ReviewNote, Withdrawal
from kb.library.core.models.topics import Topic
from kb.library.core.visibility import may_open, may_read
from kb.library.core.workflow import Outcome, State, Status, Verdict
from kb.text.labels import Labelled

DUE_WITHIN = timedelta(days=30)
NEWEST = "andrad"
SHOWN_STATUSES = (Status.PUBLISHED, Status.WITHDRAWN)


class ReviewNeed(Labelled):
    """Which published texts call for a reviewer."""

    SOON = "snart", "Går ut inom 30 dagar eller är försenad"
    MISSING = "saknas", "Inte granskad av er"


@dataclass(frozen=True)
class ItemFilter:
    """What the list of all content is narrowed to; empty means all. `review` is a `ReviewNeed`.

    `order` is `NEWEST` or empty: by title.
    """

    state: str = ""
    kind: str = ""
    topic: str = ""
    words: str = ""
    review: str = ""
    order: str = ""


def item_query(session: Session, viewer: Viewer, chosen: ItemFilter, today: date) -> Select[Any]:
    """A query over the items that the viewer may read, in any state, in Swedish order of the title that is shown."""
    query = select(ContentItem).where(may_open(viewer)).options(selectinload(ContentItem.latest_revision))
    if chosen.state in SHOWN_STATUSES:
        query = query.where(ContentItem.status == chosen.state)
    elif chosen.state:
        query = query.where(ContentItem.workflow == chosen.state, _has_draft())
    if chosen.kind:
        query = query.where(ContentItem.kind == chosen.kind)
    if chosen.topic:
        query = query.where(_of_topic(session, chosen.topic))
    if chosen.words:
        query = query.where(ContentItem.id.in_(_with_words(session, chosen.words)))
    if chosen.review == ReviewNeed.SOON:
        query = query.where(
            ContentItem.id.in_([item.id for item, _fresh in list_review_due(session, viewer, today)])
        )
    if chosen.review == ReviewNeed.MISSING:
        query = query.where(ContentItem.status == Status.PUBLISHED, ContentItem.reviewed_by_name.is_(None))
    return _in_order(query, chosen.order)


def _in_order(query: Select[Any], order: str) -> Select[Any]:
    if order == NEWEST:
        return query.order_by(ContentItem.updated_at.desc(), ContentItem.id.desc())
    copy = aliased(Revision)
    query = query.outerjoin(copy, copy.id == ContentItem.latest_revision_id)
    return query.order_by(func.coalesce(copy.sort_key, ContentItem.sort_key), ContentItem.id)


def _with_words(session: Session, words: str) -> list[int]:
    """Items whose working copy has a title with all the words.

    They are compared here: not every database knows that Ö is a capital ö.
    """
    wanted = words.casefold().split()
    titles: dict[int, str] = {
        item_id: title for item_id, title in session.execute(select(ContentItem.id, ContentItem.title))
    }
    titles |= {item_id: document.get("title", "") for item_id, document in _other_copies(session)}
    return [item_id for item_id, title in titles.items() if all(word in title.casefold() for word in wanted)]


def _of_topic(session: Session, slug: str) -> ColumnElement[bool]:
    """Items whose working copy belongs to the topic."""
    copies = {item_id: slug in document.get("topics", ()) for item_id, document in _other_copies(session)}
    same = and_(ContentItem.topics.any(Topic.slug == slug), ContentItem.id.not_in(copies))
    return or_(same, ContentItem.id.in_([item_id for item_id, belongs in copies.items() if belongs]))


def _other_copies(session: Session) -> list[tuple[int, dict[str, Any]]]:
    """(item id, document) of working copies that the columns of their items do not mirror."""
    query = (
        select(ContentItem.id, Revision.document)
        .join(Revision, Revision.id == ContentItem.latest_revision_id)
        .where(ContentItem.version > 0, ContentItem.latest_revision_id != ContentItem.published_revision_id)
    )
    return [(item_id, document) for item_id, document in session.execute(query)]


def list_own_drafts(session: Session, viewer: Viewer) -> Sequence[ContentItem]:
    """Items with a draft that the viewer has written on, oldest change first."""
    wrote = select(Revision.item_id).where(Revision.author_id == viewer.user_id)
    query = (
        select(ContentItem)
        .where(may_open(viewer), _has_draft(), ContentItem.id.in_(wrote))
        .options(joinedload(ContentItem.latest_revision))
        .order_by(ContentItem.updated_at)
    )
    return session.scalars(query).all()


def _has_draft() -> ColumnElement[bool]:
    """A working copy that differs from what is, or was, published."""
    is_new = or_(
        ContentItem.published_revision_id.is_(None),
        ContentItem.latest_revision_id != ContentItem.published_revision_id,
    )
    return and_(ContentItem.workflow != State.REST, is_new)


def list_waiting_for_review(session: Session, viewer: Viewer) -> list[tuple[ContentItem, bool]]:
    """Drafts at review or approved, the longest waiting first, and whether the viewer has written on each."""
    query = (
        select(ContentItem)
        .where(may_open(viewer), ContentItem.workflow.in_((State.REVIEW, State.APPROVED)))
        .options(joinedload(ContentItem.latest_revision), joinedload(ContentItem.published_revision))
        .order_by(ContentItem.submitted_at)
    )
    items = session.scalars(query).all()
    wrote = select(Revision.item_id, Revision.number).where(
        Revision.author_id == viewer.user_id, Revision.item_id.in_([item.id for item in items])
    )
    own: dict[int, int] = {}
    for item_id, number in session.execute(wrote):
        own[item_id] = max(number, own.get(item_id, 0))
    return [(item, own.get(item.id, 0) > _published_number(item)) for item in items]


def _published_number(item: ContentItem) -> int:
    published = item.published_revision
    return 0 if published is None or published.id == item.latest_revision_id else published.number


def list_review_due(session: Session, viewer: Viewer, today: date) -> list[tuple[ContentItem, Freshness]]:
    """Published items whose review is overdue or falls due within 30 days, the longest overdue first."""
    items = session.scalars(
        select(ContentItem).where(ContentItem.status == Status.PUBLISHED, may_open(viewer))
    ).all()
    found = [(item, freshness(item, today)) for item in items]
    due = [(item, fresh) for item, fresh in found if fresh.due_on and fresh.due_on - today <= DUE_WITHIN]
    return sorted(due, key=lambda pair: pair[1].due_on or today)


def count_unconfirmed(session: Session, viewer: Viewer) -> int:
    """How many published items nobody here has reviewed."""
    unconfirmed = ContentItem.status == Status.PUBLISHED, ContentItem.reviewed_by_name.is_(None)
    return session.scalar(select(func.count()).where(may_open(viewer), *unconfirmed)) or 0


def list_withdrawals(session: Session, viewer: Viewer) -> list[tuple[ContentItem, Withdrawal]]:
    """What another person has to decide on: texts taken away at once first, then what was asked for, oldest first."""
    query = (
        select(ContentItem, Withdrawal)
        .join(Withdrawal, Withdrawal.item_id == ContentItem.id)
        .where(may_open(viewer), Withdrawal.outcome == Outcome.OPEN)
        .order_by(Withdrawal.is_urgent.desc(), Withdrawal.asked_at, Withdrawal.id)
    )
    return [(item, asked) for item, asked in session.execute(query)]


def open_withdrawals(session: Session, items: Sequence[ContentItem]) -> dict[int, Withdrawal]:
    """Item id → the withdrawal that nobody has decided on."""
    query = select(Withdrawal).where(
        Withdrawal.item_id.in_([item.id for item in items]), Withdrawal.outcome == Outcome.OPEN
    )
    return {asked.item_id: asked for asked in session.scalars(query.order_by(Withdrawal.id))}


def get_replacement(session: Session, viewer: Viewer, asked: Withdrawal | None) -> ContentItem | None:
    """What would replace the text, where the viewer may read that."""
    if asked is None or asked.replacement_id is None:
        return None
    return session.scalar(select(ContentItem).where(ContentItem.id == asked.replacement_id, may_read(viewer)))


def latest_requests(session: Session, items: Sequence[ContentItem]) -> dict[int, ReviewNote]:
    """Item id → the latest request for changes."""
    query = select(ReviewNote).where(
        ReviewNote.item_id.in_([i.id for i in items]), ReviewNote.verdict == Verdict.CHANGES
    )
    return {note.item_id: note for note in session.scalars(query.order_by(ReviewNote.id))}
