"""The two lines under a hit: the passage that matches best, with marks for stems and folded forms."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from kb.search import swedish
from kb.search.query import Query
from kb.search.stemming import irregular_forms, stem

LENGTH = 190
MOST_MATCHES = 80
_FOLDABLE = {"a": "[aåäáàâ]", "o": "[oöóòô]", "e": "[eéèê]", "u": "[uü]"}
_SENTENCE_END = re.compile(r"[.!?:]\s+|\n+")
_SPACE = re.compile(r"\s+")
Part = tuple[str, bool]


@dataclass(frozen=True)
class Mark:
    """A word that answers the query, where it stands, and which of the query's words it answers."""

    start: int
    end: int
    key: str


class Marker:
    """Finds the words of a query in texts. Make one a search."""

    def __init__(self, query: Query) -> None:
        self._keys: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        starts: set[str] = set()
        for wanted in query.wanted:
            for form in wanted.forms:
                folded = form.field == "folded"
                (self._folded if folded else self._keys).setdefault(form.term, wanted.word)
                starts.update(_starts(form.term, folded=folded))
            starts.add(re.escape(_common_start(wanted.word, stem(wanted.word))))
        starts.discard("")
        self._pattern = _compiled(tuple(sorted(starts))) if starts else None

    def find(self, text: str, most: int = MOST_MATCHES) -> list[Mark]:
        """The first matches in a text."""
        found: list[Mark] = []
        for match in self._pattern.finditer(text) if self._pattern else ():
            key = self._answers(match[0].lower())
            if key is not None:
                found.append(Mark(match.start(), match.end(), key))
                if len(found) == most:
                    break
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
        stemmed = stem(word)
        return self._keys.get(stemmed) or (self._folded.get(swedish.fold(stemmed)) if self._folded else None)


def _starts(term: str, *, folded: bool) -> Iterable[str]:
    """How words with this stem may begin, as regular expressions."""
    start = term[:-3] if len(term) > 6 else term[:-1] if len(term) > 4 else term
    if folded:
        yield "".join(_FOLDABLE.get(c, re.escape(c)) for c in start)
        return
    yield re.escape(start)
    yield from (re.escape(form) for form in irregular_forms(term))


def _common_start(word: str, stemmed: str) -> str:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(word, stemmed, strict=False))
    start = "".join(letter for letter, _ in same)
    return start if len(start) > 2 else word


@lru_cache(maxsize=256)
def _compiled(starts: tuple[str, ...]) -> "re.Pattern[str]":
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(starts)})[^\W_]*", re.IGNORECASE)


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
