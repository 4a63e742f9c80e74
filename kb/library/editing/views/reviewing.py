"""Reviewing and publishing: each change of state is a resource of its own."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.library.blueprint import ITEM, bp
from kb.library.content.checks import Check, run_checks
from kb.library.content.comparing import changed_words
from kb.library.core import authorship, workflow
from kb.library.core.queries.comparison import compare_documents
from kb.library.core.queries.drafts import get_item
from kb.library.core.queries.versions import last_seen, list_notes
from kb.library.core.workflow import Act, State
from kb.library.editing import editorial, worklist
from kb.library.editing.forms.items import CommentForm
from kb.library.editing.targets import dead_links_of
from kb.library.editing.views.editing import Answer, submit
from kb.library.permissions import Permission
from kb.library.services import review, withdrawals
from kb.library.services.revisions import RevisionConflict
from kb.web.guards import requires
from kb.web.landmarks import Landmark
from kb.web.sessions import reader, transaction


@bp.get("/redaktion/granska/<public_id>")
@requires(Permission.REVIEW)
def review_show(public_id: str) -> str:
    """What has changed since the published version, the findings, and the reviewer's choices."""
    return _review_page(public_id, CommentForm())


@bp.post(f"{ITEM}/granskning")
@requires(Permission.EDIT)
def submission_create(kind: str, public_id: str) -> Response:
    """Send the draft to review."""
    return submit(kind, public_id)


@bp.post(f"{ITEM}/godkannande")
@requires(Permission.REVIEW)
def approval_create(kind: str, public_id: str) -> Response:
    """Approve the draft without publishing it."""
    with transaction() as session:
        item = get_item(session, current_viewer(), public_id, kind, lock=True)
        review.approve(session, item, by=current_viewer(), seen=_seen())
        path = editorial.review_path(item)
    flash("Texten är godkänd. Den är inte publicerad än.")
    return redirect(path, 303)


@bp.post(f"{ITEM}/andringsbegaran")
@requires(Permission.REVIEW)
def change_request_create(kind: str, public_id: str) -> Answer:
    """Send the draft back with a comment."""
    form = CommentForm(request.form)
    if not form.validate():
        item = get_item(reader(), current_viewer(), public_id, kind)
        workflow.after(item.workflow, Act.REQUEST_CHANGES)  # what is decided already has no form to mend
        return _review_page(public_id, form), 422
    with transaction() as session:
        item = get_item(session, current_viewer(), public_id, kind, lock=True)
        review.request_changes(session, item, form.text.data, by=current_viewer())
    flash("Kommentaren är skickad till den som skrev.")
    return redirect(url_for(Landmark.DESK), 303)


@bp.post(f"{ITEM}/publicering")
@requires(Permission.REVIEW)
def publication_create(kind: str, public_id: str) -> Response:
    """Publish the draft; approve it first where nobody has."""
    with transaction() as session:
        item = get_item(session, current_viewer(), public_id, kind, lock=True)
        review.approve_and_publish(session, item, by=current_viewer(), seen=_seen())
        words = editorial.published_words(item)
    flash(words)
    return redirect(url_for(Landmark.DESK), 303)


@bp.post(f"{ITEM}/bekraftelse")
@requires(Permission.REVIEW)
def confirmation_create(kind: str, public_id: str) -> Response:
    """Vouch for the published text as it stands."""
    with transaction() as session:
        item = get_item(session, current_viewer(), public_id, kind, lock=True)
        review.confirm(session, item, by=current_viewer())
        path = editorial.review_path(item)
    flash("Texten är granskad av er. Läsarna ser ditt namn och dagens datum.")
    return redirect(path, 303)


def _seen() -> int:
    """The revision that the reviewer had before the eyes; 0 fits none."""
    typed = request.form.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


def _review_page(public_id: str, form: CommentForm) -> str:
    session, viewer = reader(), current_viewer()
    item = get_item(session, viewer, public_id)
    latest, published = item.latest_revision, item.published_revision
    if latest is None:
        raise RevisionConflict("Texten har inget innehåll än.")
    asked = withdrawals.open_withdrawal(session, item)
    found = run_checks(latest.content, dead_links_of(session, latest.content))
    can_edit = viewer.can(Permission.EDIT)
    seen = last_seen(session, viewer, item) if request.args.get("jamfor") != "allt" else None
    base = seen or (published if editorial.has_draft(item) else None)
    rows = compare_documents(session, base.readable if base else None, latest.content)
    return render_template(
        "library/edit_review.html",
        form=form,
        item=item,
        latest=latest,
        published=published,
        seen=seen,
        heading=editorial.title_of(item),
        path=editorial.edit_path(item),
        states=editorial.states_of(item, asked),
        asked=asked,
        is_own_wish=asked is not None and asked.asked_by_id == viewer.user_id,
        replacement=worklist.get_replacement(session, viewer, asked),
        is_draft=editorial.has_draft(item),
        is_waiting=item.workflow in (State.REVIEW, State.APPROVED),
        is_approved=item.workflow == State.APPROVED,
        is_own=viewer.user_id in authorship.writers(session, item),
        can_confirm=item.is_published
        and viewer.user_id not in authorship.writers_of_published(session, item),
        can_edit=can_edit,
        rows=rows,
        changed=changed_words(rows),
        waited=editorial.waited(item.submitted_at),
        checks=editorial.check_rows(found, editorial.edit_path(item)) if can_edit else _without_links(found),
        checks_words=editorial.check_words(found),
        notes=editorial.note_rows(list_notes(session, viewer, item)),
    )


def _without_links(found: list[Check]) -> list[dict[str, object]]:
    return [row | {"url": None} for row in editorial.check_rows(found)]
