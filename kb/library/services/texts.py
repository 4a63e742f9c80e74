"""What changes content: creating, saving, reviewing, publishing, withdrawing, restoring, renaming."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.audit.services import record
from kb.errors import Conflict, Forbidden, Invalid, Refused
from kb.jobs.services import enqueue
from kb.library.content.bounds import problems
from kb.library.content.checks import blocking
from kb.library.content.document import Document
from kb.library.core import workflow
from kb.library.core.authorship import writers, writers_of_published
from kb.library.core.models import (
    ITEM_CLASSES,
    CommonSituation,
    ContentItem,
    GlossaryTerm,
    ItemSlug,
    Revision,
    Withdrawal,
)
from kb.library.core.projection import adopt_links, find_by_slug, project, restamp
from kb.library.core.visibility import Validity, validity
from kb.library.core.workflow import Act, State
from kb.library.services.noting import add_review_note, has_said, named, note_event
from kb.text.sanitize import CLEANER_VERSION
from kb.text.slugs import slugify, unique_slug


class RevisionConflict(Conflict):
    """Somebody saved a newer revision; `current` is that `Revision`."""

    message = "Någon annan har sparat texten medan du skrev. Här är båda versionerna."


def create_item(
    session: Session, document: Document, *, by: Viewer, slug: str = "", reason: str = "Ny text"
) -> ContentItem:
    """A new item with its first draft. Raises `Invalid` for an empty title or a slug that is taken."""
    if not document.title.strip():
        raise Invalid("title", "Skriv en titel.")
    if slug and find_by_slug(session, slugify(slug)) is not None:
        raise Invalid("slug", f"Adressen ”{slugify(slug)}” används redan.")
    item = new_item(session, document, slugify(slug) if slug else _free_slug(session, document.title))
    item.is_edited_here = True
    add_revision(session, item, document, by=by, reason=reason)
    item.workflow = State.DRAFT
    record(session, "item.created", actor=by.actor, subject=item.public_id, kind=item.kind, **named(item))
    return item


def new_item(session: Session, document: Document, slug: str) -> ContentItem:
    """A bare item, projected, without a revision yet."""
    now = clock.now()
    item = ITEM_CLASSES[document.kind](
        kind=document.kind, slug=slug, title=document.title, created_at=now, updated_at=now
    )
    session.add(item)
    session.flush()
    project(session, item, document)
    adopt_links(session, item)
    return item


def save_draft(
    session: Session, item: ContentItem, document: Document, *, base: int | None, by: Viewer, reason: str = ""
) -> Revision:
    """Save a working copy on top of revision `base`; unchanged content makes no revision.

    Raises `RevisionConflict` when `base` is not the newest, `Invalid` for an empty title.
    """
    if not document.title.strip():
        raise Invalid("title", "Skriv en titel.")
    latest = item.latest_revision
    if latest is not None and latest.digest == document.digest:
        return latest  # also when the same form was sent twice, with a base that is the newest no more
    if latest is not None and base != latest.id:
        raise RevisionConflict(current=latest)
    revision = add_revision(session, item, document, by=by, reason=reason)
    _take_in(session, item, revision)
    record(
        session,
        "item.saved",
        actor=by.actor,
        subject=item.public_id,
        **named(item),
        revision=revision.number,
    )
    return revision


def add_revision(
    session: Session,
    item: ContentItem,
    document: Document,
    *,
    by: Viewer,
    reason: str,
    way: str = "redaktion",
) -> Revision:
    """Store the document as the item's newest revision."""
    last = session.scalar(select(func.max(Revision.number)).where(Revision.item_id == item.id)) or 0
    revision = Revision(
        item_id=item.id,
        number=last + 1,
        document=document.to_dict(),
        digest=document.digest,
        cleaner=CLEANER_VERSION,
        author_id=by.user_id,
        author_name=by.name,
        reason=reason.strip(),
        way=way,
        created_at=clock.now(),
    )
    session.add(revision)
    session.flush()
    item.latest_revision = revision
    item.updated_at = revision.created_at
    session.flush()
    return revision


def submit_for_review(session: Session, item: ContentItem, *, by: Viewer) -> None:
    """Send the working copy to review; one that is there stays there.

    Raises `Invalid` for the first error that the checks find.
    """
    revision = _working_copy(item)
    if item.workflow == State.REVIEW:
        return
    if item.workflow == State.REST:
        raise Refused("Det finns inget att granska: texten är som läsarna ser den.")
    found = blocking(revision.content)
    if found:
        raise Invalid(found[0].field, found[0].message)
    _leaves_no_gap(item, revision.content)
    item.workflow = workflow.after(item.workflow, Act.SUBMIT)
    item.submitted_at, item.submitted_by_name = clock.now(), by.name
    note_event(session, "item.submitted", item, revision, by)


def approve(session: Session, item: ContentItem, *, by: Viewer, seen: int | None = None) -> None:
    """Approve the working copy; `seen` is the id of the revision that the reviewer has read.

    Raises `Forbidden` for someone who has written on it, `RevisionConflict` when there is a newer revision.
    """
    revision = _working_copy(item)
    if item.workflow == State.APPROVED and (revision.approved_by_id, revision.id) == (by.user_id, seen):
        return  # the second of two clicks
    if by.user_id in writers(session, item):
        raise Forbidden("Du har själv skrivit på texten. En annan person behöver granska den.")
    _has_seen(revision, seen)
    item.workflow = workflow.after(item.workflow, Act.APPROVE)
    revision.approved_by_id, revision.approved_by_name = by.user_id, by.name
    add_review_note(session, item, revision, by, "godkand", "")
    note_event(session, "item.approved", item, revision, by)


def request_changes(session: Session, item: ContentItem, text: str, *, by: Viewer) -> None:
    """Send the working copy back with a comment, which is mailed to the author by a job."""
    if not text.strip():
        raise Invalid("text", "Skriv vad som behöver ändras.")
    revision = _working_copy(item)
    if item.workflow == State.CHANGES and has_said(session, item, text, by):
        return  # the second of two clicks
    item.workflow = workflow.after(item.workflow, Act.REQUEST_CHANGES)
    revision.approved_by_id = revision.approved_by_name = None
    note = add_review_note(session, item, revision, by, "andring", text)
    enqueue(session, "library.mail_review_note", {"note": note.id})
    note_event(session, "item.changes_requested", item, revision, by)


def publish(session: Session, item: ContentItem, *, by: Viewer, seen: int | None = None) -> None:
    """Publish the approved working copy: readers see it, search gets its job, in this transaction."""
    revision = _working_copy(item)
    _has_seen(revision, seen)
    item.workflow = workflow.after(item.workflow, Act.PUBLISH)
    item.reviewed_by_id, item.reviewed_by_name = revision.approved_by_id, revision.approved_by_name
    item.reviewed_on = clock.today()
    put_public(session, item, revision, by=by, way="granskning")


def approve_and_publish(session: Session, item: ContentItem, *, by: Viewer, seen: int | None = None) -> None:
    """Approve, if nobody has yet, and publish; what readers see already stays. Raises as `approve` and `publish` do."""
    if item.workflow == State.REST and item.is_published and item.published_revision_id == seen:
        return
    if item.workflow != State.APPROVED:
        approve(session, item, by=by, seen=seen)
    publish(session, item, by=by, seen=seen)


def put_public(session: Session, item: ContentItem, revision: Revision, *, by: Viewer, way: str) -> None:
    """Make `revision` what readers see. Raises `Invalid` when something that is required is missing."""
    document = revision.content
    found = problems(document)
    if found:
        raise Invalid(found[0].field, found[0].message)
    _leaves_no_gap(item, document)
    now = clock.now()
    item.version += 1
    revision.version, revision.published_at = item.version, now
    item.published_revision = revision
    item.status, item.published_at = "publicerad", now
    item.first_published_at = item.first_published_at or now
    item.withdrawn_at = item.withdrawn_reason = item.replacement_id = None
    _end_urgent_withdrawal(session, item, by)
    project(session, item, document)
    index(session, item)
    record(
        session,
        "item.published",
        actor=by.actor,
        subject=item.public_id,
        **named(item),
        version=item.version,
        way=way,
    )


def _leaves_no_gap(item: ContentItem, document: Document) -> None:
    """A version for a later day must not take away the one that readers have until then."""
    is_shown = item.is_published and validity(item) == Validity.NOW
    if is_shown and document.valid_from > clock.today().isoformat():
        raise Invalid(
            "valid_from",
            "Texten är publicerad och gäller nu. Med ett senare första datum skulle läsarna vara utan den till dess. "
            "Publicera den nya versionen den dag den ska gälla, eller skriv den som en ny text.",
        )


def confirm(session: Session, item: ContentItem, *, by: Viewer) -> None:
    """A reviewer here vouches for the published text as it stands."""
    if item.published_revision is None or not item.is_published:
        raise Refused("Texten är inte publicerad.")
    if by.user_id in writers_of_published(session, item):
        raise Forbidden("Du har själv skrivit texten. En annan person behöver granska den.")
    item.reviewed_by_id, item.reviewed_by_name, item.reviewed_on = by.user_id, by.name, clock.today()
    index(session, item)
    record(
        session,
        "item.confirmed",
        actor=by.actor,
        subject=item.public_id,
        **named(item),
        version=item.version,
    )


def withdraw(
    session: Session,
    item: ContentItem,
    *,
    reason: str,
    replacement: ContentItem | None,
    by: Viewer,
    way: str = "",
) -> None:
    """Take a published item away; its address answers 410 with the reason and the replacement.

    Who may, and who has to agree, is said in `kb.library.services.withdrawals`.
    """
    check_withdrawal(item, reason=reason, replacement=replacement)
    item.status, item.withdrawn_at = "borttagen", clock.now()
    item.withdrawn_reason = reason.strip()
    item.replacement_id = replacement.id if replacement else None
    item.workflow = State.DRAFT if item.workflow == State.REST else item.workflow
    item.is_edited_here = True
    index(session, item)
    record(
        session,
        "item.withdrawn",
        actor=by.actor,
        subject=item.public_id,
        **named(item),
        replacement=named(replacement).get("slug") if replacement else None,
        way=way,
    )


def check_withdrawal(item: ContentItem, *, reason: str, replacement: ContentItem | None) -> None:
    """Raise `Refused` for what is not published, `Invalid` without a reason or with itself as replacement."""
    if not item.is_published:
        raise Refused("Texten är inte publicerad.")
    if not reason.strip():
        raise Invalid("reason", "Skriv varför texten tas bort. Läsarna ser svaret.")
    if replacement is not None and replacement.id == item.id:
        raise Invalid("replacement", "En text kan inte ersätta sig själv.")


def restore(
    session: Session, item: ContentItem, revision: Revision, *, base: int | None, by: Viewer
) -> Revision:
    """Make an older revision the working copy again (a new revision; nothing is lost)."""
    if revision.item_id != item.id:
        raise Refused("Versionen hör till en annan text.")
    latest = item.latest_revision
    if latest is not None and base != latest.id:
        raise RevisionConflict(
            "Texten har ändrats sedan du öppnade historiken. Öppna den igen.", current=latest
        )
    if latest is not None and latest.digest == revision.digest:
        return latest
    restored = add_revision(
        session,
        item,
        revision.content,
        by=by,
        reason=f"Hämtad från version {revision.number}",
        way="aterstallning",
    )
    _take_in(session, item, restored)
    record(
        session,
        "item.restored",
        actor=by.actor,
        subject=item.public_id,
        **named(item),
        revision=restored.number,
        from_revision=revision.number,
    )
    return restored


def rename(session: Session, item: ContentItem, slug: str, *, by: Viewer) -> None:
    """Give the item a new address; the old one leads on (301)."""
    if not any(character.isalnum() for character in slug):
        raise Invalid("slug", "Skriv en adress med bokstäver eller siffror.")
    slug = slugify(slug)
    if slug == item.slug:
        return
    other = find_by_slug(session, slug)
    if other is not None and other.id != item.id:
        raise Invalid("slug", f"Adressen ”{slug}” används redan.")
    former = session.get(ItemSlug, slug)
    if former is not None:
        session.delete(former)
    old = item.slug
    session.add(ItemSlug(slug=old, item_id=item.id))
    item.slug, item.is_edited_here = slug, True
    session.flush()
    for table in (CommonSituation, GlossaryTerm):
        session.execute(update(table).where(table.item_slug == old).values(item_slug=slug))
    adopt_links(session, item)
    index(session, item)
    was = {"old_slug": old} if named(item) else {}
    record(session, "item.renamed", actor=by.actor, subject=item.public_id, **named(item), **was)


def index(session: Session, item: ContentItem) -> None:
    """Tell search, in the same transaction, that the item has changed."""
    session.flush()
    restamp(session)
    enqueue(session, "search.index_item", {"item": item.id}, queue="search")


def _take_in(session: Session, item: ContentItem, revision: Revision) -> None:
    """The item has a new working copy; one that is equal to what readers see leaves nothing to do."""
    published = item.published_revision
    is_done = item.is_published and published is not None and published.digest == revision.digest
    item.workflow = State.REST if is_done else workflow.after(item.workflow, Act.SAVE)
    item.is_edited_here = True
    if not item.version:
        project(session, item, revision.content)


def _end_urgent_withdrawal(session: Session, item: ContentItem, by: Viewer) -> None:
    """A text that was taken away at once and is published anew has been decided on by its reviewer."""
    is_open = Withdrawal.item_id == item.id, Withdrawal.outcome == "", Withdrawal.is_urgent
    decision = {"outcome": "publicerad", "decided_by_id": by.user_id, "decided_by_name": by.name}
    session.execute(update(Withdrawal).where(*is_open).values(**decision, decided_at=clock.now()))


def _has_seen(revision: Revision, seen: int | None) -> None:
    if seen is not None and seen != revision.id:
        raise RevisionConflict(
            "Texten har ändrats sedan du öppnade den. Läs den nya versionen.", current=revision
        )


def _working_copy(item: ContentItem) -> Revision:
    if item.latest_revision is None:
        raise Refused("Texten har inget innehåll än.")
    return item.latest_revision


def _free_slug(session: Session, title: str) -> str:
    return unique_slug(slugify(title) or "text", lambda slug: find_by_slug(session, slug) is not None)
