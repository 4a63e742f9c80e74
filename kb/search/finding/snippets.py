"""The two lines under a hit: the passage that matches best, with marks for all that answers the query."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from kb.language.analysis import FOLDED_PART, analyse, term_of
from kb.language.digits import locate_numbers
from kb.language.sections import locate_sections
from kb.language.stemming import irregular_forms, stem
from kb.search.finding import weights
from kb.search.finding.query import Form, Query

_FOLDED = (("å", "a"), ("ä", "a"), ("ö", "o"), ("é", "e"), ("è", "e"), ("ü", "u"), ("á", "a"), ("à", "a"))
_WORD = re.compile(r"[^\W_]+|§")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_SENTENCE_END = re.compile(r"[.!?:]\s+|\n+")
_SPACE = re.compile(r"\s+")
Part = tuple[str, bool]


class Look(NamedTuple):
    """How a hit is shown: `via` holds the words that stand for words of the query."""

    title: list[Part]
    snippet: list[Part]
    via: list[str]


class Mark(NamedTuple):
    """A word that answers the query, where it stands, which of the query's words it answers, and whether it is that."""

    start: int
    end: int
    key: str
    is_itself: bool = True


class Marker:
    """Finds the words of a query in texts. Make one a search."""

    def __init__(self, query: Query) -> None:
        self._terms: dict[str, tuple[str, bool]] = {}
        self._folded: dict[str, tuple[str, bool]] = {}
        self._parts: dict[str, tuple[str, bool]] = {}
        self._numbers: dict[str, tuple[str, bool]] = {}
        self._known: dict[str, tuple[str, bool] | None] = {}
        for wanted in query.wanted:
            for form in sorted(wanted.forms, key=lambda form: not form.is_itself):
                self._note(form, wanted.word)
        words = {wanted.word for wanted in query.wanted}
        self._words = len(words)
        self._sections = set(filter(_is_section, self._numbers))
        self._joined_numbers = set(filter(_is_joined_number, self._terms))
        self._is_folded = bool(self._folded)
        self._begins, self._insides = self._where_to_look(words)

    def _where_to_look(self, words: Iterable[str]) -> tuple[list[str], list[str]]:
        """What the words begin with that may answer, and what stands inside others."""
        starts = {_common_start(word, stem(word)) for word in words}
        starts.update(start for term in (*self._terms, *self._folded) for start in _starts(term))
        parts = {_start(part) for part in self._parts if not part.startswith(FOLDED_PART)}
        if self._is_folded:
            starts, parts = set(map(_folded_text, starts)), set(map(_folded_text, parts))
        insides = _fewest(parts)
        begins = _fewest(starts, str.startswith)
        return [start for start in begins if not any(inside in start for inside in insides)], insides

    def _note(self, form: Form, word: str) -> None:
        """Remember what a form looks for, as an answer to this word of the query."""
        for group in form.groups:
            for other in (other for other in group if len(other.term) > 2):
                self._note(replace(other, is_itself=False), word)
        answer = word, form.is_itself
        if form.field == "folded":
            self._folded.setdefault(form.term, answer)
        elif form.field == "part":  # one without marks answers words that have none as well
            self._parts.setdefault(form.term, answer)
            self._parts.setdefault(form.term.removeprefix(FOLDED_PART), answer)
        elif form.field == "stem":
            self._terms.setdefault(form.term, answer)
            if not form.term.isalnum():
                self._numbers.setdefault(form.term, answer)

    def find(self, text: str, *, is_passage_enough: bool = False) -> list[Mark]:
        """The first matches in a text; perhaps no farther than to where all words of the query stand near."""
        found: list[Mark] = []
        for marks in self._scan(text):
            found += marks
            if len(found) >= weights.MOST_MATCHES or (is_passage_enough and self._holds_all(marks)):
                break
        return sorted(found)[: weights.MOST_MATCHES]

    def _holds_all(self, marks: Sequence[Mark]) -> bool:
        """Whether all words of the query, themselves, stand in one passage."""
        itself = [mark for mark in marks if mark.is_itself]
        return len({mark.key for mark in _best_window(itself)[1]}) == self._words

    def _scan(self, text: str) -> Iterator[list[Mark]]:
        """The matches of a text, some pages at a time."""
        lower = text.lower()
        if len(lower) != len(text):  # a few letters of other alphabets grow
            lower = text
        searched = _folded_text(lower) if self._is_folded else lower
        found = [*self._named_sections(text), *self._written_apart(text)]
        taken = _places_in(found)
        yield found
        for begin in range(0, len(lower), weights.PAGE):
            end = begin + weights.PAGE
            found = self._joined(lower, begin, end)
            taken |= _places_in(found)
            fresh = self._candidates(searched, begin, end) - taken
            taken |= fresh
            yield found + list(filter(None, (self._mark(lower, start) for start in sorted(fresh))))

    def _joined(self, lower: str, begin: int, end: int) -> list[Mark]:
        """Words with a hyphen that answer as a whole: LVU-kampanjen for lvukampanjen."""
        marks: list[Mark] = []
        hyphen = lower.find("-", begin, end)
        while hyphen >= 0:  # looking for hyphens is far cheaper than for words that may have one
            start = hyphen
            while start > max(0, hyphen - weights.BEFORE_HYPHEN) and lower[start - 1].isalpha():
                start -= 1
            match = _HYPHENATED.match(lower, start)
            answer = self._terms.get(term_of(match[0].replace("-", ""))) if match else None
            if match and answer:
                marks.append(Mark(start, match.end(), *answer))
            hyphen = lower.find("-", match.end() if match else hyphen + 1, end)
        return marks

    def _mark(self, lower: str, start: int) -> Mark | None:
        for number, (key, is_itself) in self._numbers.items():
            end = start + len(number)
            if lower.startswith(number, start) and not lower[end : end + 1].isalnum():
                return Mark(start, end, key, is_itself)
        match = _WORD.match(lower, start)
        answer = self._answer(match[0]) if match else None
        return Mark(start, match.end(), *answer) if match and answer else None

    def _named_sections(self, text: str) -> list[Mark]:
        if not self._sections:
            return []
        return [
            Mark(start, end, *self._numbers[section])
            for start, end, section in locate_sections(text)
            if section in self._sections
        ]

    def _written_apart(self, text: str) -> list[Mark]:
        """Numbers that are asked for together and stand in groups: 114 14 for 11414."""
        if not self._joined_numbers:
            return []
        return [
            Mark(start, end, *self._terms[number])
            for start, end, number in locate_numbers(text)
            if number in self._joined_numbers
        ]

    def _candidates(self, text: str, begin: int, end: int) -> set[int]:
        """Where a word begins that may be one of those that are looked for."""
        found: set[int] = set()
        for start in self._begins:
            found.update(_places(text, start, begin, end))
        for inside in self._insides:
            found.update(_places_around(text, inside, begin, end))
        return found

    def parts(self, text: str) -> list[Part]:
        """The whole text in marked and unmarked parts."""
        return _split(text, 0, len(text), self.find(text))

    def snippet(self, summary: str, text: str) -> list[Part]:
        """About two lines: the summary unless the text answers more of the query."""
        return self.look("", summary, lambda: text).snippet

    def look(self, title: str, summary: str, read: Callable[[], str]) -> Look:
        """Title and snippet of a hit with their marks, and what was found instead of the words themselves.

        `read` gives the text; it is not asked when the summary holds all that was looked for.
        """
        in_title, in_summary = self.find(title), self.find(summary)
        text, in_text = "", list[Mark]()
        if len({mark.key for mark in in_summary if mark.is_itself}) < self._words:
            text = read()
            in_text = self.find(text, is_passage_enough=True)
        start, marks = _best_window(in_text)
        if not marks or len({mark.key for mark in in_summary}) >= len({mark.key for mark in marks}):
            snippet = _cut(summary, 0, in_summary)
        else:
            snippet = _cut(text, _begin(text, start), in_text)
        via = _instead([(title, in_title), (summary, in_summary), (text, in_text)])
        return Look(_split(title, 0, len(title), in_title), snippet, via)

    def _answer(self, word: str) -> tuple[str, bool] | None:
        if word not in self._known:
            self._known[word] = self._find_answer(word)
        return self._known[word]

    def _find_answer(self, word: str) -> tuple[str, bool] | None:
        answer = self._terms.get(stem(word))
        if answer and answer[1]:
            return answer
        found = analyse(word)  # takes a compound apart
        term = found.terms[0]
        answers = [self._terms.get(term), self._folded.get(found.folded[0] if found.folded else term)]
        answers += [self._parts.get(part) for part in found.parts]
        there = [answer for answer in answers if answer]
        return next((answer for answer in there if answer[1]), there[0] if there else None)


def _instead(texts: Iterable[tuple[str, Sequence[Mark]]]) -> list[str]:
    """For each word of the query that was not found itself: the first word that answers it."""
    itself: set[str] = set()
    others: dict[str, str] = {}
    for text, marks in texts:
        for mark in marks:
            if mark.is_itself:
                itself.add(mark.key)
            else:
                others.setdefault(mark.key, text[mark.start : mark.end])
    return list(dict.fromkeys(word for key, word in others.items() if key not in itself))


def _is_section(term: str) -> bool:
    return ":" in term and len(term.partition(":")[0]) < 4


def _is_joined_number(term: str) -> bool:
    return term.isdecimal() and len(term) > 3


def _places_in(marks: Iterable[Mark]) -> set[int]:
    return {place for mark in marks for place in range(mark.start, mark.end)}


def _places_around(text: str, inside: str, begin: int, end: int) -> Iterable[int]:
    """Where the words begin that hold `inside` between two places."""
    end += len(inside) - 1
    place = text.find(inside, begin, end)
    while place >= 0:
        start = place
        while start > 0 and text[start - 1].isalnum():
            start -= 1
        yield start
        place = text.find(inside, place + len(inside), end)


def _starts(term: str) -> Iterable[str]:
    """How words with this stem may begin."""
    return (_start(term), *irregular_forms(term))


def _start(term: str) -> str:
    """What all words with this stem begin with, but for irregular ones."""
    return term[:-3] if len(term) > 6 else term[:-1] if len(term) > 4 else term


def _fewest(texts: Iterable[str], covers: Callable[[str, str], bool] = str.__contains__) -> list[str]:
    """The texts that are enough to find all: those that no shorter one covers."""
    few: list[str] = []
    for text in sorted(texts, key=len):
        if not any(covers(text, other) for other in few):
            few.append(text)
    return few


def _places(text: str, start: str, begin: int, end: int) -> Iterable[int]:
    """Where words begin with `start` between two places."""
    end += len(start) - 1
    place = text.find(start, begin, end)
    while place >= 0:
        if place == 0 or not text[place - 1].isalnum():
            yield place
        place = text.find(start, place + len(start), end)


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
    """Where to begin so that most of the query's words are near; the earliest of equals: sources come last."""
    best: tuple[int, list[Mark]] = (0, [])
    most = 0
    width = weights.SNIPPET - weights.SNIPPET_SLACK
    for number, first in enumerate(marks):
        near = marks[number : number + weights.MATCHES_TOGETHER]
        inside = [mark for mark in near if mark.end - first.start <= width]
        different = len({mark.key for mark in inside})
        if different > most:
            best, most = (first.start, inside), different
    return best


def _begin(text: str, position: int) -> int:
    """The beginning of the sentence, or of a word not too far before the position."""
    earliest = max(0, position - weights.SENTENCE_BEFORE)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, earliest, position)]
    if ends:
        return ends[-1]
    if earliest == 0:
        return 0
    space = text.find(" ", position - weights.WORD_BEFORE, position)
    return space + 1 if space >= 0 else position


def _cut(text: str, start: int, marks: Sequence[Mark]) -> list[Part]:
    end = min(len(text), start + weights.SNIPPET)
    if end < len(text):
        space = text.rfind(" ", start + weights.SNIPPET // 2, end)
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
