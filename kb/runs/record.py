"""The record of a run for other programs: a table for spreadsheets, and JSON. Nothing of it is cut."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kb.runs.log.logbook import LogLine
from kb.runs.operations import StepState
from kb.runs.presenting import RunView, StepView
from kb.text.sheets import sheet

FORMAT = "radrum-protokoll"
FORMAT_VERSION = 1
DETAILS = ("När", "Beslutat av", "Grund", "Fick veta", "Ses över")
HEADER = (
    "Del",
    "Nummer",
    "Tid",
    "Enhetens tid",
    "Vem",
    "Slag",
    "Text",
    *DETAILS,
    "Märkning",
    "Kontrollsumma före",
    "Kontrollsumma",
)
STATE_WORDS = {StepState.OPEN: "Inte klart", StepState.DONE: "Klart", StepState.SKIPPED: "Ej aktuellt"}


def record_sheet(run: RunView) -> str:
    """What was followed, the steps and then the log, a row each."""
    steps = (step for section in run.sections for step in section.steps)
    rows = [_run_row(run), *(_step_row(step) for step in steps), *(_line_row(line) for line in run.log)]
    return sheet(HEADER, rows)


def record_data(run: RunView) -> dict[str, Any]:
    """All of the record, as it is written in JSON."""
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "run": {
            "id": run.public_id,
            "title": run.title,
            "checklist_version": run.version,
            "unit": run.unit,
            "place": run.place,
            "exercise": run.is_exercise,
            "event_at": _moment(run.times.event_at),
            "started_at": _moment(run.times.started_at),
            "started_by": run.started_by,
            "ended_at": _moment(run.ended_at),
            "ended_by": run.ended_by,
            "cancelled_because": run.cancel_reason,
            "closing_note": run.closing_note,
            "diary_number": run.diary_number,
            "answers": dict(run.conditions),
            "log_lines": len(run.log),
            "log_hash": run.log_head,
        },
        "sections": [
            {"title": section.title, "steps": [_step_data(step) for step in section.steps]}
            for section in run.sections
        ],
        "log": [_line_data(line) for line in run.log],
    }


def _run_row(run: RunView) -> tuple[str, ...]:
    sort = "ÖVNING" if run.is_exercise else "Skarpt läge"
    words = ", ".join(part for part in (run.title, run.unit, run.place) if part)
    row = ("Genomförande", "", _moment(run.times.started_at) or "", "", run.started_by, sort, words)
    said = f"Avbrutet: {run.cancel_reason}" if run.cancel_reason else run.closing_note
    return (*row, *("" for _ in DETAILS), said, "", run.log_head)


def _step_row(step: StepView) -> tuple[str, ...]:
    said = [step.record_words, step.skip_reason, *_notes(step)]
    words = "\n".join(part for part in said if part)
    who = step.assigned or step.role
    state = STATE_WORDS[StepState(step.state)]
    row = ("Steg", str(step.number), "", "", who, state, step.text)
    return (*row, *("" for _ in DETAILS), words, "", "")


def _notes(step: StepView) -> Iterator[str]:
    for note in step.notes:
        mark = f" ({note.mark})" if note.mark else ""
        yield f"{note.who} {note.when}{mark}: {note.text}"


def _line_row(line: LogLine) -> tuple[str, ...]:
    details = dict(line.details)
    return (
        "Logg",
        str(line.number),
        _moment(line.server_at) or "",
        _moment(line.device_at) or "",
        line.who,
        line.kind_words,
        line.words,
        *(details.get(name, "") for name in DETAILS),
        ", ".join(line.marks),
        line.previous_hash,
        line.hash,
    )


def _step_data(step: StepView) -> dict[str, Any]:
    return {
        "number": step.number,
        "key": step.key,
        "text": step.text,
        "critical": step.critical,
        "condition": step.condition,
        "role": step.role,
        "assigned": step.assigned,
        "state": step.state,
        "words": step.record_words,
        "reason": step.skip_reason,
        "legal": step.legal,
        "notes": [
            {"text": note.text, "who": note.who, "when": note.when, "mark": note.mark} for note in step.notes
        ],
    }


def _line_data(line: LogLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "at": _moment(line.server_at),
        "device_at": _moment(line.device_at),
        "who": line.who,
        "kind": line.kind,
        "text": line.words,
        "details": dict(line.details),
        "corrects": line.corrects,
        "corrected_by": list(line.corrected_by),
        "after_end": line.is_addition,
        "previous_hash": line.previous_hash,
        "hash": line.hash,
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
