"""How far two words are from each other: in letters, and by ear."""

import re

from rapidfuzz.distance import OSA

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
