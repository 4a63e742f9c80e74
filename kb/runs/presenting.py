"""A run as its pages show it: plain values with everything in words, so that templates need no logic."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.accounts.viewer import Viewer
from kb.library.addresses import address, history_address
from kb.runs.deadlines import deadline_words, late_words
from kb.runs.guidance import Guidance
from kb.runs.log.logbook import LogLine, corrections_of, device_words, log_lines, mark_words
from kb.runs.models import Run, RunEvent, RunStep
from kb.runs.operations import EventKind, Progress, StepState, Times, due, is_step_late, next_step, progress
from kb.runs.permissions import Permission, holds
from kb.runs.recall import Recall
from kb.runs.services.cancelling import may_cancel
from kb.text.wording import full_words, moment_words, span_words

LATEST = 6


@dataclass(frozen=True)
class NoteView:
    """A note under a step; `mark` says which line of the log corrects it, where one does."""

    text: str
    who: str
    when: str
    mark: str


@dataclass(frozen=True)
class PersonView:
    """Somebody who takes part, and when something was last done."""

    name: str
    words: str


@dataclass(frozen=True)
class GuidanceView:
    """Where to read more about a step. `gone` says that the text was taken away; `url` then leads to `instead`."""

    title: str
    url: str
    gone: str
    instead: str


@dataclass(frozen=True)
class RecallView:
    """What happened to the checklist, and where what holds now is read."""

    words: str
    reason: str
    is_gone: bool
    steps: tuple[str, ...]
    url: str
    link: str


@dataclass(frozen=True)
class StepView:
    """A step as the `run_step` component wants it, and for the record."""

    number: int
    key: str
    text: str
    deadline_words: str
    late_words: str
    role: str
    assigned: str
    critical: bool
    condition: str
    state: str
    done_words: str
    skip_reason: str
    notes: tuple[NoteView, ...]
    why: str
    legal: str
    verify: bool
    guidance: GuidanceView | None
    record_words: str
    may_skip: bool


@dataclass(frozen=True)
class SectionView:
    """A section with its steps; `pause` is the question after it."""

    id: str
    title: str
    pause: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True)
class RunView:
    """A whole run. `sequence` is the newest line of the log; `may_lead` is about who looks."""

    public_id: str
    title: str
    version: int
    starts_from: str
    unit: str
    unit_id: int
    place: str
    is_exercise: bool
    started_words: str
    event_words: str
    times: Times
    ended_at: datetime | None
    started_by: str
    is_ended: bool
    ended_words: str
    ended_by: str
    closing_note: str
    diary_number: str
    saved_words: str
    progress: Progress
    next_key: str
    sections: tuple[SectionView, ...]
    conditions: tuple[tuple[str, str], ...]
    recalls: tuple[RecallView, ...]
    log: tuple[LogLine, ...]
    people: tuple[PersonView, ...]
    may_lead: bool
    may_end: bool
    may_cancel: bool
    cancel_reason: str
    sequence: int
    log_head: str

    @property
    def latest(self) -> tuple[LogLine, ...]:
        """The newest lines of the log, the newest first."""
        return self.log[: -LATEST - 1 : -1]

    @property
    def left(self) -> list[StepView]:
        """The steps that are open."""
        return [step for section in self.sections for step in section.steps if step.state == StepState.OPEN]


@dataclass(frozen=True)
class _Look:
    """Who looks and when. `now` is None for what is kept: then all dates are whole."""

    viewer: Viewer
    may_lead: bool
    now: datetime | None
    until: datetime
    guidance: Mapping[str, Guidance]
    recalls: tuple[Recall, ...]


def view_run(
    run: Run,
    viewer: Viewer,
    now: datetime,
    *,
    guidance: Mapping[str, Guidance],
    recalls: tuple[Recall, ...] = (),
    for_record: bool = False,
) -> RunView:
    """Everything about a run (loaded whole) as `viewer` sees it at `now`; a record has whole dates.

    `guidance` is what the viewer may read of what the steps refer to, by slug; `recalls` what became of the checklist.
    """
    may_lead = holds(viewer, Permission.LEAD, run.unit_id)
    look = _Look(viewer, may_lead, None if for_record else now, run.ended_at or now, guidance, recalls)
    return _view(run, look)


def _view(run: Run, look: _Look) -> RunView:
    now = look.now
    notes = _notes(run.events, now)
    views = {step.id: _step(run, step, notes[step.key], look) for step in run.steps}
    following = None if run.is_ended else next_step(run.steps)
    numbers = {step.key: step.position for step in run.steps}
    return RunView(
        public_id=run.public_id,
        title=run.title,
        version=run.version,
        starts_from=run.starts_from,
        unit=run.unit.name,
        unit_id=run.unit_id,
        place=run.place,
        is_exercise=run.is_exercise,
        started_words=full_words(run.started_at, now),
        event_words=_event_words(run, now),
        times=run.times,
        ended_at=run.ended_at,
        started_by=run.started_by_name,
        is_ended=run.is_ended,
        ended_words=full_words(run.ended_at, now) if run.ended_at else "",
        ended_by=run.ended_by_name,
        closing_note=run.closing_note,
        diary_number=run.diary_number,
        saved_words=f"Sparat {moment_words(run.events[-1].server_at, now)}" if run.events else "",
        progress=progress(run.steps, run.times, look.until),
        next_key=following.key if following else "",
        sections=_sections(run, views),
        conditions=tuple((entry["condition"], entry["answer"]) for entry in run.conditions),
        recalls=tuple(_recall(recall) for recall in look.recalls),
        log=tuple(log_lines(run.events, numbers, now)),
        people=_people(run.events, now),
        may_lead=look.may_lead,
        may_end=_may_end(run, look),
        may_cancel=may_cancel(run, look.viewer, look.until),
        cancel_reason=run.cancel_reason,
        sequence=run.events[-1].id if run.events else 0,
        log_head=run.log_head,
    )


def _may_end(run: Run, look: _Look) -> bool:
    """What `kb.runs.services.ending` allows: staff of the unit end what has no critical step left."""
    is_safe = not any(step.is_critical and step.state == StepState.OPEN for step in run.steps)
    return look.may_lead or (is_safe and holds(look.viewer, Permission.START, run.unit_id))


def _event_words(run: Run, now: datetime | None) -> str:
    """When it happened, where that is not when the list was started."""
    is_apart = abs(run.started_at - run.event_at) >= timedelta(minutes=1)
    return full_words(run.event_at, now) if is_apart else ""


def _sections(run: Run, views: dict[int, StepView]) -> tuple[SectionView, ...]:
    return tuple(
        SectionView(
            f"avsnitt-{section.position}",
            section.title,
            section.pause,
            tuple(views[step.id] for step in run.steps if step.section_id == section.id),
        )
        for section in run.sections
    )


def _people(events: Sequence[RunEvent], now: datetime | None) -> tuple[PersonView, ...]:
    """Who has done something or is invited, the latest first."""
    found: dict[str, str] = {}
    for event in events:
        when = moment_words(event.server_at, now)
        if event.kind == EventKind.INVITED:
            found.setdefault(event.data["name"], f"inbjuden {when}")
        found.pop(event.actor_name, None)
        found[event.actor_name] = f"senast {when}"
    return tuple(PersonView(name, words) for name, words in reversed(found.items()))


def _notes(events: Sequence[RunEvent], now: datetime | None) -> dict[str, list[NoteView]]:
    found: dict[str, list[NoteView]] = defaultdict(list)
    corrected = corrections_of(events)
    for event in events:
        if event.kind == EventKind.NOTED and event.step_key:
            when = moment_words(event.server_at, now) + device_words(event.device_at, event.server_at, now)
            mark = "".join(mark_words(corrected.get(event.number, ())))
            found[event.step_key].append(NoteView(event.data["text"], event.actor_name, when, mark))
    return found


def _step(run: Run, step: RunStep, notes: list[NoteView], look: _Look) -> StepView:
    now = look.now
    due_at = due(step, run.times)
    is_late = step.state == StepState.OPEN and is_step_late(step, run.times, look.until)
    when = moment_words(step.state_at, now) if step.state_at else ""
    return StepView(
        number=step.position,
        key=step.key,
        text=step.text,
        deadline_words=deadline_words(due_at, step.deadline, step.minutes, now),
        late_words=late_words(due_at, look.until) if is_late else "",
        role=step.role,
        assigned=step.assigned_role,
        critical=step.is_critical,
        condition=step.condition,
        state=step.state,
        done_words=f"Klart {when}, {step.state_by_name}" if step.state == StepState.DONE else "",
        skip_reason=_skip_words(step, look, when),
        notes=tuple(notes),
        why=step.why,
        legal=step.legal,
        verify=step.verify,
        guidance=_guidance(look.guidance.get(step.guidance_slug)),
        record_words=_record_words(run, step, now),
        may_skip=look.may_lead or not step.is_critical,
    )


def _guidance(told: Guidance | None) -> GuidanceView | None:
    if told is None:
        return None
    url = address(told.kind, told.slug) if told.slug else ""
    return GuidanceView(told.title, url, told.gone, told.instead)


def _recall(told: Recall) -> RecallView:
    url = address(told.kind, told.slug) if told.slug else ""
    if told.versions:
        url = history_address(told.kind, told.slug, fran=told.versions[0], till=told.versions[1])
    return RecallView(told.words, told.reason, told.is_gone, told.steps, url, told.link)


def _skip_words(step: RunStep, look: _Look, when: str) -> str:
    """Why the step is not applicable; in a record `record_words` says who and when."""
    if step.state != StepState.SKIPPED:
        return ""
    if step.is_ruled_out:
        is_own = step.state_by_id == look.viewer.user_id and look.now is not None
        return f"{'Du' if is_own else step.state_by_name} svarade nej på ”{step.condition}” vid starten."
    return f"{step.skip_reason} {step.state_by_name} {when}" if look.now else step.skip_reason


def _record_words(run: Run, step: RunStep, now: datetime | None) -> str:
    """Where the step stands, for the record: who, when by both clocks, and how late."""
    if step.state == StepState.OPEN or step.state_at is None:
        return "Inte klart"
    word = "Klart" if step.state == StepState.DONE else "Ej aktuellt"
    words = f"{word} {moment_words(step.state_at, now)}, {step.state_by_name}"
    words += device_words(step.state_device_at, step.state_at, now)
    due_at = due(step, run.times)
    if step.state == StepState.DONE and due_at and is_step_late(step, run.times, step.state_at):
        words += f", {span_words(step.state_at - due_at)} efter tiden"
    return words
