"""New versions of shipped texts: what waits for a decision, what was renewed, one or many taken over."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.errors import Conflict, Invalid, NotFound, Refused
from kb.library.addresses import address, history_address
from kb.library.blueprint import bp
from kb.library.content.comparing import changed_words
from kb.library.core.models.items import ContentItem
from kb.library.core.models.reviewing import ShippedVersion
from kb.library.core.queries.comparison import compare_documents
from kb.library.core.queries.drafts import get_item
from kb.library.core.workflow import Origin, State
from kb.library.editing import editorial
from kb.library.permissions import Permission
from kb.library.services import shipping
from kb.text.wording import counted, swedish_date
from kb.web.guards import requires
from kb.web.sessions import reader, transaction

KEEP = "behall"


@bp.get("/redaktion/nya-versioner")
@requires(Permission.DESK)
def shipped_version_index() -> str:
    """All that waits, and what was renewed without asking."""
    session, viewer = reader(), current_viewer()
    return render_template(
        "library/shipped_index.html",
        rows=[_row(item, waiting) for item, waiting in shipping.list_offers(session, viewer)],
        renewed=[
            {
                "title": item.name,
                "url": address(item.kind, item.slug),
                "history_url": history_address(item.kind, item.slug),
                "meta": swedish_date(revision.published_at),
            }
            for item, revision in shipping.list_renewed(session, viewer)
        ],
        can_review=viewer.can(Permission.REVIEW),
    )


@bp.post("/redaktion/nya-versioner")
@requires(Permission.REVIEW)
def shipped_version_update() -> Response:
    """Take over, or keep, all that were chosen; each for itself."""
    chosen = [value.partition(":")[::2] for value in request.form.getlist("text")]
    is_kept = request.form.get("gor") == KEEP
    act = shipping.keep_own if is_kept else shipping.take_over
    done, refused = 0, []
    for public_id, digest in chosen:
        message = _decide(public_id, digest, act)
        done += not message
        refused += [message] if message else []
    if not chosen:
        flash("Välj minst en text.", "error")
    for message in refused:
        flash(message, "error")
    if done:
        texts = counted(done, "text", "texter")
        flash(
            f"Ni behåller er version av {texts}."
            if is_kept
            else f"{texts} är {'tagen över och granskad' if done == 1 else 'tagna över och granskade'} av dig."
        )
    return redirect(url_for(".shipped_version_index"), 303)


@bp.get("/redaktion/nya-versioner/<public_id>")
@requires(Permission.DESK)
def shipped_version_show(public_id: str) -> str:
    """One text: what the new version changes in what readers see here."""
    session, viewer = reader(), current_viewer()
    item, waiting = _find(session, public_id)
    rows = compare_documents(
        session,
        item.published_revision.content if item.published_revision else None,
        shipping.ours(item, waiting.content),
    )
    return render_template(
        "library/shipped_show.html",
        item=item,
        waiting=waiting,
        row=_row(item, waiting),
        rows=rows,
        changed=changed_words(rows),
        can_edit=viewer.can(Permission.EDIT),
        can_review=viewer.can(Permission.REVIEW),
    )


@bp.post("/redaktion/nya-versioner/<public_id>/utkast")
@requires(Permission.EDIT)
def shipped_draft_create(public_id: str) -> Response:
    """Make the new version a draft, to be changed and reviewed here."""
    message = _decide(public_id, request.form.get("digest", ""), shipping.take_as_draft)
    if message:
        flash(message, "error")
        return redirect(url_for(".shipped_version_index"), 303)
    flash(
        "Den nya versionen är hämtad som utkast. Läsarna ser er text tills utkastet är granskat och publicerat."
    )
    return redirect(editorial.edit_path(get_item(reader(), current_viewer(), public_id)), 303)


def _decide(public_id: str, digest: str, act: Callable[..., None]) -> str:
    """Do it in a transaction of its own; what was in the way, or nothing."""
    try:
        with transaction() as session:
            item = get_item(session, current_viewer(), public_id, lock=True)
            act(session, item, digest=digest, by=current_viewer())
    except (Refused, Conflict, Invalid) as error:
        return error.message
    except NotFound:  # the others that were chosen are decided all the same
        return "En av texterna finns inte längre."
    return ""


def _find(session: Session, public_id: str) -> tuple[ContentItem, ShippedVersion]:
    item = get_item(session, current_viewer(), public_id)
    waiting = session.get(ShippedVersion, item.id)
    if waiting is None:
        raise NotFound
    return item, waiting


def _row(item: ContentItem, waiting: ShippedVersion) -> dict[str, Any]:
    """What is to know before deciding."""
    ready = item.workflow == State.REST
    states = [
        (
            f"Granskad av {item.reviewed_by_name} {swedish_date(item.reviewed_on)}",
            bool(item.reviewed_by_name),
        ),
        ("Ändrad hos er", item.is_edited_here),
        ("Inläst av er", item.origin != Origin.SHIPPED and not item.is_edited_here),
        ("Ett utkast pågår", not ready),
    ]
    return {
        "id": item.public_id,
        "value": f"{item.public_id}:{waiting.digest}",
        "title": item.name,
        "url": url_for(".shipped_version_show", public_id=item.public_id),
        "states": [words for words, holds in states if holds],
        "is_chosen": ready and not item.is_edited_here and item.origin == Origin.SHIPPED,
        "is_ready": ready,
    }
