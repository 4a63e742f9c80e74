"""Synonyms: typed word → standard term, at query time. Pure; `kb.search.finding.searching` reads them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kb.language.analysis import term_of
from kb.language.sections import take_sections
from kb.language.words import normalise, query_words
from kb.search.finding import weights
from kb.search.finding.reading import join_numbers, read_query
from kb.search.finding.wordlists import STOP_WORDS

Words = tuple[str, ...]


@dataclass(frozen=True)
class Synonyms:
    """The table, ready for queries: the stems of what is typed → the words of what it stands for."""

    targets: Mapping[Words, tuple[Words, ...]] = field(default_factory=dict)
    longest: int = 0
    typed: frozenset[str] = (
        frozenset()
    )  # single words, as they are written: what a slip may have been meant as

    def find(
        self, words: Sequence[str], content: Sequence[str]
    ) -> Iterator[tuple[int, int, tuple[Words, ...]]]:
        """Where something typed stands in the words of a query, the longest first, and what it stands for."""
        stems = [term_of(word) for word in words]
        taken: set[int] = set()
        for size in range(min(self.longest, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                places = range(start, start + size)
                targets = self.targets.get(tuple(stems[start : start + size]))
                if targets and not taken & set(places) and any(words[place] in content for place in places):
                    taken.update(places)
                    yield start, start + size, targets


NONE = Synonyms()


def make_synonyms(rows: Iterable[tuple[str, str]]) -> Synonyms:
    """From (typed, target) as written to what queries need."""
    targets: dict[Words, list[Words]] = {}
    rows = list(rows)
    for typed, target in rows:
        key = tuple(map(term_of, _as_typed(typed)))
        words = _content(target)
        if key and words and tuple(term_of(word) for word in words) != key:
            known = targets.setdefault(key, [])
            if words not in known and len(known) < weights.SYNONYM_TARGETS:
                known.append(words)
    longest = max(map(len, targets), default=0)
    return Synonyms({key: tuple(found) for key, found in targets.items()}, longest, _single(rows))


def _as_typed(text: str) -> list[str]:
    """The words of what is typed as a query is read: numbers in one, sections of laws last."""
    plain, sections = take_sections(normalise(text))
    words, _ = join_numbers(read_query(plain))
    return [*words, *sections][: weights.SYNONYM_WORDS]


def _single(rows: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The single words that stand for something, as they are written."""
    typed = (query_words(normalise(one).lower()) for one, _ in rows)
    return frozenset(words[0] for words in typed if len(words) == 1)


def _content(target: str) -> Words:
    words = query_words(normalise(target))
    return tuple(dict.fromkeys(word for word in words if word not in STOP_WORDS)) or tuple(words)
