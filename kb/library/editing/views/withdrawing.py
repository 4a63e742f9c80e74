"""Taking a published text away: asking for it, doing it at once, and what another person says to that."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.errors import Conflict, Invalid, Refused
from kb.library.blueprint import ITEM, bp
from kb.library.core.models.items import ContentItem
from kb.library.core.projection import find_by_slug
from kb.library.core.queries.drafts import get_item
from kb.library.core.queries.reading import links_around
from kb.library.editing import editorial
from kb.library.editing.forms.items import ReasonForm, list_errors
from kb.library.editing.people import list_reviewers
from kb.library.editing.targets import unknown_slugs
from kb.library.editing.views.editing import Answer
from kb.library.permissions import Permission
from kb.library.services import withdrawals
from kb.web.guards import requires
from kb.web.landmarks import Landmark
from kb.web.sessions import reader, transaction

NOW = "genast"
ASKED = (
    "Begäran är skickad till dem som granskar. Läsarna ser texten tills en annan person har bekräftat. "
    "Är den farlig att läsa: ta bort den genast."
)
GONE = (
    "Texten är borttagen. Den som öppnar den ser varför. Den står i granskarnas arbetslista tills en annan person "
    "har bekräftat."
)


@bp.get(f"{ITEM}/borttagning")
@requires(Permission.DESK)
def withdrawal_new(kind: str, public_id: str) -> str:
    """What happens when the text is taken away, and why it is."""
    return _page(kind, public_id, ReasonForm())


@bp.post(f"{ITEM}/borttagning")
@requires(Permission.DESK)
def withdrawal_create(kind: str, public_id: str) -> Answer:
    """Ask for the text to be taken away, or take it away at once."""
    form = ReasonForm(request.form)
    form.replacement.unknown = unknown_slugs(reader(), set(form.replacement.slugs()) - {""})
    if not form.validate():
        return _page(kind, public_id, form), 422
    is_urgent, by = request.form.get("gor") == NOW, current_viewer()
    act = withdrawals.withdraw_now if is_urgent else withdrawals.request_withdrawal
    try:
        with transaction() as session:
            item = get_item(session, by, public_id, kind, lock=True)
            slug = form.replacement.slug
            replacement = find_by_slug(session, slug) if slug else None
            act(session, item, reason=form.reason.data, replacement=replacement, by=by)
    except Invalid as error:
        form[error.field].errors = [error.message]
        return _page(kind, public_id, form), 422
    except Conflict as error:
        form.reason.errors = [error.message]
        return _page(kind, public_id, form), 409
    flash(GONE if is_urgent else ASKED)
    return redirect(url_for(Landmark.DESK), 303)


@bp.post(f"{ITEM}/borttagning/bekraftelse")
@requires(Permission.REVIEW)
def withdrawal_confirmation_create(kind: str, public_id: str) -> Response:
    """Agree to it."""
    done = "Borttagningen är bekräftad. Den som öppnar texten ser varför den är borta."
    return _decide(kind, public_id, withdrawals.confirm_withdrawal, done)


@bp.post(f"{ITEM}/borttagning/avslag")
@requires(Permission.DESK)
def withdrawal_refusal_create(kind: str, public_id: str) -> Response:
    """Keep the text; or take back what one has asked for."""
    return _decide(kind, public_id, withdrawals.decline_withdrawal, "Texten är kvar. Begäran är avslutad.")


@bp.post(f"{ITEM}/borttagning/tillbakalaggning")
@requires(Permission.REVIEW)
def withdrawal_reversal_create(kind: str, public_id: str) -> Response:
    """Let readers see it again, as it was."""
    return _decide(kind, public_id, withdrawals.put_back, "Texten är tillbaka. Läsarna ser den som den var.")


def _decide(kind: str, public_id: str, act: Callable[..., None], done: str) -> Response:
    try:
        with transaction() as session:
            item = get_item(session, current_viewer(), public_id, kind, lock=True)
            act(session, item, seen=_seen(), by=current_viewer())
    except Refused as error:
        flash(error.message, "error")
    else:
        flash(done)
    return redirect(url_for(Landmark.DESK), 303)


def _seen() -> int:
    """The withdrawal that was on the page; 0 fits none."""
    typed = request.form.get("begaran", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


def _page(kind: str, public_id: str, form: ReasonForm) -> str:
    session, viewer = reader(), current_viewer()
    item = get_item(session, viewer, public_id, kind)
    _links, backlinks = links_around(session, viewer, item.id)
    return render_template(
        "library/edit_withdrawal.html",
        form=form,
        item=item,
        path=editorial.edit_path(item),
        back=editorial.item_path(item, can_edit=viewer.can(Permission.EDIT)),
        asked=withdrawals.open_withdrawal(session, item),
        others=_others(session, item),
        backlinks=backlinks,
        errors=list_errors(form),
    )


def _others(session: Session, item: ContentItem) -> list[str]:
    """The names of those who could confirm."""
    people = list_reviewers(session, item.latest_revision.readable if item.latest_revision else None)
    return [person.name for person in people if person.id != current_viewer().user_id]
