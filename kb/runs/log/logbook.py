"""The lines of a run's log in words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kb.runs.log.kinds import ENTRY_KINDS, WRITTEN_KINDS, EntryKind, end_number
from kb.runs.models import RunEvent
from kb.runs.operations import ANSWER_NAMES, Answer, EventKind
from kb.text.wording import full_words, moment_words

PLAIN = {
    EventKind.FINISHED: "avslutade genomförandet",
    EventKind.JOINED: "lade ihop med det som startades utan nät",
}
CLOCK_DIFFERENCE = timedelta(minutes=1)
ADDITION = "tillägg efter avslut"
# What a line holds beside its text, with the words for it; moments are stored as such.
_DETAILS = (
    ("at", "När"),
    ("by", "Beslutat av"),
    ("ground", "Grund"),
    ("told", "Fick veta"),
    ("review_at", "Ses över"),
)
_MOMENTS = ("at", "review_at")


@dataclass(frozen=True)
class LogLine:
    """One line. `kind` is what a line that somebody wrote is about, `details` what it says beside its words.

    `corrects` is the line that it corrects, `corrected_by` those that correct it, by their numbers.
    """

    number: int
    when: str
    who: str
    kind: str
    words: str
    details: tuple[tuple[str, str], ...] = ()
    corrects: int | None = None
    corrected_by: tuple[int, ...] = ()
    is_addition: bool = False
    is_written: bool = False
    server_at: datetime | None = field(default=None, repr=False)
    device_at: datetime | None = field(default=None, repr=False)
    previous_hash: str = field(default="", repr=False)
    hash: str = field(default="", repr=False)

    @property
    def kind_words(self) -> str:
        """ "Beslut", or nothing for a line without a kind."""
        return EntryKind(self.kind).label if self.kind in ENTRY_KINDS else ""

    @property
    def marks(self) -> tuple[str, ...]:
        """What is to be known of the line: corrected, a correction, an addition."""
        return (
            *mark_words(self.corrected_by),
            *([f"rättar rad {self.corrects}"] if self.corrects else []),
            *([ADDITION] if self.is_addition else []),
        )

    @property
    def text(self) -> str:
        """All of it in plain words, for short lists and tables; a line break between the parts."""
        said = f"{self.kind_words}: {self.words}" if self.kind_words else self.words
        marks = f" ({', '.join(self.marks)})" if self.marks else ""
        return "\n".join(
            (f"{self.who}: {said}{marks}", *(f"{name}: {value}" for name, value in self.details))
        )


def log_lines(events: Sequence[RunEvent], numbers: Mapping[str, int], now: datetime | None) -> list[LogLine]:
    """The events as lines in their own order; `numbers` gives each step's number by its key."""
    corrected, end = corrections_of(events), end_number(events)
    return [
        LogLine(
            number=event.number,
            when=moment_words(event.server_at, now),
            who=event.actor_name,
            kind=event.kind,
            words=line_words(event, numbers, now),
            details=_details(event, now),
            corrects=event.data.get("corrects"),
            corrected_by=corrected.get(event.number, ()),
            is_addition=end is not None and event.number > end and event.kind in WRITTEN_KINDS,
            is_written=event.kind in WRITTEN_KINDS,
            server_at=event.server_at,
            device_at=event.device_at,
            previous_hash=event.previous_hash,
            hash=event.hash,
        )
        for event in events
    ]


def corrections_of(events: Sequence[RunEvent]) -> dict[int, tuple[int, ...]]:
    """Number of a line → the numbers of those that correct it."""
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for event in events:
        if corrects := event.data.get("corrects"):
            found[corrects] += (event.number,)
    return found


def mark_words(corrected_by: Sequence[int]) -> list[str]:
    """ "rättad, se rad 12 och 15", or nothing."""
    if not corrected_by:
        return []
    return [f"rättad, se rad {' och '.join(map(str, corrected_by))}"]


def line_words(event: RunEvent, numbers: Mapping[str, int], now: datetime | None) -> str:
    """ "steg 4 klart", with the device's clock where it shows another time."""
    step = f"steg {numbers[event.step_key]}" if event.step_key in numbers else ""
    return _what(event, step, now) + _clock_words(event, now)


def _details(event: RunEvent, now: datetime | None) -> tuple[tuple[str, str], ...]:
    if event.kind not in ENTRY_KINDS:
        return ()
    told = [(words, name, event.data[name]) for name, words in _DETAILS if event.data.get(name)]
    return tuple((words, _detail(name, value, now)) for words, name, value in told)


def _detail(name: str, value: str, now: datetime | None) -> str:
    return full_words(datetime.fromisoformat(value), now) if name in _MOMENTS else value


def _clock_words(event: RunEvent, now: datetime | None) -> str:
    """When it was done, where it came later, and what the clock of the device said, where that is something else."""
    if "made_at" not in event.data:
        return device_words(event.device_at, event.server_at, now)
    made_at = datetime.fromisoformat(event.data["made_at"])
    words = f" (gjordes {moment_words(made_at, now)}, utan nät)"
    if event.device_at is not None and abs(made_at - event.device_at) > CLOCK_DIFFERENCE:
        words += f" (enhetens klocka gick fel: {moment_words(event.device_at, now)})"
    return words


def device_words(device_at: datetime | None, server_at: datetime | None, now: datetime | None) -> str:
    """ " (enhetens klocka 13.12)" where the device's time differs by more than a minute, else nothing."""
    if device_at is None or server_at is None or abs(server_at - device_at) <= CLOCK_DIFFERENCE:
        return ""
    return f" (enhetens klocka {moment_words(device_at, now)})"


def _what(event: RunEvent, step: str, now: datetime | None) -> str:
    data = event.data
    match event.kind:
        case EventKind.STARTED:
            return "startade checklistan" + _began_words(data, now) + _answer_words(data.get("answers", {}))
        case EventKind.RETIMED:
            return _retimed_words(data, now)
        case EventKind.INVITED:
            return f"bjöd in {data['name']}"
        case EventKind.FOLLOWUP_ADDED | EventKind.FOLLOWUP_MOVED | EventKind.FOLLOWUP_DONE:
            return _followed_up_words(event.kind, data, now)
        case EventKind.FINISHED | EventKind.JOINED:
            return PLAIN[EventKind(event.kind)]
        case EventKind.CANCELLED:
            return f"avbröt genomförandet: {data['reason']}"
        case _:
            return _work_words(event.kind, step, data)


def _work_words(kind: str, step: str, data: Mapping[str, Any]) -> str:
    """What was done with a step, or written."""
    match kind:
        case EventKind.DONE | EventKind.OPEN | EventKind.SKIPPED:
            return _state_words(kind, step, data)
        case EventKind.ASSIGNED:
            return f"{step} tilldelat {data['who']}" if data["who"] else f"{step} inte tilldelat någon längre"
        case EventKind.NOTED:
            return f"anteckning till {step}: {data['text']}" if step else f"anteckning: {data['text']}"
        case EventKind.HANDOVER_OFFERED | EventKind.HANDOVER_TAKEN | EventKind.HANDOVER_BACK:
            return _handover_words(kind, data)
        case _:
            return str(data.get("text", kind))


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


def _handover_words(kind: str, data: Mapping[str, str]) -> str:
    if kind == EventKind.HANDOVER_TAKEN:
        return f"tog över ledningen efter {data['who']}, som {data['name']}"
    if kind == EventKind.HANDOVER_BACK:
        return f"tog tillbaka överlämningen till {data['who']}"
    return f"lämnar över till {data['who']}, inte bekräftat än"


def _state_words(kind: str, step: str, data: Mapping[str, Any]) -> str:
    was = data.get("was", "")
    again = " (var det redan)" if kind == was else ""
    if "overtaken" in data:
        again += ". Någon annan ändrade steget senare, och det gäller"
    if kind == EventKind.DONE:
        return f"{step} klart{again}"
    if kind == EventKind.SKIPPED:
        return f"{step} ej aktuellt, {data.get('reason', '')}{again}"
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
