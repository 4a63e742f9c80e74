"""What words are found by: terms, the same without their marks, parts of compounds; alike for texts and queries."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from kb.language.compounds import part_stems, split
from kb.language.stemming import folded_stem, root, stem
from kb.language.words import MAX_WORD, fold, spellings

ANALYSIS = 5  # raise this when the terms of a text change: indexes of another number are rebuilt
FOLDED_PART = "~"  # before a part without its marks


def term_of(word: str) -> str:
    """The term that a word is found by: its stem, for a compound that of its last part behind the others.

    >>> term_of("handlingsplaner"), term_of("handlingsplan")
    ('handlingsplan', 'handlingsplan')
    """
    parts = split(word)
    return "".join(parts[:-1]) + stem(parts[-1]) if parts else stem(word)


class Analysed(NamedTuple):
    """What a token is found by: terms, the same without their marks where they have any, parts of compounds."""

    terms: tuple[str, ...]
    folded: tuple[str, ...]
    parts: tuple[str, ...]


@lru_cache(maxsize=65_536)
def analyse(token: str) -> Analysed:
    """What a token is found by; a part without its marks has a sign before it.

    >>> analyse("hembesöken")
    Analysed(terms=('hembesök',), folded=('hembesok',), parts=('hem', 'besök', '~besok'))
    """
    words = (token[:MAX_WORD],) if token.isalnum() else tuple(spellings(token))
    found = tuple(map(term_of, words))
    parts = tuple(chain.from_iterable(map(_inside, words, found)))
    plain = [folded_stem(fold(word)) for word in words if not word.isascii()]
    folded = tuple(dict.fromkeys(_folded(found) + plain))
    return Analysed(found, folded, (*parts, *[FOLDED_PART + part for part in _folded(parts)]))


def inside(word: str) -> tuple[str, ...]:
    """What a word is found by besides its term: the parts of a compound, the verb behind a noun in -ning."""
    return _inside(word, term_of(word))


def _inside(word: str, term: str) -> tuple[str, ...]:
    parts, verb = part_stems(word), root(term)
    return (*parts, verb) if verb else parts


def _folded(terms: Iterable[str]) -> list[str]:
    """Those that have marks, without them."""
    return [fold(one) for one in terms if not one.isascii()]
