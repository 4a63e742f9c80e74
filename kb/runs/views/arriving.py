"""Starting a checklist on a phone without net: the page that the phone keeps for it, and how it comes in afterwards."""

from collections import defaultdict
from dataclasses import replace

from flask import jsonify, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.accounts.queries import get_unit
from kb.accounts.viewer import ANONYMOUS
from kb.library.content.document import Kind
from kb.library.core.queries.reading import Reading, get_reading
from kb.runs.deadlines import read_event_time
from kb.runs.forms import EXERCISE, StartForm, start_form
from kb.runs.guidance import guidance_of
from kb.runs.operations import conditions
from kb.runs.permissions import Permission
from kb.runs.presenting import RunView, StepView, view_run
from kb.runs.queries import get_run
from kb.runs.services.arriving import Begun, SameGoing, join, reading_of, take_in
from kb.runs.services.starting import draft_run
from kb.runs.views.blueprint import bp, sent_by_form
from kb.runs.views.live import beside, look_at
from kb.text.wording import full_words
from kb.web.guards import public, requires
from kb.web.sessions import reader, transaction

DEVICE = "0" * 32  # stands in the page for the name that the phone gives the run


@bp.get("/utan-nat/starta/<slug>")
@public
def device_run_new(slug: str) -> str:
    """What a phone needs to start a checklist without net: the form, and the run as it then stands."""
    session = reader()
    reading = get_reading(session, ANONYMOUS, Kind.CHECKLIST, slug)
    form = start_form(conditions(reading.document), [])
    form.checklist.data = slug
    return render_template(
        "runs/device_run_new.html",
        form=form,
        reading=reading,
        version=reading.revision.version or reading.item.version,
        ruled_out=_ruled_out(reading, form),
        run=_draft(session, reading),
        **beside(session),
    )


@bp.post("/genomforanden/<public_id>/start")
@requires(Permission.START)
def device_run_create(public_id: str) -> Response:
    """Take in a run that was started on a phone; where the unit follows the list already it is a question."""
    try:
        with transaction() as session:
            run_id = _take_in(session, public_id)
    except SameGoing as same:
        now = clock.now()
        runs = [{"id": name, "words": f"startad {full_words(began, now)}"} for name, began in same.runs]
        said = {"status": 409, "reason": "question", "message": same.message, "runs": runs}
        return make_response(jsonify(said), 409)
    return _answer(run_id)


@bp.post("/genomforanden/<public_id>/ihoplagt")
@requires(Permission.SEE)
def joining_create(public_id: str) -> Response:
    """Note that what was started on a phone goes on in this run."""
    with transaction() as session:
        join(session, get_run(session, current_viewer(), public_id), sent=sent_by_form())
    return _answer(public_id)


def _take_in(session: Session, public_id: str) -> str:
    sent = sent_by_form()
    version = request.form.get("version", type=int) or 0
    reading = reading_of(session, sent.by, request.form.get("checklista", ""), version)
    form = start_form(conditions(reading.document), [])
    begun = Begun(
        public_id=public_id,
        unit_id=get_unit(session, form.unit.data).id,
        is_exercise=form.sort.data == EXERCISE,
        keeps_both=request.form.get("anda") == "ja",
        how={
            "place": form.place.data or "",
            "event_at": read_event_time(form.event_at.data or "", clock.now()),
            "answers": form.answers(),
        },
    )
    return take_in(session, reading, begun, sent=sent).public_id


def _answer(public_id: str) -> Response:
    response = look_at(public_id).fragment()
    response.headers["Content-Location"] = url_for(".run_show", public_id=public_id)
    return response


def _draft(session: Session, reading: Reading) -> RunView:
    """The run before anybody has started it: its times in the words of the list, for they count from the start."""
    run = draft_run(reading, DEVICE)
    view = view_run(run, ANONYMOUS, clock.now(), guidance=guidance_of(session, ANONYMOUS, run))
    words = {step.key: step.deadline for step in run.steps}
    sections = tuple(
        replace(section, steps=tuple(_timeless(step, words[step.key]) for step in section.steps))
        for section in view.sections
    )
    return replace(view, sections=sections, started_words="på den här enheten", saved_words="Sparat här")


def _timeless(step: StepView, words: str) -> StepView:
    return replace(step, deadline_words=words, late_words="")


def _ruled_out(reading: Reading, form: StartForm) -> dict[str, str]:
    """Name of a question's field → the steps that do not apply when it is answered no."""
    steps = defaultdict(list)
    for step in reading.document.steps():
        steps[step.condition].append(step.id)
    return {form[name].name: " ".join(steps[words]) for name, words in form.questions.items()}
