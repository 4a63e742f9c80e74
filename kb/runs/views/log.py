"""The log of a run: reading it, writing a line, correcting one by another."""

from collections.abc import Callable

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.accounts.forms import show_error
from kb.errors import Invalid
from kb.runs.deadlines import field_time
from kb.runs.forms import EntryForm
from kb.runs.log.kinds import ENTRY_KINDS, EntryKind
from kb.runs.models import Run, RunEvent
from kb.runs.permissions import Permission
from kb.runs.queries import get_run
from kb.runs.services import entries
from kb.runs.views.blueprint import bp, load_view, new_client_id, sent_by_form
from kb.runs.views.live import look_at
from kb.web.guards import requires
from kb.web.input import is_from_script
from kb.web.sessions import reader, transaction

Write = Callable[[Session, Run, EntryForm], None]


@bp.get("/genomforanden/<public_id>/logg")
@requires(Permission.SEE)
def log_show(public_id: str) -> str:
    """The whole log, the newest line first, or the lines of one kind; and the form for another line."""
    return _log_page(public_id, EntryForm(data={"client_id": new_client_id()}))


@bp.post("/genomforanden/<public_id>/logg")
@requires(Permission.SEE)
def log_create(public_id: str) -> Response:
    """Write a line in the log, also after the end."""

    def write(session: Session, run: Run, form: EntryForm) -> None:
        entries.add_entry(session, run, form.entry(), sent=sent_by_form())

    return _write(public_id, write, lambda form: _log_page(public_id, form))


@bp.get("/genomforanden/<public_id>/logg/<int:number>/rattelse")
@requires(Permission.SEE)
def correction_new(public_id: str, number: int) -> str:
    """The form for a line that corrects another, with what that one says."""
    line = entries.find_written(reader(), get_run(reader(), current_viewer(), public_id), number)
    return _correction_page(public_id, number, EntryForm(data=_typed(line) | {"client_id": new_client_id()}))


@bp.post("/genomforanden/<public_id>/logg/<int:number>/rattelse")
@requires(Permission.SEE)
def correction_create(public_id: str, number: int) -> Response:
    """Correct a line by a new one that points at it."""

    def write(session: Session, run: Run, form: EntryForm) -> None:
        entries.correct(session, run, number, form.entry(), sent=sent_by_form())

    return _write(public_id, write, lambda form: _correction_page(public_id, number, form))


def _write(public_id: str, write: Write, page: Callable[[EntryForm], str]) -> Response:
    """Write and show the log; what does not do is shown in its form, with the text that was typed."""
    form = EntryForm()
    try:
        with transaction() as session:
            write(session, get_run(session, current_viewer(), public_id), form)
    except Invalid as error:
        if is_from_script() or error.field not in form:
            raise
        show_error(form, error)
        return make_response(page(form), 422)
    if is_from_script():
        return look_at(public_id).fragment()
    return redirect(url_for(".log_show", public_id=public_id), 303)


def _log_page(public_id: str, form: EntryForm) -> str:
    run, kind = load_view(public_id), request.args.get("slag", "")
    lines = [line for line in reversed(run.log) if line.kind == kind or kind not in ENTRY_KINDS]
    return render_template("runs/log_show.html", run=run, form=form, lines=lines, kind=kind, kinds=EntryKind)


def _correction_page(public_id: str, number: int, form: EntryForm) -> str:
    run = load_view(public_id)
    line = next(line for line in run.log if line.number == number)
    return render_template("runs/correction_new.html", run=run, form=form, line=line)


def _typed(line: RunEvent) -> dict[str, str]:
    """What a line says, as its form holds it."""
    data = line.data
    return {
        "kind": line.kind,
        "text": data.get("text", ""),
        "decided_by": data.get("by", ""),
        "ground": data.get("ground", ""),
        "told": data.get("told", ""),
        "review_at": field_time(data.get("review_at", "")),
        "event_at": field_time(data.get("at", "")),
    }
