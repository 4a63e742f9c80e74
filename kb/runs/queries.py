"""Reading runs: every query takes the viewer and finds only runs of own units and those the viewer is invited to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb import clock
from kb.accounts.roles import Role
from kb.accounts.viewer import Viewer
from kb.errors import NotFound
from kb.runs.deadlines import late_words
from kb.runs.models import Run, RunEvent, RunMember, RunStep
from kb.runs.operations import StepState, due, is_step_late, progress
from kb.runs.recall import short_words
from kb.text.wording import full_words, shortened
from kb.web.pagination import Page, paginate

MOST_GOING = 5
TOLD = 2  # late steps in words on a card; their number stands beside


CANCELLED_SHOWN = 20


@dataclass(frozen=True)
class Alert:
    """A run for the alert bar."""

    public_id: str
    name: str


@dataclass(frozen=True)
class Going:
    """A run that goes on, for what keeps a copy of it; `sequence` is the newest line of its log."""

    public_id: str
    title: str
    is_exercise: bool
    sequence: int


@dataclass(frozen=True)
class RunCard:
    """A run in a list. `place` is the place in words, or the unit; `recall` says if its checklist was changed.

    `late_words`: what is late, for a run that goes on.
    """

    public_id: str
    title: str
    unit_name: str
    place: str
    is_exercise: bool
    started_at: datetime
    started_words: str
    ended_at: datetime | None
    done: int
    total: int
    late: int
    late_words: tuple[str, ...]
    recall: str

    @property
    def name(self) -> str:
        """The title, as the `run_card` component calls it."""
        return self.title

    @property
    def unit(self) -> str:
        """The place, as the `run_card` component calls it."""
        return self.place

    @property
    def exercise(self) -> bool:
        """Whether it is an exercise, as the `run_card` component calls it."""
        return self.is_exercise


@dataclass(frozen=True)
class DisposalRow:
    """What an administrator may know of an ended run: nothing of its content."""

    public_id: str
    title: str
    unit: str
    ended_at: datetime


@dataclass(frozen=True)
class RunState:
    """What says whether anything is new in a run: `sequence` is the newest line of its log, `head` its hash.

    After a backup is put back a number may stand for another line than before; a hash never does.
    """

    unit_id: int
    started_by_id: int
    event_at: datetime
    ended_at: datetime | None
    sequence: int
    head: str


# Who sees what


def is_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """The condition "the viewer is Medarbetare or more in the run's unit, or invited to the run"."""
    if viewer.user_id is None:
        return false()
    invited = select(RunMember.run_id).where(RunMember.user_id == viewer.user_id)
    return or_(Run.unit_id.in_(sorted(viewer.units_with(Role.STAFF))), Run.id.in_(invited))


# One run


def get_run(session: Session, viewer: Viewer, public_id: str) -> Run:
    """The run with this public id. Raises `NotFound`, also for a run that the viewer may not see."""
    run = session.scalars(select(Run).where(Run.public_id == public_id, is_seen_by(viewer))).first()
    if run is None:
        raise NotFound
    return run


def get_whole_run(session: Session, viewer: Viewer, public_id: str) -> Run:
    """The run with unit, sections, steps and log loaded. Raises `NotFound` as `get_run`."""
    query = (
        select(Run)
        .where(Run.public_id == public_id, is_seen_by(viewer))
        .options(
            joinedload(Run.unit), *(selectinload(part) for part in (Run.sections, Run.steps, Run.events))
        )
    )
    run = session.scalars(query).first()
    if run is None:
        raise NotFound
    return run


# Put together once: it is asked every other second by everybody who follows a run. The condition is `is_seen_by`.
_STATE = select(
    Run.unit_id,
    Run.started_by_id,
    Run.event_at,
    Run.ended_at,
    Run.log_head,
    select(func.max(RunEvent.id)).where(RunEvent.run_id == Run.id).scalar_subquery().label("sequence"),
).where(
    Run.public_id == bindparam("public_id"),
    or_(
        Run.unit_id.in_(bindparam("units", expanding=True)),
        Run.id.in_(select(RunMember.run_id).where(RunMember.user_id == bindparam("viewer"))),
    ),
)


def get_state(session: Session, viewer: Viewer, public_id: str) -> RunState:
    """Where the run stands, in one short query. Raises `NotFound` as `get_run`."""
    units = sorted(viewer.units_with(Role.STAFF))
    row = session.execute(_STATE, {"public_id": public_id, "units": units, "viewer": viewer.user_id}).first()
    if row is None:
        raise NotFound
    return RunState(
        row.unit_id, row.started_by_id, row.event_at, row.ended_at, row.sequence or 0, row.log_head
    )


def list_members(session: Session, run: Run) -> Sequence[RunMember]:
    """Who is invited, in the order of invitation."""
    query = select(RunMember).where(RunMember.run_id == run.id).options(joinedload(RunMember.user))
    return session.scalars(query.order_by(RunMember.id)).all()


# Lists


def running_for(session: Session, viewer: Viewer, limit: int | None = None) -> list[RunCard]:
    """The runs that are going on and that the viewer sees, the newest first."""
    query = select(Run).where(Run.ended_at.is_(None), is_seen_by(viewer)).options(joinedload(Run.unit))
    return _cards(
        session,
        viewer,
        session.scalars(query.order_by(Run.started_at.desc(), Run.id.desc()).limit(limit)).all(),
    )


def going_on(session: Session, viewer: Viewer, item_id: int) -> list[RunCard]:
    """The runs of one checklist that go on in the units where the viewer works, the newest first."""
    units = sorted(viewer.units_with(Role.STAFF))
    query = select(Run).where(Run.item_id == item_id, Run.unit_id.in_(units), Run.ended_at.is_(None))
    runs = session.scalars(
        query.options(joinedload(Run.unit)).order_by(Run.started_at.desc(), Run.id.desc()).limit(MOST_GOING)
    )
    return _cards(session, viewer, runs.all())


def page_ended(session: Session, viewer: Viewer, number: int) -> Page[RunCard]:
    """A page of the ended runs that the viewer sees, the newest first; without those that were taken back."""
    found = (
        select(Run)
        .where(Run.ended_at.is_not(None), Run.cancel_reason == "", is_seen_by(viewer))
        .options(joinedload(Run.unit))
    )
    page = paginate(session, found.order_by(Run.ended_at.desc(), Run.id.desc()), number)
    return Page(_cards(session, viewer, page.items), page.number, page.total)


def list_cancelled(session: Session, viewer: Viewer) -> Sequence[Run]:
    """The newest runs that were taken back, and that the viewer sees."""
    found = select(Run).where(Run.cancel_reason != "", is_seen_by(viewer))
    return session.scalars(found.order_by(Run.ended_at.desc(), Run.id.desc()).limit(CANCELLED_SHOWN)).all()


def alerts(session: Session, viewer: Viewer, *, besides: str | None = None) -> list[Alert]:
    """The runs for the alert bar, without the one whose page is shown."""
    query = select(Run.public_id, Run.title, Run.is_exercise).where(
        Run.ended_at.is_(None), is_seen_by(viewer)
    )
    rows = session.execute(query.order_by(Run.started_at.desc(), Run.id.desc()))
    return [_alert(row.public_id, row.title, row.is_exercise) for row in rows if row.public_id != besides]


def list_going(session: Session, viewer: Viewer, limit: int) -> list[Going]:
    """The runs that go on and that the viewer sees, the newest first."""
    newest = select(func.max(RunEvent.id)).where(RunEvent.run_id == Run.id).scalar_subquery()
    query = select(Run.public_id, Run.title, Run.is_exercise, newest).where(
        Run.ended_at.is_(None), is_seen_by(viewer)
    )
    rows = session.execute(query.order_by(Run.started_at.desc(), Run.id.desc()).limit(limit))
    return [Going(public_id, title, is_exercise, last or 0) for public_id, title, is_exercise, last in rows]


def _alert(public_id: str, title: str, is_exercise: bool) -> Alert:
    return Alert(public_id, f"Övning: {title}" if is_exercise else title)


# Disposal


def page_disposable(session: Session, number: int) -> Page[DisposalRow]:
    """A page of all ended runs, the oldest first, for who may dispose of them."""
    found = (
        select(Run)
        .where(Run.ended_at.is_not(None))
        .options(joinedload(Run.unit))
        .order_by(Run.ended_at, Run.id)
    )
    page = paginate(session, found, number)
    return Page([_disposal_row(run) for run in page.items], page.number, page.total)


def get_disposable(session: Session, public_id: str) -> Run:
    """The ended run with this public id, for who may dispose of it. Raises `NotFound`."""
    query = (
        select(Run).where(Run.public_id == public_id, Run.ended_at.is_not(None)).options(joinedload(Run.unit))
    )
    run = session.scalars(query).first()
    if run is None:
        raise NotFound
    return run


def _disposal_row(run: Run) -> DisposalRow:
    return DisposalRow(run.public_id, run.title, run.unit.name, run.ended_at or run.started_at)


# Runs to cards


def _cards(session: Session, viewer: Viewer, runs: Sequence[Run]) -> list[RunCard]:
    steps = _steps_of(session, [run.id for run in runs])
    recalls = short_words(session, viewer, runs)
    now = clock.now()
    return [_card(run, steps[run.id], now, recalls.get(run.id, "")) for run in runs]


def _card(run: Run, steps: Sequence[Any], now: datetime, recall: str) -> RunCard:
    words, so_far = full_words(run.started_at, now), progress(steps, run.times, run.ended_at or now)
    return RunCard(
        public_id=run.public_id,
        title=run.title,
        unit_name=run.unit.name,
        place=run.place or run.unit.name,
        is_exercise=run.is_exercise,
        started_at=run.started_at,
        started_words=words[0].upper() + words[1:],
        ended_at=run.ended_at,
        done=so_far.done,
        total=so_far.total,
        late=so_far.late,
        late_words=() if run.ended_at else _late_words(run, steps, now),
        recall=recall,
    )


def _late_words(run: Run, steps: Sequence[Any], now: datetime) -> tuple[str, ...]:
    """What is late, the longest wait first, at most `TOLD` steps."""
    late = [step for step in steps if step.state == StepState.OPEN and is_step_late(step, run.times, now)]
    late.sort(key=lambda step: step.minutes)
    return tuple(
        f"Steg {step.position}, {shortened(step.text).rstrip('.')}: {words[0].lower()}{words[1:]}"
        for step in late[:TOLD]
        if (words := late_words(due(step, run.times), now))
    )


def _steps_of(session: Session, run_ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    query = select(
        RunStep.run_id,
        RunStep.state,
        RunStep.deadline_sort,
        RunStep.minutes,
        RunStep.position,
        RunStep.text,
    ).order_by(RunStep.position)
    for start in range(0, len(run_ids), 500):
        for row in session.execute(query.where(RunStep.run_id.in_(run_ids[start : start + 500]))):
            found[row.run_id].append(row)
    return found
