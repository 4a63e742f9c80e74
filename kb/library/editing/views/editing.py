"""Writing: new texts, the edit form, saving drafts, seeing them as readers will."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.errors import Invalid, NotFound, Refused
from kb.library.blueprint import ITEM, bp
from kb.library.content.checks import run_checks
from kb.library.content.document import KIND_NAMES, Document, Kind
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.projection import links_of
from kb.library.core.queries.comparison import compare_documents
from kb.library.core.queries.drafts import get_item, was_deleted
from kb.library.core.queries.topics import topic_names
from kb.library.core.queries.versions import list_notes
from kb.library.editing import drafting, editorial
from kb.library.editing.forms.fields import Html, Reference, References, choices_of
from kb.library.editing.forms.items import (
    FORMS,
    ItemForm,
    check_size,
    fields_of,
    list_errors,
    words_on_changes,
)
from kb.library.editing.people import own_units
from kb.library.editing.targets import dead_links_of, unknown_slugs
from kb.library.permissions import Permission
from kb.library.services import addresses, drafts, review, withdrawals
from kb.library.services.revisions import RevisionConflict
from kb.web.guards import requires
from kb.web.landmarks import Landmark
from kb.web.once import SentBefore, take_once
from kb.web.sessions import reader, transaction

_TAKEN = Invalid("slug", "Någon annan tog just adressen. Välj en annan.")
Answer = Response | str | tuple[str, int]
NEW_TITLES = {
    Kind.ARTICLE: "Ny vägledning",
    Kind.STORY: "Ny berättelse",
    Kind.CHECKLIST: "Ny checklista",
    Kind.TEMPLATE: "Ny mall",
    Kind.CLAIM: "Nytt påstående",
}
OWNER = "Redaktionen"


# New texts


@bp.get("/redaktion/ny")
@requires(Permission.EDIT)
def draft_new() -> str:
    """The empty form, or first the choice of what to write."""
    kind = request.args.get("typ", "")
    if kind not in FORMS:
        kinds = [(kind.value, name) for kind, name in KIND_NAMES.items()]
        return render_template("library/edit_new.html", kinds=kinds)
    return _page(kind, None, _form(kind, None, values=drafting.form_values(_blank(kind))))


@bp.post("/redaktion/ny")
@requires(Permission.EDIT)
def draft_create() -> Answer:
    """Save a new text as its first draft."""
    kind = request.args.get("typ", "")
    if kind not in FORMS:
        raise Invalid("typ", "Välj vad du vill skriva.")
    form = _typed_form(kind, None)
    if operation := request.form.get("op"):
        return _page(kind, None, _changed(kind, None, form, operation))
    if not form.validate():
        return _page(kind, None, form), 422
    document, by = _document(kind, form, _blank(kind)), current_viewer()
    try:
        with transaction() as session:
            sent = take_once(session, by.actor)
            item = drafts.create_item(session, document, by=by, slug=form.slug.data or "")
            public_id, sent.led_to = item.public_id, editorial.edit_path(item)
    except SentBefore as before:
        return _sent_again(kind, before.led_to.rsplit("/", 1)[-1], form)
    except Invalid as error:
        return _page(kind, None, _with_error(form, error)), 422
    except IntegrityError:
        return _page(kind, None, _with_error(form, _TAKEN)), 422
    return _onward(kind, public_id, form)


def _sent_again(kind: str, public_id: str, form: ItemForm) -> Answer:
    """A new text whose form was sent before: what was changed since goes to the draft that it made."""
    item = get_item(reader(), current_viewer(), public_id, kind)
    document = _document(kind, form, _latest(item).content)
    try:
        with transaction() as session:
            item = get_item(session, current_viewer(), public_id, kind, lock=True)
            if form.slug.data and not item.version:
                addresses.rename(session, item, form.slug.data, by=current_viewer())
            # Nobody has gone on with it: the form is its second state. Otherwise both are shown.
            base = item.latest_revision_id if _latest(item).number == 1 else None
            drafts.save_draft(session, item, document, base=base, by=current_viewer())
    except RevisionConflict:
        return _conflict(kind, public_id, form, document), 409
    except Invalid as error:
        return _page(kind, None, _with_error(form, error)), 422
    except IntegrityError:
        return _page(kind, None, _with_error(form, _TAKEN)), 422
    return _onward(kind, public_id, form)


def _blank(kind: str) -> Document:
    return Document(kind=kind, title="", owner=OWNER)


# Drafts


@bp.get(ITEM)
@requires(Permission.EDIT)
def draft_edit(kind: str, public_id: str) -> str:
    """The edit form with the newest revision."""
    item = get_item(reader(), current_viewer(), public_id, kind)
    latest = _latest(item)
    values = drafting.form_values(latest.content)
    reason = latest.reason if editorial.has_draft(item) and item.version else ""
    return _page(kind, item, _form(kind, item, values={**values, "base": str(latest.id), "reason": reason}))


@bp.post(ITEM)
@requires(Permission.EDIT)
def draft_update(kind: str, public_id: str) -> Answer:
    """Save the form as a draft, on top of the revision that it was opened with."""
    try:
        item = get_item(reader(), current_viewer(), public_id, kind)
    except NotFound:
        if was_deleted(reader(), public_id):
            return _deleted_meanwhile(kind)
        raise
    form = _typed_form(kind, item)
    if operation := request.form.get("op"):
        return _page(kind, item, _changed(kind, item, form, operation))
    if not form.validate():
        return _page(kind, item, form), 422
    document = _document(kind, form, _latest(item).content)
    try:
        with transaction() as session:
            item = get_item(session, current_viewer(), public_id, kind, lock=True)
            drafts.save_draft(
                session, item, document, base=_base(form), by=current_viewer(), reason=form.reason.data or ""
            )
    except RevisionConflict:
        return _conflict(kind, public_id, form, document), 409
    except Invalid as error:
        item = get_item(reader(), current_viewer(), public_id, kind)
        return _page(kind, item, _with_error(form, error)), 422
    return _onward(kind, public_id, form)


def _deleted_meanwhile(kind: str) -> Answer:
    """Somebody deleted the draft: what was typed stands in the form of a new one."""
    form = _typed_form(kind, None)
    form.base.data = ""
    gone = Invalid("title", "Någon har raderat utkastet. Det du skrev finns kvar: spara det som en ny text.")
    return _page(kind, None, _with_error(form, gone)), 409


def _conflict(kind: str, public_id: str, form: ItemForm, mine: Document) -> str:
    """Both versions; the form keeps the person's own, to be saved on top of the stored one."""
    session = reader()
    item = get_item(session, current_viewer(), public_id, kind)
    latest = _latest(item)
    form.base.data = str(latest.id)
    rows = compare_documents(session, latest.content, mine)
    return _page(
        kind, item, form, conflict={"who": latest.author_name, "when": latest.created_at, "rows": rows}
    )


def _onward(kind: str, public_id: str, form: ItemForm) -> Response:
    """After saving: to review, to the preview, or back to the form, as the button said."""
    if words := words_on_changes(form):
        flash(words, "changed")
    wanted = request.form.get("gor", "")
    if wanted == "forhandsvisning":
        return redirect(url_for(".draft_show", kind=kind, public_id=public_id), 303)
    if wanted == "granskning":
        return submit(kind, public_id)
    flash("Utkastet är sparat.")
    return redirect(url_for(".draft_edit", kind=kind, public_id=public_id), 303)


def submit(kind: str, public_id: str) -> Response:
    """Send the saved draft to review; what stops it is said on the edit page."""
    try:
        with transaction() as session:
            item = get_item(session, current_viewer(), public_id, kind, lock=True)
            review.submit_for_review(session, item, by=current_viewer())
    except (Invalid, Refused) as error:
        flash(f"Texten är sparad men inte skickad. {error.message}", "error")
        return redirect(url_for(".draft_edit", kind=kind, public_id=public_id), 303)
    flash("Texten är skickad till granskning.")
    return redirect(url_for(Landmark.DESK), 303)


# The form


def _typed_form(kind: str, item: ContentItem | None) -> ItemForm:
    check_size(request.form)
    return _form(kind, item, typed=request.form)


def _form(
    kind: str, item: ContentItem | None, *, values: dict[str, Any] | None = None, typed: Any = None
) -> ItemForm:
    """The form with what can be chosen filled in; `values` or what was `typed` in it."""
    session = reader()
    form = FORMS[kind](typed, data=values)
    document = _latest(item).content if item else _blank(kind)
    form.needs_reason = item is not None and item.is_published
    form.topics.choices = choices_of(topic_names(session))
    units = {unit.public_id: unit.name for unit in own_units(session, current_viewer())}
    form.unit.choices = choices_of(units, "Välj enhet")
    if typed is not None:
        _prepare_rules(session, form, document)
    return form


def _prepare_rules(session: Session, form: ItemForm, document: Document) -> None:
    """Give the fields what they are checked against: the stored HTML, and which addresses lead nowhere."""
    named = [field for field in fields_of(form) if isinstance(field, Reference | References)]
    slugs = {slug for field in named for slug in field.slugs() if slug}
    unknown = unknown_slugs(session, slugs - {slug for _p, _k, slug, _s in links_of(document)})
    for field in named:
        field.unknown = unknown
    for field in fields_of(form):
        if isinstance(field, Html):
            field.stored = getattr(document, field.short_name)


def _changed(kind: str, item: ContentItem | None, form: ItemForm, operation: str) -> ItemForm:
    """The form with an entry added, removed or moved; nothing is saved, nothing typed is lost."""
    values = form.data
    drafting.change_list(values, operation)
    return _form(kind, item, values=values)


def _document(kind: str, form: ItemForm, base: Document) -> Document:
    safe = {field.short_name: field.safe for field in form if isinstance(field, Html)}
    return drafting.to_document(kind, {**form.data, **safe}, base)


def _with_error(form: ItemForm, error: Invalid) -> ItemForm:
    field = getattr(form, error.field, None) or form.title
    field.errors = [error.message]
    return form


def _base(form: ItemForm) -> int | None:
    typed = form.base.data or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None


def _latest(item: ContentItem) -> Revision:
    if item.latest_revision is None:
        raise Invalid("base", "Texten har inget innehåll.")
    return item.latest_revision


def _page(kind: str, item: ContentItem | None, form: ItemForm, conflict: dict[str, Any] | None = None) -> str:
    return render_template(
        "library/edit_item.html",
        form=form,
        kind=kind,
        item=item,
        heading=editorial.title_of(item) if item else NEW_TITLES[Kind(kind)],
        here=editorial.edit_path(item) if item else url_for(".draft_new", typ=kind),
        errors=list_errors(form),
        conflict=conflict,
        **_panel(item),
    )


def _panel(item: ContentItem | None) -> dict[str, Any]:
    """Kontroll, comments and states of a saved item."""
    if item is None:
        return {
            "asked": None,
            "states": [],
            "shown": "",
            "checks": [],
            "checks_words": "",
            "notes": [],
            "saved_at": None,
        }
    session, latest = reader(), _latest(item)
    asked = withdrawals.open_withdrawal(session, item)
    found = run_checks(latest.content, dead_links_of(session, latest.content))
    return {
        "asked": asked,
        "states": editorial.states_of(item, asked),
        "shown": editorial.shown_words(item),
        "checks": editorial.check_rows(found),
        "checks_words": editorial.check_words(found),
        "notes": editorial.note_rows(list_notes(session, current_viewer(), item)),
        "saved_at": latest.created_at,
    }
