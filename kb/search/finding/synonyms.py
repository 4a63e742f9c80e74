"""Synonyms: typed word → standard term, at query time. Pure; `kb.search.finding.searching` reads them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz.distance import Prefix

from kb.language.analysis import term_of
from kb.language.compounds import is_known, split
from kb.language.sections import take_sections
from kb.language.terms import is_abbreviation
from kb.language.words import normalise, query_words, read_words
from kb.search.finding import weights
from kb.search.finding.reading import join_numbers, read_query
from kb.search.finding.wordlists import STOP_WORDS

Words = tuple[str, ...]
_QUOTED = re.compile(r'^\s*["“”„«»](.*)["“”„«»]\s*$')


class Target(NamedTuple):
    """What something stands for: words that must all be there in some form, or a `phrase` as it is written."""

    words: Words
    phrase: Words = ()


@dataclass(frozen=True)
class Synonyms:
    """The table, ready for queries: the stems of what is typed → the words of what it stands for."""

    targets: Mapping[Words, tuple[Target, ...]] = field(default_factory=dict)
    longest: int = 0
    # Single words, as they are written: what a slip may have been meant as.
    typed: frozenset[str] = frozenset()
    # What words that are not Swedish begin with → these words.
    foreign: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(
        self, words: Sequence[str], content: Sequence[str]
    ) -> Iterator[tuple[int, int, tuple[Target, ...]]]:
        """Where something typed stands in the words of a query, the longest first, and what it stands for."""
        stems = [term_of(word) for word in words]
        taken: set[int] = set()
        for size in range(min(self.longest, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                places = range(start, start + size)
                targets = self._targets(words[start : start + size], stems[start : start + size])
                if targets and not taken & set(places) and any(words[place] in content for place in places):
                    taken.update(places)
                    yield start, start + size, targets

    def _targets(self, words: Sequence[str], stems: Sequence[str]) -> tuple[Target, ...]:
        """What some words stand for; one that is not Swedish by its stems in other languages too."""
        found = self.targets.get(tuple(stems), ())
        if found or len(words) > 1 or is_swedish(words[0]):
            return found
        alike = [
            one for one in self.foreign.get(words[0][: weights.FOREIGN], ()) if is_form_of(words[0], one)
        ]
        return self.targets[term_of(max(alike, key=len)),] if alike else ()


NONE = Synonyms()


def make_synonyms(rows: Iterable[tuple[str, str]]) -> Synonyms:
    """From (typed, target) as written to what queries need."""
    targets: dict[Words, list[Target]] = {}
    rows = list(rows)
    for typed, target in rows:
        key = tuple(map(term_of, _as_typed(typed)))
        one = read_target(target)
        if key and one.words and tuple(map(term_of, one.words)) != key:
            known = targets.setdefault(key, [])
            if one not in known and len(known) < weights.SYNONYM_TARGETS:
                known.append(one)
    longest = max(map(len, targets), default=0)
    single = _single(rows)
    foreign = _by_start(word for word in single if (term_of(word),) in targets)
    return Synonyms({key: tuple(found) for key, found in targets.items()}, longest, single, foreign)


def _by_start(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Those that are not Swedish, by what they begin with."""
    found: dict[str, tuple[str, ...]] = {}
    for word in sorted(words):
        if len(word) >= weights.FOREIGN and not is_swedish(word):
            start = word[: weights.FOREIGN]
            found[start] = (*found.get(start, ()), word)
    return found


def is_swedish(word: str) -> bool:
    """Whether it is a word of the language, or made of such."""
    return is_known(word) or bool(split(word))


def is_form_of(word: str, base: str) -> bool:
    """Whether a word of any language is probably another with an ending, which may change its last two letters.

    >>> is_form_of("väkivallassa", "väkivalta"), is_form_of("threatened", "threat"), is_form_of("threat", "threshold")
    (True, True, False)
    """
    shared = Prefix.similarity(word, base)
    enough = max(weights.FOREIGN, len(base) - weights.FOREIGN_CHANGED)
    return shared >= enough and len(word) - shared <= weights.FOREIGN_ENDING


def _as_typed(text: str) -> list[str]:
    """The words of what is typed as a query is read: numbers in one, sections of laws last."""
    plain, sections = take_sections(normalise(text))
    words, _ = join_numbers(read_query(plain))
    return [*words, *sections][: weights.SYNONYM_WORDS]


def _single(rows: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The single words that stand for something, as they are written."""
    typed = (query_words(normalise(one).lower()) for one, _ in rows)
    return frozenset(words[0] for words in typed if len(words) == 1)


def read_target(text: str) -> Target:
    """What a target looks for. In quotes, or as an abbreviation, it is found only as it is written.

    >>> read_target("brott mot sanningen"), read_target('"den enskilde"'), read_target("SAM").phrase
    (Target(words=('brott', 'sanningen'), phrase=()), Target(words=('enskilde',), phrase=('den', 'enskilde')), ('sam',))
    """
    text = normalise(text)
    quoted = _QUOTED.match(text)
    if quoted or (is_abbreviation(text) and text.isalpha()):
        phrase = tuple(read_words(quoted[1] if quoted else text))
        return Target(_content(phrase), phrase)
    plain, sections = take_sections(text)
    return Target(_content([*query_words(plain), *sections[:1]]))


def _content(words: Sequence[str]) -> Words:
    return tuple(dict.fromkeys(word for word in words if word not in STOP_WORDS)) or tuple(words)
