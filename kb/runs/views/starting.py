"""Lists of runs, and the form that starts one."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.accounts.forms import show_error
from kb.accounts.models import Unit
from kb.accounts.queries import get_unit, list_units
from kb.accounts.roles import Role
from kb.errors import Invalid, NotFound
from kb.library.addresses import address
from kb.library.content.document import Kind
from kb.library.core.queries.reading import Moved, Reading, Withdrawn, get_reading
from kb.runs import queries
from kb.runs.deadlines import read_event_time
from kb.runs.forms import EXERCISE, StartForm, start_form
from kb.runs.operations import conditions
from kb.runs.permissions import Permission
from kb.runs.services.starting import start_run
from kb.runs.views.blueprint import bp, new_client_id, sent_by_form
from kb.web.guards import requires
from kb.web.landmarks import Landmark
from kb.web.pagination import page_number
from kb.web.sessions import reader, transaction


@bp.get("/genomforanden")
@requires(Permission.SEE)
def run_index() -> str:
    """What is going on and what is over."""
    session, viewer = reader(), current_viewer()
    return render_template(
        "runs/run_index.html",
        running=queries.running_for(session, viewer),
        page=queries.page_ended(session, viewer, page_number(request.args.get("sida"))),
        cancelled=queries.list_cancelled(session, viewer),
        may_start=viewer.can(Permission.START),
    )


@bp.get("/genomforanden/nytt")
@requires(Permission.SEE)
def run_new() -> str | Response:
    """The form for a checklist; who may not start it comes back to the checklist, which says who may."""
    reading = _find(request.args.get("checklista", ""))
    if not isinstance(reading, Reading):
        return reading
    if not current_viewer().can(Permission.START):
        return redirect(f"{address(Kind.CHECKLIST, reading.item.slug)}#starta", 303)
    return _page(reading, _form(reading, data={"client_id": new_client_id(), "checklist": reading.item.slug}))


@bp.post("/genomforanden")
@requires(Permission.START)
def run_create() -> tuple[str, int] | Response:
    """Start it."""
    reading = _find(request.form.get("checklista", ""))
    if not isinstance(reading, Reading):
        return reading
    form = _form(reading)
    if form.validate():
        try:
            return redirect(_start(reading.item.slug, form), 303)
        except Invalid as error:
            show_error(form, error)
            reading = get_reading(reader(), current_viewer(), Kind.CHECKLIST, reading.item.slug)
    return _page(reading, form), 422


def _find(slug: str) -> Reading | Response:
    """The checklist, or the way to where it went."""
    if not slug:
        return redirect(url_for(Landmark.CHECKLISTS), 303)
    try:
        return get_reading(reader(), current_viewer(), Kind.CHECKLIST, slug)
    except Moved as moved:
        if moved.kind != Kind.CHECKLIST:
            raise NotFound from moved
        return redirect(url_for(".run_new", checklista=moved.slug), 303)
    except Withdrawn:
        return redirect(address(Kind.CHECKLIST, slug), 303)


def _form(reading: Reading, **options: object) -> StartForm:
    units = _units()
    form = start_form(conditions(reading.document), units, **options)
    if len(units) == 1:
        form.unit.data = units[0].public_id
    return form


def _units() -> list[Unit]:
    own = current_viewer().units_with(Role.STAFF)
    return [unit for unit in list_units(reader()) if unit.id in own]


def _start(slug: str, form: StartForm) -> str:
    """Start the run and give its address; a second sending gives the same."""
    viewer = current_viewer()
    with transaction() as session:
        run = start_run(
            session,
            get_reading(session, viewer, Kind.CHECKLIST, slug),
            unit_id=get_unit(session, form.unit.data).id,
            place=form.place.data or "",
            event_at=read_event_time(form.event_at.data or "", clock.now()),
            is_exercise=form.sort.data == EXERCISE,
            answers=form.answers(),
            because=form.because.data or "",
            sent=sent_by_form(),
        )
        return url_for(".run_show", public_id=run.public_id)


def _page(reading: Reading, form: StartForm) -> str:
    return render_template(
        "runs/run_new.html",
        form=form,
        form_action=url_for(".run_create"),
        reading=reading,
        going=queries.going_on(reader(), current_viewer(), reading.item.id),
        several_units=len(form.unit.choices) > 1,
    )
