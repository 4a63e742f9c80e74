"""New versions of the texts we ship: renewed where nobody here has vouched for the text, else offered to them."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.errors import Conflict, Refused
from kb.library.content.document import Document, Visibility
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.reviewing import ShippedVersion
from kb.library.core.visibility import may_open
from kb.library.core.workflow import Course, Origin, State, Status, Way
from kb.library.services.noting import note_event
from kb.library.services.publication import put_public
from kb.library.services.revisions import add_revision

SHIPPER = Viewer(public_id="system", name="Rådrum")
REASON = "Ny version från Rådrum"
RENEWED_FOR = timedelta(days=30)


# At a start


def offer(session: Session, item: ContentItem, document: Document) -> str:
    """What is done with a shipped version of an item that exists: "unchanged", "kept", "offered", or "" to renew it."""
    waiting = session.get(ShippedVersion, item.id)
    if item.loaded_digest == document.digest or _says_the_same(item, document):
        if waiting is not None:
            session.delete(waiting)
        item.loaded_digest = document.digest
        return "unchanged"
    if not item.is_published:
        return "kept"
    if not is_vouched_for(item):
        return ""
    if waiting is not None and waiting.digest == document.digest:
        return "unchanged"
    session.merge(
        ShippedVersion(
            item_id=item.id, document=document.to_dict(), digest=document.digest, arrived_at=clock.now()
        )
    )
    return "offered"


def is_vouched_for(item: ContentItem) -> bool:
    """Whether somebody here has confirmed, edited or loaded the text, or is writing on it."""
    return bool(
        item.is_edited_here
        or item.reviewed_by_name
        or item.origin != Origin.SHIPPED
        or item.workflow != State.REST
    )


def ours(item: ContentItem, document: Document) -> Document:
    """The shipped document with what the organisation decides about the text: who may read, who owns, how often."""
    published = item.published_revision
    if published is None:
        return document
    own = published.readable
    if own is None:  # who may read it is all that is still known
        is_open = item.visibility == Visibility.OPEN
        return replace(document, visibility=(Visibility.OPEN if is_open else Visibility.INTERNAL).value)
    return replace(
        document,
        visibility=own.visibility,
        unit=own.unit,
        owner=own.owner,
        review_interval_months=own.review_interval_months,
    )


def _says_the_same(item: ContentItem, document: Document) -> bool:
    published = item.published_revision
    return (
        item.is_published
        and published is not None
        and (own := published.readable) is not None
        and own.digest == ours(item, document).digest
    )


# Deciding


def get_shipped(session: Session, item: ContentItem, digest: str) -> ShippedVersion:
    """The version that waits, as the person has seen it. Raises `Refused` when it is decided, `Conflict` when newer."""
    waiting = session.get(ShippedVersion, item.id)
    if waiting is None:
        raise Refused("Den nya versionen är redan avgjord.")
    if waiting.digest != digest:
        raise Conflict("Det har kommit en nyare version från Rådrum. Läs den innan du bestämmer.")
    return waiting


def take_over(session: Session, item: ContentItem, *, digest: str, by: Viewer) -> None:
    """Publish the shipped version, reviewed by `by`; done already by the same person it changes nothing.

    Raises `Refused` while a draft is being written.
    """
    if item.loaded_digest == digest and item.reviewed_by_id == by.user_id:
        return
    waiting = get_shipped(session, item, digest)
    _has_no_draft(item)
    revision = add_revision(
        session, item, ours(item, waiting.content), by=SHIPPER, reason=REASON, way=Way.LOADED
    )
    revision.approved_by_id, revision.approved_by_name = by.user_id, by.name
    item.reviewed_by_id, item.reviewed_by_name, item.reviewed_on = by.user_id, by.name, clock.today()
    item.is_edited_here, item.origin = False, Origin.SHIPPED
    _settle(session, item, waiting)
    put_public(session, item, revision, by=by, way=Course.SHIPPED)
    note_event(session, "item.shipped_taken", item, by=by, way=Course.PUBLISHED)


def take_as_draft(session: Session, item: ContentItem, *, digest: str, by: Viewer) -> None:
    """Make the shipped version the working copy, to be changed and reviewed like any other."""
    waiting = get_shipped(session, item, digest)
    _has_no_draft(item)
    add_revision(session, item, ours(item, waiting.content), by=by, reason=REASON, way=Way.LOADED)
    item.workflow, item.is_edited_here = State.DRAFT, True
    _settle(session, item, waiting)
    note_event(session, "item.shipped_taken", item, by=by, way=Course.AS_DRAFT)


def keep_own(session: Session, item: ContentItem, *, digest: str, by: Viewer) -> None:
    """Go on with the text as it is here; this version is not offered again."""
    _settle(session, item, get_shipped(session, item, digest))
    note_event(session, "item.shipped_declined", item, by=by)


def list_offers(session: Session, viewer: Viewer) -> list[tuple[ContentItem, ShippedVersion]]:
    """The new versions that wait for a decision, those that nobody here has edited first."""
    query = (
        select(ContentItem, ShippedVersion)
        .join(ShippedVersion, ShippedVersion.item_id == ContentItem.id)
        .where(may_open(viewer), ContentItem.status == Status.PUBLISHED)
        .order_by(ContentItem.is_edited_here, ContentItem.id)
    )
    return [(item, waiting) for item, waiting in session.execute(query)]


def list_renewed(session: Session, viewer: Viewer) -> list[tuple[ContentItem, Revision]]:
    """Texts that a new release has renewed lately without asking, newest first."""
    query = (
        select(ContentItem, Revision)
        .join(Revision, Revision.id == ContentItem.published_revision_id)
        .where(
            may_open(viewer),
            ContentItem.origin == Origin.SHIPPED,
            ContentItem.status == Status.PUBLISHED,
            Revision.way == Way.LOADED,
            Revision.approved_by_id.is_(None),
            Revision.version > 1,
            Revision.published_at > clock.now() - RENEWED_FOR,
        )
        .order_by(Revision.published_at.desc(), ContentItem.id)
    )
    return [(item, revision) for item, revision in session.execute(query)]


def _has_no_draft(item: ContentItem) -> None:
    if not item.is_published:
        raise Refused("Texten är inte publicerad hos er.")
    if item.workflow != State.REST:
        raise Refused(f"Ett utkast till ”{item.title}” pågår. Publicera det först.")


def _settle(session: Session, item: ContentItem, waiting: ShippedVersion) -> None:
    item.loaded_digest = waiting.digest
    session.delete(waiting)
    session.flush()
