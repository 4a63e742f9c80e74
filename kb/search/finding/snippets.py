"""The two lines under a hit: the passage that matches best, with marks for all that answers the query."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from kb.language.analysis import FOLDED_PART, analyse, term_of
from kb.language.digits import locate_numbers
from kb.language.sections import locate_sections
from kb.language.stemming import irregular_forms, stem
from kb.library.core.outline import Span
from kb.search.engine.schema import Told
from kb.search.finding import weights
from kb.search.finding.passages import Mark, Part, Zones, split_marks
from kb.search.finding.query import Form, Query

_FOLDED = (("å", "a"), ("ä", "a"), ("ö", "o"), ("é", "e"), ("è", "e"), ("ü", "u"), ("á", "a"), ("à", "a"))
_WORD = re.compile(r"[^\W_]+|§")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")


_EMPTY = Zones(Told(""))
Answer = tuple[str, bool, bool]  # a word of the query, whether it is that itself, whether only a share of it


class Look(NamedTuple):
    """How a hit is shown: `via` holds the words that stand for words of the query.

    `section` is where the passage stands, when title and summary do not hold as much.
    """

    title: list[Part]
    snippet: list[Part]
    via: list[str]
    section: Span | None = None


class Marker:
    """Finds the words of a query in texts. Make one a search."""

    def __init__(self, query: Query) -> None:
        self._terms: dict[str, Answer] = {}
        self._folded: dict[str, Answer] = {}
        self._parts: dict[str, Answer] = {}
        self._numbers: dict[str, Answer] = {}
        self._known: dict[str, Answer | None] = {}
        self._phrases: list[tuple[re.Pattern[str], Answer]] = []
        for wanted in query.wanted:
            for form in sorted(wanted.forms, key=lambda form: (not form.is_itself, bool(form.groups))):
                self._note(form, wanted.word)
        words = {wanted.word for wanted in query.wanted}
        self._words = len(words)
        self._asked = frozenset(map(term_of, words))
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

    def _note(self, form: Form, word: str, *, is_share: bool = False) -> None:
        """Remember what a form looks for, as an answer to this word of the query."""
        if form.phrase:
            written = r"[\W_]+".join(map(re.escape, form.phrase))
            self._phrases.append(
                (re.compile(rf"(?<!\w){written}(?!\w)", re.IGNORECASE), (word, form.is_itself, is_share))
            )
            return
        for group in form.groups:
            for other in (other for other in group if len(other.term) > 2):
                self._note(replace(other, is_itself=False), word, is_share=len(form.groups) > 1)
        answer = word, form.is_itself, is_share
        if form.field == "folded":
            self._folded.setdefault(form.term, answer)
        elif form.field == "part":  # one without marks answers words that have none as well
            self._parts.setdefault(form.term, answer)
            self._parts.setdefault(form.term.removeprefix(FOLDED_PART), answer)
        elif form.field == "stem":
            self._terms.setdefault(form.term, answer)
            if not form.term.isalnum():
                self._numbers.setdefault(form.term, answer)

    def find(self, text: str, zones: Zones | None = None) -> list[Mark]:
        """The first matches in a text; with `zones` no farther than to running text that holds all of the query."""
        found: list[Mark] = []
        for marks in self._scan(text):
            found += marks
            if len(found) >= weights.MOST_MATCHES or (zones and self._holds_all(marks, zones)):
                break
        return sorted(found)[: weights.MOST_MATCHES]

    def _holds_all(self, marks: Sequence[Mark], zones: Zones) -> bool:
        """Whether all words of the query, themselves, stand in one passage of running text."""
        inside = zones.best([mark for mark in marks if mark.is_itself])
        return len({mark.key for mark in inside}) == self._words and zones.is_running(inside[0].start)

    def _scan(self, text: str) -> Iterator[list[Mark]]:
        """The matches of a text, some pages at a time."""
        lower = text.lower()
        if len(lower) != len(text):  # a few letters of other alphabets grow
            lower = text
        searched = _folded_text(lower) if self._is_folded else lower
        found = [*self._named_sections(text), *self._written_apart(text), *self._as_written(text)]
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
        for number, named in self._numbers.items():
            end = start + len(number)
            if lower.startswith(number, start) and not lower[end : end + 1].isalnum():
                return Mark(start, end, *named)
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

    def _as_written(self, text: str) -> list[Mark]:
        """Words that answer only one after the other, as they are written."""
        return [
            Mark(match.start(), match.end(), *answer)
            for written, answer in self._phrases
            for match in written.finditer(text)
        ]

    def _candidates(self, text: str, begin: int, end: int) -> set[int]:
        """Where a word begins that may be one of those that are looked for."""
        found: set[int] = set()
        for start in self._begins:
            found.update(_places(text, start, begin, end))
        for inside in self._insides:
            found.update(_places_around(text, inside, begin, end))
        return found

    def stands_in(self, phrases: Iterable[str]) -> bool:
        """Whether one of some phrases (titles, labels, wordings, as their terms) holds all words of the query."""
        return bool(self._asked) and any(self._asked <= set(phrase.split(" ")) for phrase in phrases)

    def parts(self, text: str) -> list[Part]:
        """The whole text in marked and unmarked parts."""
        return split_marks(text, 0, len(text), self.find(text))

    def snippet(self, summary: str, text: str) -> list[Part]:
        """About two lines: the summary unless the text answers more of the query."""
        return self.look("", summary, lambda: Told(text)).snippet

    def look(self, title: str, summary: str, read: Callable[[], Told]) -> Look:
        """Title and snippet of a hit with their marks, and what was found instead of the words themselves.

        `read` gives the text; it is not asked when the summary holds all that was looked for.
        """
        in_title, in_summary = self.find(title), self.find(summary)
        told, in_text, zones = Told(""), list[Mark](), _EMPTY
        if len({mark.key for mark in in_summary if mark.is_itself}) < self._words:
            told = read()
            zones = Zones(told)
            in_text = self.find(told.text, zones)
        in_title, in_summary, in_text = _without_shares(in_title, in_summary, in_text)
        snippet, section = _passage(summary, in_summary, zones, in_text, {mark.key for mark in in_title})
        via = _instead([(title, in_title), (summary, in_summary), (told.text, in_text)])
        return Look(split_marks(title, 0, len(title), in_title), snippet, via, section)

    def _answer(self, word: str) -> Answer | None:
        if word not in self._known:
            self._known[word] = self._find_answer(word)
        return self._known[word]

    def _find_answer(self, word: str) -> Answer | None:
        answer = self._terms.get(stem(word))
        if answer and answer[1]:
            return answer
        found = analyse(word)  # takes a compound apart
        term = found.terms[0]
        answers = [self._terms.get(term), self._folded.get(found.folded[0] if found.folded else term)]
        answers += [self._parts.get(part) for part in found.parts]
        there = [answer for answer in answers if answer]
        return next((answer for answer in there if answer[1]), there[0] if there else None)


def _without_shares(*texts: Sequence[Mark]) -> list[list[Mark]]:
    """The marks of some texts, without shares of words that one of them holds whole."""
    whole = {mark.key for marks in texts for mark in marks if not mark.is_share}
    return [[mark for mark in marks if not mark.is_share or mark.key not in whole] for marks in texts]


def _passage(
    summary: str, in_summary: Sequence[Mark], zones: Zones, in_text: Sequence[Mark], in_title: Set[str]
) -> tuple[list[Part], Span | None]:
    """The summary, or the passage of the text that answers more, with its section when the title holds less."""
    beginning = Zones(Told(summary))
    inside = zones.best(in_text)
    above = beginning.answered(in_summary)
    is_beside = bool(inside) and zones.is_beside(inside[0].start)
    if max(above, 1.0) > zones.answered(inside) or above == zones.answered(inside) or (above and is_beside):
        return beginning.cut(in_summary, in_summary, from_start=True), None
    known = in_title | {mark.key for mark in in_summary}
    is_new = not {mark.key for mark in inside} <= known
    return zones.cut(inside, in_text), zones.section(inside[0].start) if is_new else None


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
