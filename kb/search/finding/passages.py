"""The passage of a text that is shown: running text before tables, sources and headings; whole sentences."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from kb.library.core.outline import Sort, Span
from kb.search.engine.schema import Told
from kb.search.finding import weights
from kb.text.plain import sentences

_SPACE = re.compile(r"\s+")
_DEMAND = {Sort.RUNNING: 0.0, Sort.HEADING: weights.HEADING_WORTH, Sort.BESIDE: weights.BESIDE_WORTH}
Part = tuple[str, bool]


class Mark(NamedTuple):
    """A word that answers the query, where it stands, which of the query's words it answers, and whether it is that.

    `is_share`: it answers only together with another, as "arbete" beside "miljö" does for arbetsmiljö.
    """

    start: int
    end: int
    key: str
    is_itself: bool = True
    is_share: bool = False


class _Zone(NamedTuple):
    """Lines of one sort in one section, from `start`; a passage that begins there ends before `reach`."""

    start: int
    reach: int
    span: Span


class Zones:
    """A text by what its lines are."""

    def __init__(self, told: Told) -> None:
        self._text = told.text
        spans = told.spans or [Span(1, Sort.RUNNING)]
        starts = _starts_of(told.text, spans) if told.spans else [0]
        ends = [*starts[1:], len(told.text)]
        self._starts = starts
        self._zones = [_Zone(start, end, span) for start, end, span in zip(starts, ends, spans, strict=False)]
        for place, (one, after) in enumerate(pairwise(self._zones)):
            if one.span.sort is Sort.HEADING and after.span == _running(after.span, one.span.anchor):
                self._zones[place] = one._replace(reach=after.reach)

    def best(self, marks: Sequence[Mark]) -> list[Mark]:
        """The marks that stand near each other and answer most words of the query, the earliest of equals.

        A heading must answer one word more than running text does, a table or a source two.
        """
        best: list[Mark] = []
        most = -weights.BESIDE_WORTH
        width = weights.SNIPPET - weights.SNIPPET_SLACK
        for number, first in enumerate(marks):
            zone = self._zone(first.start)
            end = min(first.start + width, zone.reach)
            inside = [mark for mark in marks[number : number + weights.MATCHES_TOGETHER] if mark.end <= end]
            worth = self.answered(inside) - _DEMAND[zone.span.sort]
            if inside and worth > most:
                best, most = inside, worth
        return best

    def answered(self, marks: Sequence[Mark]) -> float:
        """How many words of the query some marks answer; one of several shares alone is little."""
        whole = {mark.key for mark in marks if not mark.is_share}
        shares: dict[str, set[str]] = {}
        for mark in marks:
            if mark.key not in whole:
                shares.setdefault(mark.key, set()).add(self._text[mark.start : mark.start + 4].lower())
        return len(whole) + sum(1.0 if len(one) > 1 else weights.SHARE_WORTH for one in shares.values())

    def is_running(self, place: int) -> bool:
        """Whether running text stands there."""
        return self._zone(place).span.sort is Sort.RUNNING

    def is_beside(self, place: int) -> bool:
        """Whether a row of a table, a source or a fact stands there."""
        return self._zone(place).span.sort is Sort.BESIDE

    def section(self, place: int) -> Span | None:
        """The section of the page that a place stands in; none above the first."""
        span = self._zone(place).span
        return span if span.anchor else None

    def cut(self, inside: Sequence[Mark], marks: Sequence[Mark], *, from_start: bool = False) -> list[Part]:
        """The passage around some marks, from the start of its sentence to the end of one, with all marks in it."""
        text = self._text
        if from_start and (not inside or inside[-1].end <= weights.SNIPPET):
            start, last = 0, 0
        else:
            start, last = self._begin(inside), inside[-1].end
        reach = self._zone(start).reach
        end = _end(text, start, reach, last)
        parts = split_marks(text, start, end, marks)
        if start > 0:
            parts.insert(0, ("… ", False))
        if end < len(text.rstrip()):
            parts.append((" …", False))
        return parts

    def _begin(self, inside: Sequence[Mark]) -> int:
        """The beginning of the sentence, or of a word not too far before the first mark."""
        first, last = inside[0].start, inside[-1].end
        zone = self._zone(first)
        line = max(zone.start, self._text.rfind("\n", 0, first) + 1)
        starts = [start for start, _end in _sentences(self._text, line, zone.reach, first) if start <= first]
        if starts and last - starts[-1] <= weights.SNIPPET:
            return starts[-1]
        space = self._text.find(" ", max(zone.start, first - weights.WORD_BEFORE), first)
        return space + 1 if space >= 0 else first

    def _zone(self, place: int) -> _Zone:
        return self._zones[max(0, bisect_right(self._starts, place) - 1)]


def split_marks(text: str, start: int, end: int, marks: Sequence[Mark]) -> list[Part]:
    """A piece of a text in marked and unmarked parts."""
    parts: list[Part] = []
    position = start
    for mark in marks:
        if mark.start < position or mark.end > end:
            continue
        parts.append((_flat(text[position : mark.start]), False))
        parts.append((text[mark.start : mark.end], True))
        position = mark.end
    parts.append((_flat(text[position:end]), False))
    return [part for part in parts if part[0]]


def _starts_of(text: str, spans: Sequence[Span]) -> list[int]:
    """Where each span begins; those behind the end of a text that was cut off are left out."""
    lines = [0, *(found.end() for found in re.finditer("\n", text))]
    starts, line = list[int](), 0
    for span in spans:
        if line >= len(lines):
            break
        starts.append(lines[line])
        line += span.lines
    return starts


def _running(span: Span, anchor: str) -> Span:
    """What a span is when it is the running text of a section."""
    return Span(span.lines, Sort.RUNNING, anchor, span.name)


def _end(text: str, start: int, reach: int, last: int) -> int:
    """The end of the last sentence that there is room for; of a word, when it would leave a mark out."""
    ends = [
        end
        for _start, end in _sentences(text, start, reach, start + weights.SNIPPET)
        if max(last, start + 1) <= end <= start + weights.SNIPPET
    ]
    if ends:
        return ends[-1]
    end = min(len(text[:reach].rstrip()), start + weights.SNIPPET)
    space = text.rfind(" ", start + weights.SNIPPET // 2, end + 1) if end == start + weights.SNIPPET else -1
    return space if space >= last else end


def _sentences(text: str, start: int, reach: int, until: int) -> Iterator[tuple[int, int]]:
    """Where the sentences between two places begin and end, as far as one that begins after `until`."""
    place = start
    while place < reach:
        stop = text.find("\n", place, reach)
        stop = reach if stop < 0 else stop
        for sentence in sentences(text[place:stop]):
            place = text.index(sentence, place)
            yield place, place + len(sentence)
            if place > until:
                return
            place += len(sentence)
        place = stop + 1


def _flat(text: str) -> str:
    return _SPACE.sub(" ", text)
