"""Starting a run: an own copy of the checklist's version, so that later edits of the text change nothing in it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.models import Unit
from kb.accounts.viewer import ANONYMOUS, Viewer
from kb.audit.services import record
from kb.errors import Forbidden, Invalid
from kb.library.content.document import Step
from kb.library.core.queries.reading import Reading
from kb.runs.deadlines import LONGEST
from kb.runs.models import Run, RunSection, RunStep, new_public_id
from kb.runs.operations import Answer, EventKind, StepState, answered, first_state
from kb.runs.permissions import Permission, holds
from kb.runs.services.changing import Sent, log
from kb.runs.texts import BECAUSE_MAX, PLACE_MAX, clean_line

ONE_MORE = "Checklistan pågår redan i enheten. Gå till den, eller skriv varför ni startar en ny."


def start_run(
    session: Session,
    reading: Reading,
    *,
    unit_id: int,
    sent: Sent,
    place: str = "",
    event_at: datetime | None = None,
    is_exercise: bool = False,
    answers: Mapping[str, str] | None = None,
    because: str = "",
    public_id: str = "",
) -> Run:
    """Start following the published checklist; what is sent again gives the run that was started with it.

    `event_at` is when it happened or the unit was told, from which times are counted; now when not said. `answers`
    maps each condition to ja, nej or vet-inte. `because` says why one more is started of a checklist that the unit
    follows already; `public_id` is the name that a device gave it. Raises `Forbidden` for who is not Medarbetare in
    the unit, `Invalid` for a place that will not do, a checklist without steps, or one more without a reason.
    """
    sent = replace(sent, client_id=sent.client_id or uuid4().hex)
    starter = _starter(sent.by, unit_id)
    place = clean_line("place", place, PLACE_MAX)
    if not reading.document.step_count:
        raise Invalid("checklist", "Checklistan har inga steg och kan inte startas.")
    # Who starts at the same moment waits here: then it was sent before, or the checklist is going on.
    hold_unit(session, unit_id)
    if before := started_before(session, sent):
        return before
    because = _of_one_more(because, is_going=_is_going(session, unit_id, reading.item.id, is_exercise))
    known = answered(reading.document, answers or {})
    run = _make(reading, known, sent, starter)
    run.unit_id, run.place, run.is_exercise = unit_id, place, is_exercise
    run.public_id = public_id or new_public_id()
    run.event_at = event_at or run.started_at
    session.add(run)
    session.flush()
    _copy_steps(session, run, reading, known)
    _note_start(session, run, known, sent, because)
    return run


def _starter(by: Viewer, unit_id: int) -> int:
    """Who starts. Raises `Forbidden` for who is not Medarbetare in the unit."""
    if by.user_id is None or not holds(by, Permission.START, unit_id):
        raise Forbidden("Du behöver vara Medarbetare i enheten för att starta en checklista där.")
    return by.user_id


def hold_unit(session: Session, unit_id: int) -> None:
    """Whoever starts in the unit waits until this transaction has ended."""
    session.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update())


def started_before(session: Session, sent: Sent) -> Run | None:
    """The run that the same person started by the same change."""
    query = select(Run).where(Run.started_by_id == sent.by.user_id, Run.client_id == sent.client_id)
    return session.scalars(query).first()


def draft_run(reading: Reading, public_id: str) -> Run:
    """A run that is not stored and that nobody has started: what a phone shows until one is started there."""
    sent = Sent(ANONYMOUS, uuid4().hex)
    run = _make(reading, {}, sent, 0)
    run.public_id, run.place, run.unit, run.unit_id = public_id, "", Unit(name=""), 0
    run.is_exercise, run.event_at, run.closing_note, run.diary_number = False, run.started_at, "", ""
    for position, section in enumerate(reading.document.sections, start=1):
        run.sections.append(
            RunSection(id=position, position=position, title=section.title, pause=section.pause)
        )
        for step in section.steps:
            copy = _copy(run, step, reading, StepState.OPEN)
            copy.id = copy.position = len(run.steps) + 1
            copy.section_id, copy.assigned_role, copy.skip_reason = position, "", ""
            run.steps.append(copy)
    return run


def _make(reading: Reading, answers: Mapping[str, Answer], sent: Sent, started_by_id: int) -> Run:
    """A run of this version of the checklist, begun when it was sent; where is for the caller to say."""
    return Run(
        client_id=sent.client_id,
        item_id=reading.item.id,
        revision_id=reading.revision.id,
        slug=reading.item.slug,
        version=reading.revision.version or reading.item.version,
        title=reading.document.title,
        starts_from=reading.document.starts_from,
        conditions=[{"condition": words, "answer": answer.value} for words, answer in answers.items()],
        started_at=sent.at,
        started_by_id=started_by_id,
        started_by_name=sent.by.name,
    )


def _note_start(session: Session, run: Run, answers: Mapping[str, Answer], sent: Sent, because: str) -> None:
    """The first line of the log, and of the audit log, which holds no text of the run."""
    data: dict[str, object] = {"answers": {words: answer.value for words, answer in answers.items()}}
    if run.event_at != run.started_at:
        data["event_at"] = run.event_at.isoformat()
    if because:
        data["because"] = because
    log(session, run, EventKind.STARTED, sent, data=data)
    record(
        session,
        "run.started",
        actor=sent.by.actor,
        subject=run.public_id,
        unit=session.get_one(Unit, run.unit_id).name,
        checklist=run.slug,
        exercise=run.is_exercise,
    )


def _of_one_more(because: str, *, is_going: bool) -> str:
    """Why one more is started; nothing where the checklist is not going on."""
    because = clean_line("because", because, BECAUSE_MAX)
    if is_going and not because:
        raise Invalid("because", ONE_MORE)
    return because if is_going else ""


def _is_going(session: Session, unit_id: int, item_id: int, is_exercise: bool) -> bool:
    """Whether the unit follows the checklist already."""
    query = select(Run.id).where(
        Run.unit_id == unit_id,
        Run.item_id == item_id,
        Run.is_exercise.is_(is_exercise),
        Run.ended_at.is_(None),
    )
    return session.scalar(query.limit(1)) is not None


def _copy_steps(session: Session, run: Run, reading: Reading, answers: Mapping[str, Answer]) -> None:
    number = 0
    for position, section in enumerate(reading.document.sections, start=1):
        row = RunSection(run_id=run.id, position=position, title=section.title, pause=section.pause)
        session.add(row)
        session.flush()
        for step in section.steps:
            number += 1
            copy = _copy(run, step, reading, first_state(step.condition, answers))
            copy.section_id, copy.position = row.id, number
            session.add(copy)
    session.flush()


def _copy(run: Run, step: Step, reading: Reading, state: StepState) -> RunStep:
    target = reading.link("step", step.id)
    ruled_out = state is StepState.SKIPPED
    return RunStep(
        run_id=run.id,
        key=step.id,
        text=step.text,
        role=step.role,
        deadline=step.deadline,
        deadline_sort=step.deadline_sort,
        minutes=None if step.minutes is None else min(step.minutes, LONGEST),
        is_critical=step.critical,
        why=step.why,
        legal=step.legal,
        guidance_slug=target.slug if target else "",
        guidance_title=target.title if target else "",
        condition=step.condition,
        verify=step.verify,
        state=state.value,
        state_at=run.started_at if ruled_out else None,
        state_by_id=run.started_by_id if ruled_out else None,
        state_by_name=run.started_by_name if ruled_out else "",
    )
