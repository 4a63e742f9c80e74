"""Correcting words that found nothing, against the words of the index that the reader may see."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kb.search import swedish
from kb.search.compounds import is_known
from kb.search.query import Query, Wanted
from kb.search.ranking import Filters, docs_with, visible_mask
from kb.search.snapshot import Leaf, Snapshot

_WORD = re.compile(r"[^\W_]+")
SHORTEST, LONGEST = 4, 30
FIRST_LETTER = 0.6  # a wrong first letter costs so much more
MARKS = 0.3  # so much costs a word that differs by its marks only
MOST_CANDIDATES = 12


class Word(NamedTuple):
    """A word of the index: as it is written, without marks, and its letters as a bit mask."""

    text: str
    folded: str
    letters: int


@dataclass(frozen=True)
class Vocabulary:
    """The words of one segment by their length without marks."""

    by_length: Mapping[int, Sequence[Word]]
    size: int


def corrected(snapshot: Snapshot, query: Query, filters: Filters) -> str:
    """The query with what was probably meant for the words that nothing answers; empty when there is none."""
    masks = [leaf.live & visible_mask(leaf, filters.visible) for leaf in snapshot.leaves]
    quoted = {word for phrase in query.phrases for word in phrase}
    found: dict[str, str] = {}
    for wanted in query.wanted:
        if wanted.word not in quoted and not answers(snapshot, wanted, masks):
            better = nearest(snapshot, wanted.word, masks)
            if better:
                found[wanted.word] = better
    return _WORD.sub(lambda match: found.get(match[0].lower(), match[0]), query.text) if found else ""


def answers(snapshot: Snapshot, wanted: Wanted, masks: Sequence[int]) -> bool:
    """Whether a visible document holds the word in any form."""
    return any(
        mask >> doc & 1
        for leaf, mask in zip(snapshot.leaves, masks, strict=True)
        for doc in docs_with(leaf, wanted.forms)
    )


def nearest(snapshot: Snapshot, word: str, masks: Sequence[int]) -> str:
    """The visible word of the index that is nearest to a misspelt one; empty when none is near enough."""
    allowed = errors_allowed(word)
    if not allowed or not word.isalpha():
        return ""
    if is_known(word):
        allowed = 1
    folded = swedish.fold(word)
    best: list[tuple[float, str]] = []
    for leaf in snapshot.leaves:
        best += _near(vocabulary(leaf), word, folded, allowed)
    ranked: list[tuple[float, int, str]] = []
    for distance, text in sorted(set(best))[:MOST_CANDIDATES]:
        count = sum(
            (leaf.mask("raw", text) & mask).bit_count()
            for leaf, mask in zip(snapshot.leaves, masks, strict=True)
        )
        if count:
            ranked.append((distance, -count, text))
    return min(ranked)[2] if ranked else ""


def errors_allowed(word: str) -> int:
    """One error from four letters, two from six, three from thirteen."""
    length = len(word)
    if not SHORTEST <= length <= LONGEST:
        return 0
    return 1 if length < 6 else 2 if length < 13 else 3


def vocabulary(leaf: Leaf) -> Vocabulary:
    """The words of a segment, made once: segments never change."""
    return leaf.derived("vocabulary", lambda: _vocabulary(leaf.terms("raw", "")), lambda found: found.size)


def distance(one: str, other: str, limit: float) -> float:
    """The errors between two words; a wrong letter, a missing, a surplus, two in wrong order are one each.

    >>> distance("desinfromation", "desinformation", 3), distance("vald", "våld", 1)
    (1.0, 1.0)
    """
    before: list[float] = []
    row = [float(place) for place in range(len(other) + 1)]
    for place, letter in enumerate(one, 1):
        older, before = before, row
        row = [float(place)]
        for column, wanted in enumerate(other, 1):
            value = min(before[column] + 1, row[-1] + 1, before[column - 1] + (0 if letter == wanted else 1))
            if place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == wanted:
                value = min(value, older[column - 2] + 1)
            row.append(value)
        if min(row) > limit:
            return limit + 1
    return row[-1]


def _near(words: Vocabulary, word: str, folded: str, allowed: int) -> Iterable[tuple[float, str]]:
    letters = _letters(folded)
    length = len(folded)
    for size in range(length - allowed, length + allowed + 1):
        for known in words.by_length.get(size, ()):
            if (letters ^ known.letters).bit_count() > 2 * allowed:
                continue
            errors = distance(folded, known.folded, allowed)
            if errors > allowed:
                continue
            errors += FIRST_LETTER if folded[0] != known.folded[0] else 0
            yield errors + (MARKS if known.folded == folded and known.text != word else 0), known.text


def _vocabulary(terms: Sequence[str]) -> Vocabulary:
    by_length: dict[int, list[Word]] = defaultdict(list)
    size = 0
    for text in terms:
        if SHORTEST - 1 <= len(text) <= LONGEST + 3 and text.isalpha():
            folded = swedish.fold(text)
            by_length[len(folded)].append(Word(text, folded, _letters(folded)))
            size += 250 + 2 * len(text)
    return Vocabulary(by_length, size)


def _letters(folded: str) -> int:
    mask = 0
    for letter in folded:
        mask |= 1 << (ord(letter) & 31)
    return mask
