"""The editors' pages of promoted answers."""

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.errors import Invalid
from kb.library.addresses import address
from kb.search.blueprint import bp
from kb.search.models import PromotedAnswer
from kb.search.permissions import Permission
from kb.search.tuning import answers as editing
from kb.search.tuning.forms import AnswerForm
from kb.search.tuning.preview import Preview, preview_promoted
from kb.web.guards import requires
from kb.web.once import take_once
from kb.web.sessions import reader, transaction

Answer = str | tuple[str, int] | Response


@bp.get("/redaktion/utvalda-svar")
@requires(Permission.EDIT)
def answer_index() -> str:
    """All promoted answers, and the form for another; `q` is filled in (from a counted query)."""
    return _list(AnswerForm(query=request.args.get("q", "")[:100]))


@bp.post("/redaktion/utvalda-svar")
@requires(Permission.EDIT)
def answer_create() -> Answer:
    """Show what another answer would change, or add it."""
    return _save(None)


@bp.get("/redaktion/utvalda-svar/<int:answer_id>")
@requires(Permission.EDIT)
def answer_edit(answer_id: int) -> str:
    """Change an answer."""
    answer = editing.get_promoted(reader(), answer_id)
    item = editing.get_text(reader(), current_viewer(), answer)
    where = address(item.kind, item.slug) if item else ""
    form = AnswerForm(query=answer.query, address=where, place=str(answer.position), note=answer.note)
    return _form(form, answer)


@bp.post("/redaktion/utvalda-svar/<int:answer_id>")
@requires(Permission.EDIT)
def answer_update(answer_id: int) -> Answer:
    """Show what the change would lead to, or store it."""
    return _save(answer_id)


@bp.post("/redaktion/utvalda-svar/<int:answer_id>/borttagning")
@requires(Permission.EDIT)
def answer_delete(answer_id: int) -> Response:
    """Take an answer away."""
    with transaction() as session:
        editing.remove_promoted(session, answer_id, by=current_viewer())
    flash("Svaret är inte längre utvalt.")
    return redirect(url_for(".answer_index"), 303)


def _save(answer_id: int | None) -> Answer:
    form = AnswerForm()
    answer = editing.get_promoted(reader(), answer_id) if answer_id else None
    if not form.validate_on_submit():
        return _again(form, answer)
    query, typed = form.query.data or "", form.address.data or ""
    position, note = int(form.place.data or 0), form.note.data or ""
    try:
        if "visa" in request.form:
            return _again(form, answer, _preview(answer_id, query, typed, position), 200)
        with transaction() as session:
            if answer_id is None:
                take_once(session, current_viewer().actor, url_for(".answer_index"))
            editing.save_promoted(
                session,
                answer_id,
                query=query,
                address=typed,
                position=position,
                note=note,
                by=current_viewer(),
            )
    except Invalid as error:
        form[error.field].errors = [error.message]
        return _again(form, answer)
    flash(f"Svaret kommer nu först när någon söker på ”{query.strip()}”.")
    return redirect(url_for(".answer_index"), 303)


def _preview(answer_id: int | None, query: str, typed: str, position: int) -> Preview:
    session, viewer = reader(), current_viewer()
    normal, item = editing.check_promoted(session, answer_id, query=query, address=typed, by=viewer)
    indexer = current_app.extensions["search"].indexer
    return preview_promoted(indexer, session, viewer, answer_id, query=normal, item=item, position=position)


def _again(
    form: AnswerForm, answer: PromotedAnswer | None, preview: Preview | None = None, status: int = 422
) -> Answer:
    html = _form(form, answer, preview) if answer else _list(form, preview)
    return html, status


def _form(form: AnswerForm, answer: PromotedAnswer, preview: Preview | None = None) -> str:
    return render_template("search/answer_edit.html", form=form, answer=answer, preview=preview)


def _list(form: AnswerForm, preview: Preview | None = None) -> str:
    rows = editing.list_promoted(reader(), current_viewer())
    return render_template("search/answer_index.html", form=form, preview=preview, rows=rows)
