"""An exercise to try Rådrum with."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.models import Unit, User
from kb.accounts.queries import get_viewer
from kb.library.content.document import Kind
from kb.library.core.queries.reading import get_reading
from kb.runs.models import Run
from kb.runs.operations import StepState
from kb.runs.services.changing import Sent
from kb.runs.services.operating import add_note, set_step_state
from kb.runs.services.starting import start_run

CHECKLIST = "akut-hot-mot-medarbetare"


def create_demo_run(session: Session, unit: Unit, user: User) -> Run:
    """Start one exercise in the unit, with the first steps done; one that is going on already is kept.

    `user` is Medarbetare or Krisledare there, with an open account. Raises `NotFound` when the checklist is not loaded.
    """
    going_on = select(Run).where(Run.unit_id == unit.id, Run.is_exercise.is_(True), Run.ended_at.is_(None))
    found = session.scalars(going_on.limit(1)).first()
    if found is not None:
        return found
    viewer = get_viewer(session, user.id)
    assert viewer is not None
    reading = get_reading(session, viewer, Kind.CHECKLIST, CHECKLIST)
    sent = Sent(viewer)
    run = start_run(
        session, reading, unit_id=unit.id, place="Kontoret i Centrum", is_exercise=True, sent=sent
    )
    first, second = [step.id for step in reading.document.steps()][:2]
    set_step_state(session, run, first, StepState.DONE, sent=sent)
    add_note(session, run, first, "Rum 214. Receptionen är stängd till 15.00.", sent=sent)
    set_step_state(session, run, second, StepState.DONE, sent=sent)
    return run
