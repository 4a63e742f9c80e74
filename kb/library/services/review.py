"""Review: sending a draft there, approving it, asking for changes, vouching for what readers see."""

from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.errors import Forbidden, Invalid, Refused
from kb.jobs.outbox import enqueue
from kb.library.content.checks import blocking
from kb.library.core import workflow
from kb.library.core.authorship import writers, writers_of_published
from kb.library.core.models.items import ContentItem
from kb.library.core.workflow import Act, State, Verdict
from kb.library.services.noting import add_review_note, has_said, note_event
from kb.library.services.publication import index, leaves_no_gap, publish
from kb.library.services.revisions import has_seen, working_copy


def submit_for_review(session: Session, item: ContentItem, *, by: Viewer) -> None:
    """Send the working copy to review; one that is there stays there.

    Raises `Invalid` for the first error that the checks find.
    """
    revision = working_copy(item)
    if item.workflow == State.REVIEW:
        return
    if item.workflow == State.REST:
        raise Refused("Det finns inget att granska: texten är som läsarna ser den.")
    found = blocking(revision.content)
    if found:
        raise Invalid(found[0].field, found[0].message)
    leaves_no_gap(item, revision.content)
    item.workflow = workflow.after(item.workflow, Act.SUBMIT)
    item.submitted_at, item.submitted_by_name = clock.now(), by.name
    note_event(session, "item.submitted", item, by=by, revision=revision.number)


def approve(session: Session, item: ContentItem, *, by: Viewer, seen: int | None = None) -> None:
    """Approve the working copy; `seen` is the id of the revision that the reviewer has read.

    Raises `Forbidden` for someone who has written on it, `RevisionConflict` when there is a newer revision.
    """
    revision = working_copy(item)
    if item.workflow == State.APPROVED and (revision.approved_by_id, revision.id) == (by.user_id, seen):
        return  # the second of two clicks
    if by.user_id in writers(session, item):
        raise Forbidden("Du har själv skrivit på texten. En annan person behöver granska den.")
    has_seen(revision, seen)
    item.workflow = workflow.after(item.workflow, Act.APPROVE)
    revision.approved_by_id, revision.approved_by_name = by.user_id, by.name
    add_review_note(session, item, revision, by=by, verdict=Verdict.APPROVED)
    note_event(session, "item.approved", item, by=by, revision=revision.number)


def request_changes(session: Session, item: ContentItem, text: str, *, by: Viewer) -> None:
    """Send the working copy back with a comment, which is mailed to the author by a job."""
    if not text.strip():
        raise Invalid("text", "Skriv vad som behöver ändras.")
    revision = working_copy(item)
    if item.workflow == State.CHANGES and has_said(session, item, text, by):
        return  # the second of two clicks
    item.workflow = workflow.after(item.workflow, Act.REQUEST_CHANGES)
    revision.approved_by_id = revision.approved_by_name = None
    note = add_review_note(session, item, revision, by=by, verdict=Verdict.CHANGES, text=text)
    enqueue(session, "library.mail_review_note", {"note": note.id})
    note_event(session, "item.changes_requested", item, by=by, revision=revision.number)


def approve_and_publish(session: Session, item: ContentItem, *, by: Viewer, seen: int | None = None) -> None:
    """Approve, if nobody has yet, and publish; what readers see already stays. Raises as `approve` and `publish` do."""
    if item.workflow == State.REST and item.is_published and item.published_revision_id == seen:
        return
    if item.workflow != State.APPROVED:
        approve(session, item, by=by, seen=seen)
    publish(session, item, by=by, seen=seen)


def confirm(session: Session, item: ContentItem, *, by: Viewer) -> None:
    """A reviewer here vouches for the published text as it stands."""
    if item.published_revision is None or not item.is_published:
        raise Refused("Texten är inte publicerad.")
    if by.user_id in writers_of_published(session, item):
        raise Forbidden("Du har själv skrivit texten. En annan person behöver granska den.")
    item.reviewed_by_id, item.reviewed_by_name, item.reviewed_on = by.user_id, by.name, clock.today()
    index(session, item)
    note_event(session, "item.confirmed", item, by=by, version=item.version)
