"""What readers see: publishing a revision, taking a text away, and telling search of it."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.errors import Invalid, Refused
from kb.jobs.outbox import enqueue
from kb.library.content.bounds import problems
from kb.library.content.document import Document
from kb.library.core import workflow
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.reviewing import Withdrawal
from kb.library.core.projection import project, restamp
from kb.library.core.visibility import Validity, validity
from kb.library.core.workflow import Act, Course, Outcome, State, Status
from kb.library.services.noting import named_slug, note_event
from kb.library.services.revisions import has_seen, working_copy


def publish(session: Session, item: ContentItem, *, by: Viewer, seen: int | None = None) -> None:
    """Publish the approved working copy: readers see it, search gets its job, in this transaction."""
    revision = working_copy(item)
    has_seen(revision, seen)
    item.workflow = workflow.after(item.workflow, Act.PUBLISH)
    item.reviewed_by_id, item.reviewed_by_name = revision.approved_by_id, revision.approved_by_name
    item.reviewed_on = clock.today()
    put_public(session, item, revision, by=by, way=Course.REVIEW)


def put_public(session: Session, item: ContentItem, revision: Revision, *, by: Viewer, way: str) -> None:
    """Make `revision` what readers see. Raises `Invalid` when something that is required is missing."""
    document = revision.content
    found = problems(document)
    if found:
        raise Invalid(found[0].field, found[0].message)
    leaves_no_gap(item, document)
    now = clock.now()
    item.version += 1
    revision.version, revision.published_at = item.version, now
    item.published_revision = revision
    item.status, item.published_at = Status.PUBLISHED, now
    item.first_published_at = item.first_published_at or now
    item.withdrawn_at = item.withdrawn_reason = item.replacement_id = None
    _end_urgent_withdrawal(session, item, by)
    project(session, item, document)
    index(session, item)
    note_event(session, "item.published", item, by=by, version=item.version, way=way)


def leaves_no_gap(item: ContentItem, document: Document) -> None:
    """A version for a later day must not take away the one that readers have until then."""
    is_shown = item.is_published and validity(item) == Validity.NOW
    if is_shown and document.valid_from > clock.today().isoformat():
        raise Invalid(
            "valid_from",
            "Texten är publicerad och gäller nu. Med ett senare första datum skulle läsarna vara utan den till dess. "
            "Publicera den nya versionen den dag den ska gälla, eller skriv den som en ny text.",
        )


def _end_urgent_withdrawal(session: Session, item: ContentItem, by: Viewer) -> None:
    """A text that was taken away at once and is published anew has been decided on by its reviewer."""
    is_open = Withdrawal.item_id == item.id, Withdrawal.outcome == Outcome.OPEN, Withdrawal.is_urgent
    decision = {"outcome": Outcome.REPUBLISHED, "decided_by_id": by.user_id, "decided_by_name": by.name}
    session.execute(update(Withdrawal).where(*is_open).values(**decision, decided_at=clock.now()))


def withdraw(
    session: Session,
    item: ContentItem,
    *,
    reason: str,
    replacement: ContentItem | None,
    by: Viewer,
    way: str = Course.UNSAID,
) -> None:
    """Take a published item away; its address answers 410 with the reason and the replacement.

    Who may, and who has to agree, is said in `kb.library.services.withdrawals`.
    """
    check_withdrawal(item, reason=reason, replacement=replacement)
    item.status, item.withdrawn_at = Status.WITHDRAWN, clock.now()
    item.withdrawn_reason = reason.strip()
    item.replacement_id = replacement.id if replacement else None
    item.workflow = State.DRAFT if item.workflow == State.REST else item.workflow
    item.is_edited_here = True
    index(session, item)
    note_event(
        session,
        "item.withdrawn",
        item,
        by=by,
        replacement=named_slug(replacement),
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


def index(session: Session, item: ContentItem) -> None:
    """Tell search, in the same transaction, that the item has changed."""
    session.flush()
    restamp(session)
    enqueue(session, "search.index_item", {"item": item.id})
