"""The editors' pages of synonyms."""

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.errors import Invalid
from kb.search.blueprint import bp
from kb.search.models import Synonym
from kb.search.permissions import Permission
from kb.search.tuning import synonyms as editing
from kb.search.tuning.forms import SynonymForm
from kb.search.tuning.preview import Preview, preview_synonym
from kb.web.guards import requires
from kb.web.once import take_once
from kb.web.pagination import Page, page_number
from kb.web.sessions import database, reader, transaction

PER_PAGE = 50

Answer = str | tuple[str, int] | Response


@bp.get("/redaktion/synonymer")
@requires(Permission.EDIT)
def synonym_index() -> str:
    """All synonyms, and the form for another; `ord` is filled in (from a query without hits)."""
    return _list(SynonymForm(typed=request.args.get("ord", "")[:120]))


@bp.post("/redaktion/synonymer")
@requires(Permission.EDIT)
def synonym_create() -> Answer:
    """Show what another synonym would change, or add it."""
    return _save(None)


@bp.get("/redaktion/synonymer/<int:synonym_id>")
@requires(Permission.EDIT)
def synonym_edit(synonym_id: int) -> str:
    """Change a synonym."""
    synonym = editing.get_synonym(reader(), synonym_id)
    return _form(SynonymForm(obj=synonym), synonym)


@bp.post("/redaktion/synonymer/<int:synonym_id>")
@requires(Permission.EDIT)
def synonym_update(synonym_id: int) -> Answer:
    """Show what the change would lead to, or store it."""
    return _save(synonym_id)


@bp.post("/redaktion/synonymer/<int:synonym_id>/borttagning")
@requires(Permission.EDIT)
def synonym_delete(synonym_id: int) -> Response:
    """Take a synonym away."""
    with transaction() as session:
        editing.remove_synonym(session, synonym_id, by=current_viewer())
    flash("Synonymen är borttagen.")
    return redirect(url_for(".synonym_index"), 303)


def _save(synonym_id: int | None) -> Answer:
    form = SynonymForm()
    synonym = editing.get_synonym(reader(), synonym_id) if synonym_id else None
    if not form.validate_on_submit():
        return _again(form, synonym)
    typed, target, note = form.typed.data or "", form.target.data or "", form.note.data or ""
    try:
        if "visa" in request.form:
            editing.check_synonym(reader(), synonym_id, typed=typed, target=target)
            return _again(form, synonym, _preview(synonym_id, typed, target), 200)
        with transaction() as session:
            if synonym_id is None:
                take_once(session, current_viewer().actor, url_for(".synonym_index"))
            editing.save_synonym(
                session, synonym_id, typed=typed, target=target, note=note, by=current_viewer()
            )
    except Invalid as error:
        form[error.field].errors = [error.message]
        return _again(form, synonym)
    flash(f"Den som söker på ”{typed}” hittar nu också ”{target}”.")
    return redirect(url_for(".synonym_index"), 303)


def _preview(synonym_id: int | None, typed: str, target: str) -> Preview:
    indexer = current_app.extensions["search"].indexer
    return preview_synonym(indexer, database(), current_viewer(), synonym_id, typed=typed, target=target)


def _again(
    form: SynonymForm, synonym: Synonym | None, preview: Preview | None = None, status: int = 422
) -> Answer:
    html = _form(form, synonym, preview) if synonym else _list(form, preview)
    return html, status


def _form(form: SynonymForm, synonym: Synonym, preview: Preview | None = None) -> str:
    return render_template("search/synonym_edit.html", form=form, synonym=synonym, preview=preview)


def _list(form: SynonymForm, preview: Preview | None = None) -> str:
    words = request.args.get("sok", "")[:120]
    found = editing.list_synonyms(reader(), words)
    number = page_number(request.args.get("sida"))
    start = (number - 1) * PER_PAGE
    page = Page(found[start : start + PER_PAGE], number, len(found), PER_PAGE)
    return render_template(
        "search/synonym_index.html",
        form=form,
        preview=preview,
        words=words,
        page=page,
        previous=_link(page, words, -1) if page.has_previous else None,
        following=_link(page, words, 1) if page.has_next else None,
    )


def _link(page: Page[Synonym], words: str, step: int) -> dict[str, str]:
    number = page.number + step
    return {
        "url": url_for(".synonym_index", sok=words or None, sida=number),
        "text": f"Synonym {page.span(number)}",
    }
