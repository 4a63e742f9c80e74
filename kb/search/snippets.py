"""The two lines under a hit: the passage that matches best, with marks for stems and folded forms."""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple

from kb.search import swedish
from kb.search.query import Query
from kb.search.stemming import irregular_forms, stem

LENGTH = 190
MOST_MATCHES = 40
_FOLDED = (("å", "a"), ("ä", "a"), ("ö", "o"), ("é", "e"), ("è", "e"), ("ü", "u"), ("á", "a"), ("à", "a"))
_WORD = re.compile(r"[^\W_]+|§")
_SENTENCE_END = re.compile(r"[.!?:]\s+|\n+")
_SPACE = re.compile(r"\s+")
Part = tuple[str, bool]


class Mark(NamedTuple):
    """A word that answers the query, where it stands, and which of the query's words it answers."""

    start: int
    end: int
    key: str


class Marker:
    """Finds the words of a query in texts. Make one a search."""

    def __init__(self, query: Query) -> None:
        self._keys: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        self._known: dict[str, str | None] = {}
        self._starts: set[str] = set()
        self._folded_starts: set[str] = set()
        for wanted in query.wanted:
            self._starts.add(_common_start(wanted.word, stem(wanted.word)))
            for form in wanted.forms:
                folded = form.field == "folded"
                (self._folded if folded else self._keys).setdefault(form.term, wanted.word)
                (self._folded_starts if folded else self._starts).update(_starts(form.term))

    def find(self, text: str, most: int = MOST_MATCHES) -> list[Mark]:
        """The first matches in a text."""
        lower = text.lower()
        if len(lower) != len(text):  # a few letters of other alphabets grow
            lower = text
        found: list[Mark] = []
        for start in sorted(self._candidates(lower)):
            match = _WORD.match(lower, start)
            key = self._answers(match[0]) if match else None
            if match and key is not None:
                found.append(Mark(start, match.end(), key))
                if len(found) == most:
                    break
        return found

    def _candidates(self, lower: str) -> set[int]:
        """Where a word begins that may be one of those that are looked for."""
        found = {place for start in self._starts for place in _places(lower, start)}
        if self._folded_starts:
            folded = _folded_text(lower)
            found.update(place for start in self._folded_starts for place in _places(folded, start))
        return found

    def parts(self, text: str) -> list[Part]:
        """The whole text in marked and unmarked parts."""
        return _split(text, 0, len(text), self.find(text))

    def snippet(self, summary: str, text: str) -> list[Part]:
        """About two lines: the summary unless the text answers more of the query."""
        in_summary, in_text = self.find(summary), self.find(text)
        start, marks = _best_window(in_text)
        if not marks or len({mark.key for mark in in_summary}) >= len({mark.key for mark in marks}):
            return _cut(summary, 0, in_summary)
        return _cut(text, _begin(text, start), in_text)

    def _answers(self, word: str) -> str | None:
        if word not in self._known:
            stemmed = stem(word)
            folded = self._folded.get(swedish.fold(stemmed)) if self._folded else None
            self._known[word] = self._keys.get(stemmed) or folded
        return self._known[word]


def _starts(term: str) -> Iterable[str]:
    """How words with this stem may begin."""
    yield term[:-3] if len(term) > 6 else term[:-1] if len(term) > 4 else term
    yield from irregular_forms(term)


def _places(text: str, start: str) -> Iterable[int]:
    """Where words begin with `start`."""
    place = text.find(start)
    while place >= 0:
        if place == 0 or not text[place - 1].isalnum():
            yield place
        place = text.find(start, place + len(start))


def _folded_text(lower: str) -> str:
    """The text without the usual marks, letter for letter."""
    for marked, plain in _FOLDED:
        lower = lower.replace(marked, plain)
    return lower


def _common_start(word: str, stemmed: str) -> str:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(word, stemmed, strict=False))
    start = "".join(letter for letter, _ in same)
    return start if len(start) > 2 else word


def _best_window(marks: Sequence[Mark]) -> tuple[int, list[Mark]]:
    """Where to begin so that most of the query's words are near; the earliest of equals."""
    best: tuple[int, list[Mark]] = (0, [])
    value = (0, 0)
    for number, first in enumerate(marks):
        inside = [mark for mark in marks[number : number + 12] if mark.end - first.start <= LENGTH - 40]
        this = (len({mark.key for mark in inside}), min(len(inside), 4))
        if this > value:
            best, value = (first.start, inside), this
    return best


def _begin(text: str, position: int) -> int:
    """The beginning of the sentence, or of a word not too far before the position."""
    earliest = max(0, position - 90)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, earliest, position)]
    if ends:
        return ends[-1]
    if earliest == 0:
        return 0
    space = text.find(" ", position - 40, position)
    return space + 1 if space >= 0 else position


def _cut(text: str, start: int, marks: Sequence[Mark]) -> list[Part]:
    end = min(len(text), start + LENGTH)
    if end < len(text):
        space = text.rfind(" ", start + LENGTH // 2, end)
        end = space if space > 0 else end
    parts = _split(text, start, end, marks)
    if start > 0:
        parts.insert(0, ("… ", False))
    if end < len(text.rstrip()):
        parts.append((" …", False))
    return parts


def _split(text: str, start: int, end: int, marks: Sequence[Mark]) -> list[Part]:
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


def _flat(text: str) -> str:
    return _SPACE.sub(" ", text)
