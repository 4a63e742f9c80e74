"""From what somebody typed to what is looked for. No text of a user ever reaches Whoosh's query parser."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kb.search import swedish
from kb.search.stemming import folded_stems, stem
from kb.search.wordlists import ACUTE_WORDS, ALSO_PHASE, KIND_HINTS, PHASE_HINTS, STOP_WORDS

MAX_CHARACTERS = 200
MAX_WORDS = 20
FOLDED_WEIGHT = 0.85  # "vald" for våld, when nothing in the query has å, ä or ö
FOLDED_WEIGHT_BESIDE_MARKS = 0.4  # … and when something has
SHORTENED = (
    0.5  # a folded participle that lost its ending (uthangd → uthang) may be another word (vald → val)
)
_PHRASE = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')
_QUOTES = re.compile(r'["“”„«»]')
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Form:
    """One way to find a word: a term in a field and what finding it is worth."""

    field: str
    term: str
    weight: float


@dataclass(frozen=True)
class Wanted:
    """A word of the query with all its forms, the best first."""

    word: str
    forms: tuple[Form, ...]


@dataclass(frozen=True)
class Query:
    """A query as it is understood. `hints` name phases and kinds that rank higher; they are not required."""

    text: str
    wanted: tuple[Wanted, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    phase_hints: frozenset[str] = frozenset()
    kind_hints: frozenset[str] = frozenset()
    is_acute: bool = False
    was_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.wanted or self.phase_hints or self.kind_hints)


def parse(text: str) -> Query:
    """Understand a query: at most 200 characters and 20 words, phrases in quotes, hints, words with their forms."""
    whole = _SPACE.sub(" ", swedish.normalise(text[: 4 * MAX_CHARACTERS])).strip()
    shown = whole[:MAX_CHARACTERS].rstrip()
    was_cut = len(whole) > MAX_CHARACTERS or len(text) > 4 * MAX_CHARACTERS
    phrases = tuple(phrase for match in _PHRASE.finditer(shown) if (phrase := tuple(swedish.words(match[1]))))
    words = _unique(swedish.words(_QUOTES.sub(" ", shown)))
    if len(words) > MAX_WORDS:
        words, was_cut = words[:MAX_WORDS], True
    quoted = {word for phrase in phrases for word in phrase}
    hinting = [word for word in words if word not in quoted and (word in PHASE_HINTS or word in KIND_HINTS)]
    content = [word for word in words if word in quoted or (word not in STOP_WORDS and word not in hinting)]
    if not content:
        content = [word for word in words if word not in hinting]
        content = content if not hinting else [word for word in content if word not in STOP_WORDS]
    has_marks = not shown.isascii()
    return Query(
        text=shown,
        wanted=tuple(_wanted(word, has_marks) for word in content),
        phrases=phrases,
        phase_hints=frozenset(
            [PHASE_HINTS[word] for word in hinting if word in PHASE_HINTS]
            + [ALSO_PHASE[word] for word in content if word in ALSO_PHASE]
        ),
        kind_hints=frozenset(KIND_HINTS[word] for word in hinting if word in KIND_HINTS),
        is_acute=any(stem(word) in _acute_stems() for word in words),
        was_cut=was_cut,
    )


def _unique(words: list[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _wanted(word: str, has_marks: bool) -> Wanted:
    stemmed = stem(word)
    forms = [Form("stem", stemmed, 1.0)]
    if word.isascii():
        weight = FOLDED_WEIGHT_BESIDE_MARKS if has_marks else FOLDED_WEIGHT
        forms += [
            Form("folded", key, weight if key == stemmed else weight * SHORTENED)
            for key in folded_stems(stemmed)
        ]
    return Wanted(word, tuple(forms))


@lru_cache(maxsize=1)
def _acute_stems() -> frozenset[str]:
    stems = {stem(word) for word in ACUTE_WORDS.split()}
    return frozenset(stems | {swedish.fold(stemmed) for stemmed in stems if len(stemmed) > 3})
