"""The rule that a duty has one time, in whatever texts it stands."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from re import Pattern

import yaml

from kb.library.content.document import Deadline, Document, Step
from kb.library.intake.linting.entries import Entry, documents
from kb.library.intake.linting.findings import WARNING, Finding
from kb.library.intake.linting.known import DATA

_SPAN = re.compile(
    r"\b(?:inom|senast) (?P<count>\d+|en|ett|två|tre) (?P<unit>minut|timm|dygn|dag|veck)\w*", re.IGNORECASE
)
_COUNTS = {"en": 1, "ett": 1, "två": 2, "tre": 3}
_UNITS = {"minut": 1, "timm": 60, "dygn": 1440, "dag": 1440, "veck": 10080}


@dataclass(frozen=True)
class _Place:
    """Where a duty stands, and its time in words that can be compared."""

    file: str
    place: str
    time: str


def lint_duties(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Duties whose time differs from the one that most texts give."""
    found: dict[str, list[_Place]] = defaultdict(list)
    for entry, document in documents(entries):
        for place, text, time in _timed(document):
            for duty in duties_in(text):
                found[duty].append(_Place(entry.file, place, time))
    for duty, places in found.items():
        usual, _count = Counter(one.time for one in places).most_common(1)[0]
        for one in places:
            if one.time != usual:
                message = f"Tiden för {duty} är {one.time} här men {usual} i andra texter. Bestäm en av dem."
                yield Finding(one.file, one.place, WARNING, "duty-time", message)


def _timed(document: Document) -> Iterator[tuple[str, str, str]]:
    """(place, text, time) of steps and actions that state a time."""
    for number, section in enumerate(document.sections, start=1):
        for step in section.steps:
            time = _span(step.text) or _of_step(step)
            if time:
                yield f"sections.{number}.steps.{step.id}.deadline", step.text, time
    for number, action in enumerate(document.actions, start=1):
        time = _span(action.do)
        if time:
            yield f"actions.{number}.do", action.do, time


def _of_step(step: Step) -> str:
    """A time that can be compared: minutes from the start, or the words of the law."""
    if step.minutes is not None:
        return _words(step.minutes)
    if step.deadline_sort == Deadline.LEGAL:
        return re.sub(r" \(.*", "", step.deadline.casefold())
    return ""


def _span(text: str) -> str:
    """The time that the words themselves give."""
    span = _SPAN.search(text)
    if span is None:
        return ""
    count = _COUNTS.get(span["count"].casefold()) or int(span["count"])
    return _words(count * _UNITS[span["unit"].casefold()])


def _words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{minutes} minuter" if rest or not hours else f"{hours} timmar"


def duties_in(text: str) -> Iterator[str]:
    """The kept duties that a step or an action is about."""
    for duty, patterns in kept_duties().items():
        if any(pattern.search(text) for pattern in patterns):
            yield duty


@lru_cache(maxsize=1)
def kept_duties() -> dict[str, list[Pattern[str]]]:
    """The patterns of each duty that has one time everywhere."""
    rows = yaml.safe_load((DATA / "duties.yaml").read_text(encoding="utf-8"))
    return {duty: [re.compile(words, re.IGNORECASE) for words in patterns] for duty, patterns in rows.items()}
