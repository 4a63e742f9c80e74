"""What remains of runs: the list, one of them, making, closing and moving."""

from collections.abc import Callable, Iterable

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.accounts.forms import show_error
from kb.errors import Invalid
from kb.runs.followups import queries
from kb.runs.followups.calendar import calendar_of
from kb.runs.followups.days import PROPOSALS, in_days, read_due
from kb.runs.followups.forms import FollowUpForm, MoveForm, TickForm
from kb.runs.followups.models import FollowUp
from kb.runs.permissions import Permission
from kb.runs.queries import get_run
from kb.runs.services import changing, following_up
from kb.runs.views.blueprint import bp, load_view, new_client_id, sent_by_form
from kb.web.guards import requires
from kb.web.pagination import page_number
from kb.web.sessions import reader, transaction

Change = Callable[[Session, FollowUp], object]


@bp.get("/uppfoljningar")
@requires(Permission.SEE)
def follow_up_index() -> str:
    """What remains, the first one first, and what is closed."""
    session, viewer, now = reader(), current_viewer(), clock.now()
    left = queries.rows(queries.list_open(session, viewer), now)
    done = queries.page_done(session, viewer, page_number(request.args.get("sida")))
    return render_template("runs/follow_up_index.html", left=left, page=done)


@bp.get("/uppfoljningar.ics")
@requires(Permission.SEE)
def calendar_index() -> FlaskResponse:
    """All that remains, as a calendar file."""
    return _file(queries.list_open(reader(), current_viewer()), "uppfoljningar")


@bp.get("/uppfoljningar/<public_id>.ics")
@requires(Permission.SEE)
def calendar_show(public_id: str) -> FlaskResponse:
    """One of them as a calendar file."""
    return _file([queries.get_follow_up(reader(), current_viewer(), public_id)], "uppfoljning")


@bp.get("/uppfoljningar/<public_id>")
@requires(Permission.SEE)
def follow_up_show(public_id: str) -> str:
    """One of them, with the forms that close and move it."""
    return _page(public_id)


@bp.post("/uppfoljningar/<public_id>/klar")
@requires(Permission.SEE)
def follow_up_tick_create(public_id: str) -> tuple[str, int] | Response:
    """Close it."""
    form = TickForm()

    def change(session: Session, found: FollowUp) -> None:
        following_up.tick(session, found, note=form.note.data or "", sent=sent_by_form())

    return _change(public_id, change, "Uppföljningen är klar.", tick=form)


@bp.post("/uppfoljningar/<public_id>/flytt")
@requires(Permission.SEE)
def follow_up_move_create(public_id: str) -> tuple[str, int] | Response:
    """Give it another day."""
    form = MoveForm()

    def change(session: Session, found: FollowUp) -> None:
        following_up.refuse_closed(found)
        due_at = read_due(form.day.data or "", form.time.data or "", clock.now())
        following_up.move(session, found, due_at, reason=form.reason.data or "", sent=sent_by_form())

    return _change(public_id, change, "Uppföljningen är flyttad.", move=form)


@bp.get("/genomforanden/<public_id>/uppfoljning")
@requires(Permission.SEE)
def follow_up_new(public_id: str) -> str:
    """The form for one more; also when the run has ended."""
    run = get_run(reader(), current_viewer(), public_id)
    changing.require_lead(run, current_viewer())
    following_up.refuse_cancelled(run)
    return _new_page(public_id, FollowUpForm(data={"client_id": new_client_id(), "text": _proposed_text()}))


@bp.post("/genomforanden/<public_id>/uppfoljning")
@requires(Permission.SEE)
def follow_up_create(public_id: str) -> tuple[str, int] | Response:
    """Make it."""
    form = FollowUpForm()
    try:
        with transaction() as session:
            run = get_run(session, current_viewer(), public_id)
            due_at = read_due(form.day.data or "", form.time.data or "", clock.now())
            values = {"text": form.text.data or "", "mail_role": form.mail_role.data or ""}
            following_up.add_follow_up(session, run, due_at=due_at, sent=sent_by_form(), **values)
    except Invalid as error:
        show_error(form, error)
        return _new_page(public_id, form), 422
    flash("Uppföljningen är sparad.")
    return redirect(url_for(".follow_up_index"), 303)


def _proposed_text() -> str:
    """The words of the usual follow-up that the address asks for."""
    asked = request.args.get("om", "")
    return next((found.text for found in PROPOSALS if found.key == asked), "")


def _new_page(public_id: str, form: FollowUpForm) -> str:
    run = load_view(public_id)
    asked = next((found for found in PROPOSALS if found.key == request.args.get("om", "")), None)
    if asked is not None and request.method == "GET":
        due_at = clock.local(in_days(clock.now(), asked.days))
        form.day.data, form.time.data = due_at.date().isoformat(), due_at.strftime("%H:%M")
    return render_template("runs/follow_up_new.html", form=form, run=run, proposals=PROPOSALS)


def _change(public_id: str, change: Change, done: str, **typed: FlaskForm) -> tuple[str, int] | Response:
    try:
        with transaction() as session:
            change(session, queries.get_follow_up(session, current_viewer(), public_id))
    except Invalid as error:
        for form in typed.values():
            show_error(form, error)
        return _page(public_id, **typed), 422
    flash(done)
    return redirect(url_for(".follow_up_index"), 303)


def _page(public_id: str, tick: FlaskForm | None = None, move: FlaskForm | None = None) -> str:
    session, viewer = reader(), current_viewer()
    (row,) = queries.rows([queries.get_follow_up(session, viewer, public_id)], clock.now())
    first = {"client_id": new_client_id()}
    return render_template(
        "runs/follow_up_show.html",
        row=row,
        wrong=tick or move,
        may_tick=not row.is_done or tick is not None,
        tick=tick or TickForm(formdata=None, data=first),
        move=move or MoveForm(formdata=None, data=first),
        run=load_view(row.run_public_id),
    )


def _file(found: Iterable[FollowUp], name: str) -> FlaskResponse:
    response = make_response(calendar_of(found))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f"attachment; filename={name}.ics"
    return response
