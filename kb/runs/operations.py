"""The rules of following a checklist, without any database: states, progress, what comes next, conditions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from kb.library.content.document import Document
from kb.runs.deadlines import deadline_at, is_late


class StepState(StrEnum):
    """Where a step stands."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class EventKind(StrEnum):
    """What a line of the log is about; the first three are a step's states."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    STARTED = "started"
    ASSIGNED = "assigned"
    NOTED = "noted"
    INVITED = "invited"
    RETIMED = "retimed"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    JOINED = "joined"
    FOLLOWUP_ADDED = "followup_added"
    FOLLOWUP_MOVED = "followup_moved"
    FOLLOWUP_DONE = "followup_done"
    HANDOVER_OFFERED = "handover_offered"
    HANDOVER_TAKEN = "handover_taken"
    HANDOVER_BACK = "handover_back"


class Answer(StrEnum):
    """Whether a condition holds, as answered at the start."""

    YES = "ja"
    NO = "nej"
    UNKNOWN = "vet-inte"


ANSWER_NAMES = {Answer.YES: "Ja", Answer.NO: "Nej", Answer.UNKNOWN: "Vet inte än"}


class Standing(Protocol):
    """What the rules need to know about a step."""

    @property
    def state(self) -> str: ...
    @property
    def deadline_sort(self) -> str: ...
    @property
    def minutes(self) -> int | None: ...


S = TypeVar("S", bound=Standing)
AT_ONCE = timedelta(minutes=15)


@dataclass(frozen=True)
class Progress:
    """How far a run has come; steps that do not apply are not counted."""

    done: int
    total: int
    late: int


@dataclass(frozen=True)
class Times:
    """When it happened, which deadlines count from, and when the run of the checklist began."""

    event_at: datetime
    started_at: datetime


def progress(steps: Iterable[Standing], times: Times, now: datetime) -> Progress:
    """Count the steps of a run as they stand at `now`."""
    counted = [step for step in steps if step.state != StepState.SKIPPED]
    late = [s for s in counted if s.state == StepState.OPEN and is_step_late(s, times, now)]
    return Progress(sum(step.state == StepState.DONE for step in counted), len(counted), len(late))


def due(step: Standing, times: Times) -> datetime | None:
    """When the step is to be done; None for all but relative deadlines."""
    return deadline_at(times.event_at, step.deadline_sort, step.minutes)


def is_step_late(step: Standing, times: Times, now: datetime) -> bool:
    """Whether the step should have been done by `now`.

    What is to be done at once is not late in the first quarter of an hour after the start.
    """
    has_begun = step.minutes != 0 or now - times.started_at >= AT_ONCE
    return has_begun and is_late(due(step, times), now)


def next_step(steps: Sequence[S]) -> S | None:
    """The first step that is neither done nor skipped."""
    return next((step for step in steps if step.state == StepState.OPEN), None)


def conditions(document: Document) -> list[str]:
    """The distinct conditions of a checklist in the order of its steps."""
    return list(dict.fromkeys(step.condition for step in document.steps() if step.condition))


def answered(document: Document, answers: Mapping[str, str]) -> dict[str, Answer]:
    """An answer for each condition of the checklist; what is missing or odd is "not known yet"."""
    known = {answer.value for answer in Answer}
    return {
        condition: Answer(answers[condition]) if answers.get(condition) in known else Answer.UNKNOWN
        for condition in conditions(document)
    }


def first_state(condition: str, answers: Mapping[str, Answer]) -> StepState:
    """How a step begins: not applicable only when its condition was answered no."""
    return StepState.SKIPPED if condition and answers.get(condition) is Answer.NO else StepState.OPEN
