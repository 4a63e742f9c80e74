"""How far two words are from each other: in letters, and by ear."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from kb.language.words import fold

LETTERS = "abcdefghijklmnopqrstuvwxyzåäö"
# How a word is heard: what is written in several ways gets one. In this order.
_HEARD = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        (r"^(?:hj|lj|gj|dj)", "j"),
        (r"skj|stj|sch|sh|sj|ch|ti(?=on)|si(?=on)", "$"),
        (r"tj|kj", "&"),
        (r"ck|q|c(?![eiyäö])", "k"),
        (r"ph", "f"),
        (r"w", "v"),
        (r"[cz]", "s"),
        (r"x", "ks"),
        (r"(?<=[aeiouyåäö])h(?![aeiouyåäö])|(?<=[tgrd])h", ""),
        (r"dt", "t"),
        (r"[äé]", "e"),
        (r"å", "o"),
        (r"([^aeiouyåäö])\1+", r"\1"),
    )
)
_DOUBLED = re.compile(r"([^aeiouyåäö])\1")


def distance(one: str, other: str, limit: int) -> int:
    """The errors between two words; a wrong letter, a missing, a surplus, two in wrong order are one each.

    One more than `limit` for all that are farther from each other.

    >>> distance("desinfromation", "desinformation", 3), distance("vald", "våld", 1), distance("hot", "kris", 2)
    (1, 1, 3)
    """
    return OSA.distance(one, other, score_cutoff=limit)


def sounds(word: str) -> str:
    """A word without its doubled consonants.

    >>> sounds("packet"), sounds("paket")
    ('paket', 'paket')
    """
    return _DOUBLED.sub(r"\1", word.replace("ck", "k"))


@lru_cache(maxsize=4_096)
def heard(word: str) -> str:
    """A word as it is heard: sounds that are written in several ways have one, doubled consonants are single.

    >>> heard("skjutning"), heard("sjutning"), heard("sahra"), heard("Sarah".lower())
    ('$utning', '$utning', 'sara', 'sara')
    """
    for pattern, sound in _HEARD:
        word = pattern.sub(sound, word)
    return word


def misspelling(typed: str, meant: str) -> float:
    """How wrong one word is as another: the mean of its errors in writing and of those by ear; å, ä and ö aside.

    >>> misspelling("skydsombud", "skyddsombud"), misspelling("lagesbidl", "lägesbild"), misspelling("hot", "hat")
    (0.5, 1.0, 1.0)
    """
    written = OSA.distance(fold(typed), fold(meant))
    by_ear = OSA.distance(fold(heard(typed)), fold(heard(meant)), score_cutoff=written)
    return (written + min(written, by_ear)) / 2


def one_error_from(word: str) -> Iterator[str]:
    """All words that are one error away, of which few are words of any language."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield from (before + letter + after for letter in LETTERS)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in LETTERS)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
