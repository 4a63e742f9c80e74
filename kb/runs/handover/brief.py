"""What somebody who takes over has to know, on one page: what is open, decided, promised, and what comes next.

It is kept as it was when the lead was offered, in plain words with whole dates, so that what was confirmed can be read
later. Each part is cut to what stands on one A4 together; how many more there are is said.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kb.runs.deadlines import deadline_words, late_words
from kb.runs.followups.queries import FollowUpRow
from kb.runs.log.kinds import EntryKind
from kb.runs.models import Run, RunEvent, RunStep
from kb.runs.operations import EventKind, StepState, due, is_step_late
from kb.text.wording import moment_words, shortened

Row = dict[str, Any]
STEPS, DECISIONS, NOTES, TIMES, FOLLOW_UPS = 12, 6, 5, 4, 4
LONGEST = 110
# How people say in a note that something was decided or promised.
_BINDING = re.compile(
    r"\b(?:beslut|bestäm|överens|lov(?:a|ar|ade|at)\b|löfte|utlova|återkom|återkopp|hör av|ringer tillbaka)",
    re.IGNORECASE,
)


def make_brief(run: Run, follow_ups: Iterable[FollowUpRow], now: datetime) -> dict[str, Any]:
    """The brief of a run (loaded whole) as it stands now; parts with their rows, and how many more there are."""
    left = [step for step in run.steps if step.state == StepState.OPEN]
    bound, others = _notes(run)
    return {
        "at": now.isoformat(),
        "done": sum(step.state == StepState.DONE for step in run.steps),
        "total": sum(step.state != StepState.SKIPPED for step in run.steps),
        "steps": _part([_step(run, s, now) for s in sorted(left, key=lambda s: not s.is_critical)], STEPS),
        "decisions": _part(bound, DECISIONS),
        "notes": _part(others, NOTES),
        "times": _part(_times(run, left, now), TIMES),
        "follow_ups": _part(
            [
                {"when": row.due_words, "text": _short(row.text), "who": ""}
                for row in follow_ups
                if not row.is_done
            ],
            FOLLOW_UPS,
        ),
    }


def is_binding(text: str) -> bool:
    """Whether a note says that something was decided or promised."""
    return _BINDING.search(text) is not None


def _part(rows: Sequence[Row], most: int) -> dict[str, Any]:
    return {"rows": list(rows[:most]), "more": max(0, len(rows) - most)}


def _step(run: Run, step: RunStep, now: datetime) -> Row:
    due_at = due(step, run.times)
    is_late = is_step_late(step, run.times, now)
    words = late_words(due_at, now) if is_late else deadline_words(due_at, step.deadline, step.minutes, None)
    return {
        "number": step.position,
        "text": _short(step.text),
        "critical": step.is_critical,
        "late": is_late,
        "when": words,
        "who": step.assigned_role or step.role,
    }


def _notes(run: Run) -> tuple[list[Row], list[Row]]:
    """Decisions and what binds, and the other notes, both the latest first; lines that were corrected are left out."""
    numbers = {step.key: step.position for step in run.steps}
    bound: list[Row] = []
    others: list[Row] = []
    for event in reversed(_standing(run)):
        if event.kind not in (EventKind.NOTED, EntryKind.DECISION):
            continue
        binds = event.kind == EntryKind.DECISION or is_binding(event.data["text"])
        (bound if binds else others).append(_note(event, numbers))
    return bound, others


def _standing(run: Run) -> list[RunEvent]:
    """The lines that no later one corrects."""
    corrected = {event.data.get("corrects") for event in run.events}
    return [event for event in run.events if event.number not in corrected]


def _note(event: RunEvent, numbers: Mapping[str, int]) -> Row:
    step = f"Steg {numbers[event.step_key]}: " if event.step_key in numbers else ""
    text = step + _short(" ".join(event.data["text"].split()))
    return {"when": moment_words(event.server_at, None), "text": text, "who": event.actor_name}


def _times(run: Run, left: Iterable[RunStep], now: datetime) -> list[Row]:
    """What has a time to come, the first one first: open steps, and decisions that are to be looked at again."""
    found = [(at, f"Steg {s.position}: {_short(s.text)}") for s in left if (at := due(s, run.times))]
    found += [
        (datetime.fromisoformat(event.data["review_at"]), f"Se över beslutet: {_short(event.data['text'])}")
        for event in _standing(run)
        if event.kind == EntryKind.DECISION and event.data.get("review_at")
    ]
    return [
        {"when": moment_words(at, None), "text": text, "who": ""} for at, text in sorted(found) if at > now
    ]


def _short(text: str) -> str:
    return shortened(text, LONGEST)
