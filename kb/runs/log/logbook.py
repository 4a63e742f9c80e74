"""The lines of a run's log in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kb.runs.models import RunEvent
from kb.runs.operations import ANSWER_NAMES, Answer, EventKind
from kb.text.wording import full_words, moment_words

CLOCK_DIFFERENCE = timedelta(minutes=1)


@dataclass(frozen=True)
class LogLine:
    """One line: when and what, as the `log` component wants it."""

    when: str
    text: str


def log_lines(events: Iterable[RunEvent], numbers: Mapping[str, int], now: datetime | None) -> list[LogLine]:
    """The events as lines in their own order; `numbers` gives each step's number by its key."""
    return [LogLine(moment_words(event.server_at, now), line_words(event, numbers, now)) for event in events]


def line_words(event: RunEvent, numbers: Mapping[str, int], now: datetime | None) -> str:
    """ "Johan L: steg 4 klart", with the device's clock where it shows another time."""
    step = f"steg {numbers[event.step_key]}" if event.step_key in numbers else ""
    return (
        f"{event.actor_name}: {_what(event, step, now)}{device_words(event.device_at, event.server_at, now)}"
    )


def device_words(device_at: datetime | None, server_at: datetime | None, now: datetime | None) -> str:
    """ " (enhetens klocka 13.12)" where the device's time differs by more than a minute, else nothing."""
    if device_at is None or server_at is None or abs(server_at - device_at) <= CLOCK_DIFFERENCE:
        return ""
    return f" (enhetens klocka {moment_words(device_at, now)})"


def _what(event: RunEvent, step: str, now: datetime | None) -> str:
    data = event.data
    match event.kind:
        case EventKind.DONE | EventKind.OPEN | EventKind.SKIPPED:
            return _state_words(event.kind, step, data.get("was", ""), data.get("reason", ""))
        case EventKind.ASSIGNED:
            return f"{step} tilldelat {data['who']}" if data["who"] else f"{step} inte tilldelat någon längre"
        case EventKind.NOTED:
            return f"anteckning till {step}: {data['text']}" if step else f"anteckning: {data['text']}"
        case EventKind.STARTED:
            return "startade checklistan" + _began_words(data, now) + _answer_words(data.get("answers", {}))
        case EventKind.RETIMED:
            return _retimed_words(data, now)
        case EventKind.INVITED:
            return f"bjöd in {data['name']}"
        case EventKind.FOLLOWUP_ADDED | EventKind.FOLLOWUP_MOVED | EventKind.FOLLOWUP_DONE:
            return _followed_up_words(event.kind, data, now)
        case _:
            return "avslutade genomförandet"


def _retimed_words(data: Mapping[str, str], now: datetime | None) -> str:
    new, old = (full_words(datetime.fromisoformat(data[name]), now) for name in ("event_at", "was"))
    return f"tiderna räknas från {new}, förut {old}. {data['reason']}"


def _followed_up_words(kind: str, data: Mapping[str, str], now: datetime | None) -> str:
    what, when = f"”{data['text']}”", full_words(datetime.fromisoformat(data["due_at"]), now)
    if kind == EventKind.FOLLOWUP_ADDED:
        return f"följs upp {when}: {what}"
    if kind == EventKind.FOLLOWUP_MOVED:
        was = full_words(datetime.fromisoformat(data["was"]), now)
        return f"uppföljningen {what} flyttad till {when}, förut {was}. {data['reason']}"
    return f"uppföljningen {what} klar" + (f". {data['note']}" if data["note"] else "")


def _state_words(kind: str, step: str, was: str, reason: str) -> str:
    again = " (var det redan)" if kind == was else ""
    if kind == EventKind.DONE:
        return f"{step} klart{again}"
    if kind == EventKind.SKIPPED:
        return f"{step} ej aktuellt, {reason}{again}"
    undone = {EventKind.DONE: "ångrade klart på {}", EventKind.SKIPPED: "{} aktuellt igen"}
    return undone.get(EventKind(was), "{} inte klart").format(step) + again


def _began_words(data: Mapping[str, Any], now: datetime | None) -> str:
    words = f". Startade en till: {data['because']}" if data.get("because") else ""
    if data.get("event_at"):
        words += f". Tiderna räknas från {full_words(datetime.fromisoformat(data['event_at']), now)}"
    return words


def _answer_words(answers: Mapping[str, str]) -> str:
    if not answers:
        return ""
    given = [f"{words}: {ANSWER_NAMES[Answer(answer)].lower()}" for words, answer in answers.items()]
    return f". {'. '.join(given)}."
