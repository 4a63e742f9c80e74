"""What editors and reviewers see: their work lists, all content in any state, one item with its drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from kb.accounts.models import Membership, Unit, User
from kb.accounts.queries import get_viewer
from kb.accounts.roles import Role
from kb.accounts.viewer import Viewer
from kb.audit.models import AuditEvent
from kb.db import json_text
from kb.errors import NotFound
from kb.library.content.deadlinks import Target
from kb.library.content.document import Document, Visibility
from kb.library.core.freshness import Freshness, freshness
from kb.library.core.models import REPLACED, ContentItem, ItemSlug, ReviewNote, Revision, Topic, Withdrawal
from kb.library.core.projection import links_of
from kb.library.core.queries import Reading, Related, links_around
from kb.library.core.visibility import PUBLISHED, can_read_document, may_read, visible
from kb.library.core.workflow import State

DUE_WITHIN = timedelta(days=30)
NEWEST = "andrad"
STATUSES = ("publicerad", "borttagen")


@dataclass(frozen=True)
class ItemFilter:
    """What the list of all content is narrowed to; empty means all. `review` is "snart" or "saknas".

    `order` is `NEWEST` or empty: by title.
    """

    state: str = ""
    kind: str = ""
    topic: str = ""
    words: str = ""
    review: str = ""
    order: str = ""


def may_open(viewer: Viewer) -> ColumnElement[bool]:
    """The condition "the viewer may read this item and its working copy", which is what the desk's pages show."""
    copy = aliased(Revision)
    visibility = func.coalesce(json_text(copy.document, "visibility"), Visibility.OPEN.value)
    own_units = select(Unit.public_id).where(Unit.id.in_(sorted(viewer.unit_ids)))
    for_own_unit = and_(visibility == Visibility.UNIT.value, json_text(copy.document, "unit").in_(own_units))
    for_all = (Visibility.OPEN.value, Visibility.INTERNAL.value)[: 2 if viewer.is_signed_in else 1]
    is_readable = select(copy.id).where(
        copy.id == ContentItem.latest_revision_id, or_(visibility.in_(for_all), for_own_unit)
    )
    return and_(
        may_read(viewer),
        or_(
            ContentItem.latest_revision_id.is_(None),
            ContentItem.latest_revision_id == ContentItem.published_revision_id,
            is_readable.exists(),
        ),
    )


# One item


def get_item(
    session: Session, viewer: Viewer, public_id: str, kind: str = "", *, lock: bool = False
) -> ContentItem:
    """The item with this public id, whatever its state; `lock` keeps others from changing it meanwhile.

    Raises `NotFound`, also when its text or its draft is for a unit that the viewer does not belong to.
    """
    if lock:  # by itself: PostgreSQL looks again at a row it waited for, but with the old revisions beside it
        session.execute(select(ContentItem.id).where(ContentItem.public_id == public_id).with_for_update())
    item = session.scalar(select(ContentItem).where(ContentItem.public_id == public_id, may_open(viewer)))
    if item is None or (kind and item.kind != kind):
        raise NotFound
    return item


def was_deleted(session: Session, public_id: str) -> bool:
    """Whether there was a draft with this public id that somebody deleted."""
    query = select(AuditEvent.id).where(AuditEvent.name == "item.deleted", AuditEvent.subject == public_id)
    return session.scalar(query.limit(1)) is not None


def _may_see(session: Session, viewer: Viewer, revision: Revision) -> bool:
    """Whether an editor who may read the item may know of the revision; of one that cannot be read nothing is shown."""
    document = revision.readable
    return document is None or can_read_document(session, viewer, document)


def get_revision(session: Session, viewer: Viewer, item: ContentItem, number: int) -> Revision:
    """A revision of the item by its number. Raises `NotFound`."""
    query = select(Revision).where(Revision.item_id == item.id, Revision.number == number)
    revision = session.scalar(query)
    if revision is None or not _may_see(session, viewer, revision):
        raise NotFound
    return revision


def list_revisions(session: Session, viewer: Viewer, item: ContentItem) -> list[Revision]:
    """All revisions that the viewer may read, newest first."""
    query = select(Revision).where(Revision.item_id == item.id).order_by(Revision.number.desc())
    return [revision for revision in session.scalars(query) if _may_see(session, viewer, revision)]


def list_notes(session: Session, viewer: Viewer, item: ContentItem) -> list[ReviewNote]:
    """What reviewers have said about those revisions of the item that the viewer may read, newest first."""
    query = (
        select(ReviewNote, Revision)
        .join(Revision, Revision.id == ReviewNote.revision_id)
        .where(ReviewNote.item_id == item.id)
        .order_by(ReviewNote.id.desc())
    )
    return [note for note, revision in session.execute(query) if _may_see(session, viewer, revision)]


def last_seen(session: Session, viewer: Viewer, item: ContentItem) -> Revision | None:
    """The revision that the viewer last gave a verdict on, where a newer one waits and it was not published since."""
    published = item.published_revision.number if item.published_revision else 0
    query = (
        select(Revision)
        .join(ReviewNote, ReviewNote.revision_id == Revision.id)
        .where(
            ReviewNote.item_id == item.id, ReviewNote.author_id == viewer.user_id, Revision.number > published
        )
        .order_by(ReviewNote.id.desc())
    )
    seen = session.scalars(query).first()
    if seen is None or seen.id == item.latest_revision_id or seen.readable is None:
        return None
    return seen if _may_see(session, viewer, seen) else None


def own_units(session: Session, viewer: Viewer) -> Sequence[Unit]:
    """The units that the viewer may write for: those the viewer belongs to."""
    return session.scalars(
        select(Unit).where(Unit.id.in_(sorted(viewer.unit_ids))).order_by(Unit.sort_key, Unit.id)
    ).all()


def unit_names(session: Session) -> dict[str, str]:
    """Public id → name of all units."""
    return {public_id: name for public_id, name in session.execute(select(Unit.public_id, Unit.name))}


# Lists


def item_query(session: Session, viewer: Viewer, chosen: ItemFilter, today: date) -> Select[Any]:
    """A query over the items that the viewer may read, in any state, in Swedish order of the title that is shown."""
    query = select(ContentItem).where(may_open(viewer)).options(selectinload(ContentItem.latest_revision))
    if chosen.state in STATUSES:
        query = query.where(ContentItem.status == chosen.state)
    elif chosen.state:
        query = query.where(ContentItem.workflow == chosen.state, _has_draft())
    if chosen.kind:
        query = query.where(ContentItem.kind == chosen.kind)
    if chosen.topic:
        query = query.where(_of_topic(session, chosen.topic))
    if chosen.words:
        query = query.where(ContentItem.id.in_(_with_words(session, chosen.words)))
    if chosen.review == "snart":
        query = query.where(
            ContentItem.id.in_([item.id for item, _fresh in list_review_due(session, viewer, today)])
        )
    if chosen.review == "saknas":
        query = query.where(ContentItem.status == PUBLISHED, ContentItem.reviewed_by_name.is_(None))
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
        select(ContentItem).where(ContentItem.status == PUBLISHED, may_open(viewer))
    ).all()
    found = [(item, freshness(item, today)) for item in items]
    due = [(item, fresh) for item, fresh in found if fresh.due_on and fresh.due_on - today <= DUE_WITHIN]
    return sorted(due, key=lambda pair: pair[1].due_on or today)


def count_unconfirmed(session: Session, viewer: Viewer) -> int:
    """How many published items nobody here has reviewed."""
    unconfirmed = ContentItem.status == PUBLISHED, ContentItem.reviewed_by_name.is_(None)
    return session.scalar(select(func.count()).where(may_open(viewer), *unconfirmed)) or 0


def list_withdrawals(session: Session, viewer: Viewer) -> list[tuple[ContentItem, Withdrawal]]:
    """What another person has to decide on: texts taken away at once first, then what was asked for, oldest first."""
    query = (
        select(ContentItem, Withdrawal)
        .join(Withdrawal, Withdrawal.item_id == ContentItem.id)
        .where(may_open(viewer), Withdrawal.outcome == "")
        .order_by(Withdrawal.is_urgent.desc(), Withdrawal.asked_at, Withdrawal.id)
    )
    return [(item, asked) for item, asked in session.execute(query)]


def open_withdrawals(session: Session, items: Sequence[ContentItem]) -> dict[int, Withdrawal]:
    """Item id → the withdrawal that nobody has decided on."""
    query = select(Withdrawal).where(
        Withdrawal.item_id.in_([item.id for item in items]), Withdrawal.outcome == ""
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
        ReviewNote.item_id.in_([i.id for i in items]), ReviewNote.verdict == "andring"
    )
    return {note.item_id: note for note in session.scalars(query.order_by(ReviewNote.id))}


def list_writers(session: Session, user_ids: set[int], document: Document) -> list[User]:
    """The open accounts among these whose holders may read the document, which may be for a unit they have left."""
    query = select(User).where(User.id.in_(sorted(user_ids)), User.is_closed.is_(False))
    return [user for user in session.scalars(query) if _may_read_as(session, user, document)]


def list_reviewers(session: Session, document: Document | None) -> list[User]:
    """The open accounts whose holders may review the document."""
    query = select(User).where(
        User.is_closed.is_(False),
        User.id.in_(select(Membership.user_id).where(Membership.role == Role.REVIEWER.value)),
    )
    people = session.scalars(query.order_by(User.sort_key, User.id)).all()
    return [user for user in people if document is None or _may_read_as(session, user, document)]


def _may_read_as(session: Session, user: User, document: Document) -> bool:
    viewer = get_viewer(session, user.id)
    return viewer is not None and can_read_document(session, viewer, document)


# What a draft leads to


def unknown_slugs(session: Session, slugs: set[str]) -> set[str]:
    """Those of the slugs that no item has or once had."""
    if not slugs:
        return set()
    current = session.scalars(select(ContentItem.slug).where(ContentItem.slug.in_(slugs)))
    former = session.scalars(select(ItemSlug.slug).where(ItemSlug.slug.in_(slugs)))
    return slugs - {*current, *former}


def known_targets(session: Session, slugs: set[str]) -> dict[str, Target]:
    """Slug → what stands there, of those slugs that an item has or once had."""
    former = dict(
        session.execute(select(ItemSlug.slug, ItemSlug.item_id).where(ItemSlug.slug.in_(slugs))).all()
    )
    query = select(ContentItem).options(joinedload(ContentItem.published_revision))
    items = session.scalars(
        query.where(or_(ContentItem.slug.in_(slugs), ContentItem.id.in_(former.values())))
    )
    by_id = {item.id: item for item in items}
    found = {slug: _target(by_id[item_id]) for slug, item_id in former.items() if item_id in by_id}
    return found | {item.slug: _target(item) for item in by_id.values()}


def _target(item: ContentItem) -> Target:
    revision = item.published_revision or item.latest_revision
    document = revision.readable if revision else None
    return Target(item.kind, frozenset(step.id for step in document.steps()) if document else None)


def draft_reading(session: Session, viewer: Viewer, item: ContentItem, revision: Revision) -> Reading:
    """What the page of the item would show with this revision: its links lead to what the viewer can see."""
    document = revision.content_of(item.kind)
    named = [link for link in links_of(document) if link[0] != REPLACED]
    slugs = {slug for _place, _key, slug, _step in named}
    query = select(ContentItem).where(ContentItem.slug.in_(slugs), visible(viewer))
    found = {target.slug: target for target in session.scalars(query)}
    links = tuple(
        Related(slug, target.kind, target.title, target.step_count, place, key, step)
        for place, key, slug, step in named
        if (target := found.get(slug)) is not None
    )
    _out, backlinks = links_around(session, viewer, item.id)
    return Reading(item, revision, document, links, backlinks)
