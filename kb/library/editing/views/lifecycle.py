"""Deleting a draft, bringing an older version back, giving a text another address."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.errors import Invalid, NotFound
from kb.library.addresses import address
from kb.library.blueprint import ITEM, bp
from kb.library.core.queries.drafts import get_item, was_deleted
from kb.library.core.queries.versions import get_revision, list_revisions
from kb.library.editing import editorial
from kb.library.editing.forms.items import AddressForm, list_errors
from kb.library.editing.views.editing import Answer
from kb.library.permissions import Permission
from kb.library.services import addresses, drafts
from kb.web.guards import requires
from kb.web.landmarks import Landmark
from kb.web.once import forget_sent
from kb.web.sessions import reader, transaction

SAME_ADDRESS = "Texten har redan den adressen. Inget är ändrat."


@bp.get(f"{ITEM}/radering")
@requires(Permission.EDIT)
def draft_deletion_new(kind: str, public_id: str) -> str:
    """What deleting the draft means, and the button."""
    item = get_item(reader(), current_viewer(), public_id, kind)
    return render_template(
        "library/edit_deletion.html",
        item=item,
        heading=editorial.title_of(item),
        revisions=list_revisions(reader(), current_viewer(), item),
        path=editorial.edit_path(item),
    )


@bp.post(f"{ITEM}/radering")
@requires(Permission.EDIT)
def draft_deletion_create(kind: str, public_id: str) -> Response:
    """Delete a draft that was never published."""
    try:
        with transaction() as session:
            item = get_item(session, current_viewer(), public_id, kind, lock=True)
            title, path = editorial.title_of(item), editorial.edit_path(item)
            drafts.delete_draft(session, item, seen=_number("revision"), by=current_viewer())
            forget_sent(session, path)
        flash(f"Utkastet ”{title}” är raderat.")
    except NotFound:
        if not was_deleted(reader(), public_id):
            raise
        flash("Utkastet är redan raderat.")
    return redirect(url_for(Landmark.DESK), 303)


@bp.post(f"{ITEM}/aterstallning")
@requires(Permission.EDIT)
def restoration_create(kind: str, public_id: str) -> Response:
    """Make an older revision the draft."""
    number, base = _number("nummer"), _number("base")
    with transaction() as session:
        item = get_item(session, current_viewer(), public_id, kind, lock=True)
        revision = get_revision(session, current_viewer(), item, number)
        drafts.restore(session, item, revision, base=base, by=current_viewer())
        path = editorial.edit_path(item)
    flash(
        f"Innehållet från {number} är hämtat som utkast. Inget är borta: alla versioner finns kvar i historiken."
    )
    return redirect(path, 303)


@bp.get(f"{ITEM}/adress")
@requires(Permission.EDIT)
def address_edit(kind: str, public_id: str) -> str:
    """The form for another address."""
    item = get_item(reader(), current_viewer(), public_id, kind)
    return _address_page(kind, public_id, AddressForm(data={"slug": item.slug}))


@bp.post(f"{ITEM}/adress")
@requires(Permission.EDIT)
def address_update(kind: str, public_id: str) -> Answer:
    """Give the text another address."""
    form = AddressForm(request.form)
    if not form.validate():
        return _address_page(kind, public_id, form), 422
    try:
        with transaction() as session:
            item = get_item(session, current_viewer(), public_id, kind, lock=True)
            before = address(item.kind, item.slug)
            addresses.rename(session, item, form.slug.data, by=current_viewer())
            path, now = editorial.edit_path(item), address(item.kind, item.slug)
    except (Invalid, IntegrityError) as error:
        message = (
            error.message if isinstance(error, Invalid) else "Någon annan tog just adressen. Välj en annan."
        )
        form.slug.errors = [message]
        return _address_page(kind, public_id, form), 422
    is_same = now == before
    flash(SAME_ADDRESS if is_same else f"Adressen är nu {now}. Den gamla leder vidare dit.")
    return redirect(path, 303)


def _number(name: str) -> int:
    typed = request.form.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


def _address_page(kind: str, public_id: str, form: AddressForm) -> str:
    item = get_item(reader(), current_viewer(), public_id, kind)
    return render_template(
        "library/edit_address.html",
        form=form,
        item=item,
        path=editorial.edit_path(item),
        errors=list_errors(form),
    )
