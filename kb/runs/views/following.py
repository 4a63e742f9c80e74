"""Following a run: its page, the fragment that keeps it fresh, and what is done with its steps."""

from collections.abc import Callable

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.accounts.forms import show_error
from kb.config import Settings
from kb.errors import Conflict, Forbidden, Invalid, NotFound, RadrumError
from kb.runs.forms import AssignmentForm, NoteForm, SkipForm
from kb.runs.models import Run
from kb.runs.operations import StepState
from kb.runs.permissions import Permission
from kb.runs.queries import get_run
from kb.runs.services import operating
from kb.runs.views.blueprint import bp, load_view, sent_by_form
from kb.runs.views.live import PLACE, look_at
from kb.web.errors import STATUS
from kb.web.guards import requires
from kb.web.input import is_from_script
from kb.web.sessions import transaction

STATES = {"klart": StepState.DONE, "oppet": StepState.OPEN, "ej-aktuellt": StepState.SKIPPED}
Change = Callable[[Session, Run], object]


@bp.get("/genomforanden/<public_id>")
@requires(Permission.SEE)
def run_show(public_id: str) -> str:
    """The run."""
    live = look_at(public_id)
    return live.page(render_template("runs/run_show.html", live=live, place=PLACE))


@bp.get("/genomforanden/<public_id>/kopia")
@requires(Permission.SEE)
def copy_show(public_id: str) -> str:
    """The run as a phone keeps it for when there is no net; without its log where that may not lie on phones."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.keeps_runs:
        raise NotFound
    live = look_at(public_id, with_log=settings.keeps_log)
    return live.page(render_template("runs/run_show.html", live=live, place=PLACE))


@bp.get("/genomforanden/<public_id>/fragment")
@requires(Permission.SEE)
def fragment_show(public_id: str) -> Response:
    """The run without its frame; 304 when nothing in it is new."""
    live = look_at(public_id)
    since = request.args.get("efter", type=int)
    if since is not None and since >= live.sequence and live.is_still:
        return Response(status=304)
    if request.if_none_match.contains_weak(live.tag):
        return Response(status=304, headers={"ETag": f'W/"{live.tag}"'})
    return live.fragment()


@bp.post("/genomforanden/<public_id>/steg/<key>/lage")
@requires(Permission.SEE)
def state_update(public_id: str, key: str) -> Response:
    """Set a step to klart, oppet or ej-aktuellt."""
    form = SkipForm()
    state = STATES.get(form.state.data or "")
    if state is None:
        raise Invalid("state", "Välj klart, inte klart eller ej aktuellt.")
    reason = form.reason.data or ""

    def change(session: Session, run: Run) -> None:
        operating.set_step_state(session, run, key, state, reason=reason, sent=sent_by_form())

    return _operate(public_id, change, form, "Steget ändrades inte", f"steg-{key}")


@bp.post("/genomforanden/<public_id>/steg/<key>/tilldelning")
@requires(Permission.SEE)
def assignment_update(public_id: str, key: str) -> Response:
    """Say who does a step."""
    form = AssignmentForm()

    def change(session: Session, run: Run) -> None:
        operating.assign(session, run, key, form.assigned.data or "", sent=sent_by_form())

    return _operate(public_id, change, form, "Tilldelningen sparades inte", f"steg-{key}")


@bp.post("/genomforanden/<public_id>/steg/<key>/anteckning")
@requires(Permission.SEE)
def note_create(public_id: str, key: str) -> Response:
    """Add a note to a step."""
    return _note(public_id, key, f"steg-{key}")


@bp.post("/genomforanden/<public_id>/anteckning")
@requires(Permission.SEE)
def entry_create(public_id: str) -> Response:
    """Add a note to the log."""
    return _note(public_id, None, "logg")


def _note(public_id: str, key: str | None, anchor: str) -> Response:
    form = NoteForm()

    def change(session: Session, run: Run) -> None:
        operating.add_note(session, run, key, form.text.data or "", sent=sent_by_form())

    return _operate(public_id, change, form, "Anteckningen sparades inte", anchor)


def _operate(public_id: str, change: Change, form: FlaskForm, failed: str, anchor: str) -> Response:
    """Make a change and show the run; what does not do is shown with the text that was typed."""
    try:
        with transaction() as session:
            change(session, get_run(session, current_viewer(), public_id))
    except (Invalid, Conflict, Forbidden) as error:
        if is_from_script():
            raise
        return _correction(public_id, form, error, failed)
    if is_from_script():
        return look_at(public_id).fragment()
    return redirect(url_for(".run_show", public_id=public_id, _anchor=anchor), 303)


def _correction(public_id: str, form: FlaskForm, error: RadrumError, failed: str) -> Response:
    typed = next((field for field in form if field.type in ("StringField", "TextAreaField")), None)
    is_about_it = isinstance(error, Invalid) and error.field in form
    if typed is None or not (typed.data or is_about_it):
        raise error
    show_error(form, error if isinstance(error, Invalid) else Invalid("", error.message))
    html = render_template(
        "runs/step_correction.html",
        form=form,
        typed=typed,
        failed=failed,
        run=load_view(public_id),
    )
    return make_response(html, next(code for kind, code in STATUS.items() if isinstance(error, kind)))
