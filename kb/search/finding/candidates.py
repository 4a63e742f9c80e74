"""Which words of an index are near one that was typed, in any inflection; by rapidfuzz, over words of like length."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.language.analysis import term_of
from kb.language.words import fold
from kb.search.engine.snapshot import Leaf
from kb.search.finding import weights

# How a base form goes on, after what it loses: what is typed may be one where the texts hold the other.
ENDINGS = (
    *(("", ending) for ending in ("en", "n", "et", "t", "ar", "er", "na", "arna", "erna", "a", "s")),
    *(("a", ending) for ending in ("or", "orna")),
    *(("e", ending) for ending in ("ar", "arna")),
)


class Likely(NamedTuple):
    """Words that begin with one letter and are of one length: without their marks, and as they are written."""

    plain: Sequence[str]
    written: Sequence[str]


Words = Mapping[tuple[str, int], Likely]  # by (first letter, length)


def near_words(leaf: Leaf, typed: str, limit: int) -> set[str]:
    """The words of a leaf with the same first letter that are within so many errors."""
    plain = fold(typed)
    return set(_search(_words_of(leaf), plain[0], plain, limit))


def near_forms(leaf: Leaf, typed: str, limit: int) -> set[str]:
    """As `near_words`, of words that stand there in another form: in that of what was typed."""
    words, plain = _words_of(leaf), fold(typed)
    found: set[str] = set()
    for lost, gained in (*ENDINGS, *((ending, base) for base, ending in ENDINGS)):
        other = plain.removesuffix(lost) + gained
        if plain.endswith(lost) and len(other) >= weights.SHORTEST_WORD:
            found.update(_in_form(_search(words, plain[0], other, limit), lost, gained))
    return found


def near_with_another_first(leaf: Leaf, typed: str, limit: int) -> set[str]:
    """Those where the first letter differs, is missing, is too many or comes second."""
    words, plain = _words_of(leaf), fold(typed)
    firsts = {first for first, _ in words} - {plain[0]}
    found = chain.from_iterable(_search(words, first, plain, limit) for first in firsts)
    return {word for word in found if _begin_alike(plain, fold(word))}


def near_among(words: Iterable[str], typed: str, limit: int) -> set[str]:
    """Those of some words that are within so many errors."""
    plain = fold(typed)
    return {word for word in words if OSA.distance(plain, fold(word), score_cutoff=limit) <= limit}


def _in_form(words: Iterable[str], ending: str, instead_of: str) -> Iterator[str]:
    """Words with another ending, as far as they are found by the same term then; no letter comes twice by it."""
    for word in words:
        form = word.removesuffix(instead_of) + ending
        is_doubled = ending and word[-1:] == ending[0]
        if word.endswith(instead_of) and not is_doubled and _may_be(form, word):
            yield form


def _may_be(form: str, word: str) -> bool:
    """Whether a form is one of a word that is there: of the same term, and no ending stands behind another."""
    return term_of(form) == term_of(word) and (len(form) < len(word) or _is_base(word))


def _is_base(word: str) -> bool:
    """Whether a word may take an ending: an inflected one takes no other ("saxar" is no "saxara")."""
    return term_of(word) in {word, word.removesuffix("a"), word.removesuffix("e")}


def _begin_alike(one: str, other: str) -> bool:
    return one[1:3] == other[1:3] or other[:2] == one[1:3] or other[1:3] == one[:2]


def _search(words: Words, first: str, plain: str, limit: int) -> Iterator[str]:
    for length in range(len(plain) - limit, len(plain) + limit + 1):
        likely = words.get((first, length))
        if likely:
            near = process.extract(plain, likely.plain, scorer=OSA.distance, score_cutoff=limit, limit=None)
            yield from (likely.written[place] for _, _, place in near)


def _words_of(leaf: Leaf) -> Words:
    """The words of texts and labels as they are written, by first letter and length."""
    return leaf.kept(
        ("raw", "by length"),
        lambda: _by_length({*leaf.all_terms("raw"), *leaf.all_terms("label")}),
        lambda words: sum(100 + 46 * len(likely.plain) for likely in words.values()),
    )


def _by_length(terms: Iterable[str]) -> Words:
    found: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for word in terms:
        if word.isalpha():
            plain = word if word.isascii() else fold(word)
            found.setdefault((plain[0], len(plain)), []).append((plain, word))
    return {key: Likely(*zip(*pairs, strict=True)) for key, pairs in found.items()}
