"""Slips that people make when they type Swedish, made by chance from a seed."""

import random
import re
from collections.abc import Callable, Iterator, Mapping

from kb.language.compounds import split
from kb.language.words import fold

_DOUBLED = re.compile(r"([bdfglmnprst])\1|ck")
_SINGLE = re.compile(r"(?<=[aeiouyåäö])([bdfglmnprst])(?=[aeiouyåäö])")
_MARKED = re.compile("[åäö]")
_SJ = re.compile("skj|stj|sj|tj|kj|sk(?=[eiyäö])")
_VOWELS = {"e": "ä", "ä": "e", "o": "å", "å": "o", "i": "e", "u": "o", "y": "i", "ö": "u"}
_LIKE_SJ = {
    "skj": ("sj", "stj"),
    "stj": ("sj", "skj"),
    "sj": ("skj", "stj"),
    "tj": ("kj", "k"),
    "kj": ("tj",),
}
_KEYS = ("qwertyuiopå", "asdfghjklöä", "zxcvbnm")
_SHIFT = (0.0, 0.3, 1.2)  # how far a row of keys is moved to the right
PLACES = {
    key: (number + _SHIFT[row], row) for row, keys in enumerate(_KEYS) for number, key in enumerate(keys)
}
Chance = random.Random


def neighbours(key: str) -> str:
    """The keys that touch one on a phone.

    >>> neighbours("g"), neighbours("p")
    ('tyfhcv', 'oåöä')
    """
    if key not in PLACES:
        return ""
    column, row = PLACES[key]
    return "".join(
        other
        for other, (x, y) in PLACES.items()
        if other != key and abs(y - row) <= 1 and abs(x - column) <= 1.0
    )


def _at(word: str, chance: Chance, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """One of the places of a pattern in a word."""
    found = list(pattern.finditer(word))
    return chance.choice(found) if found else None


def _put(word: str, start: int, end: int, text: str) -> str:
    return word[:start] + text + word[end:]


def single(word: str, chance: Chance) -> str:
    """A doubled letter once: skyddsombud, skydsombud; ck as k."""
    match = _at(word, chance, _DOUBLED)
    return _put(word, *match.span(), match[0][-1]) if match else ""


def doubled(word: str, chance: Chance) -> str:
    """A single letter twice: anmälan, anmällan."""
    match = _at(word, chance, _SINGLE)
    return _put(word, *match.span(), 2 * match[0]) if match else ""


def swapped(word: str, chance: Chance) -> str:
    """Two neighbours in the wrong order."""
    place = chance.randrange(1, len(word) - 1)
    return _put(word, place, place + 2, word[place + 1] + word[place])


def missing(word: str, chance: Chance) -> str:
    """A letter that was left out, not the first."""
    place = chance.randrange(1, len(word))
    return _put(word, place, place + 1, "")


def neighbour_key(word: str, chance: Chance) -> str:
    """A key beside the right one."""
    place = chance.randrange(1, len(word))
    keys = neighbours(word[place])
    return _put(word, place, place + 1, chance.choice(keys)) if keys else ""


def wrong_vowel(word: str, chance: Chance) -> str:
    """A vowel that sounds nearly alike."""
    match = _at(word, chance, re.compile("[eäoåiuyö]"))
    return _put(word, *match.span(), _VOWELS[match[0]]) if match else ""


def wrong_sj(word: str, chance: Chance) -> str:
    """Another spelling of the sj- or tj-sound."""
    match = _at(word, chance, _SJ)
    return _put(word, *match.span(), chance.choice(_LIKE_SJ.get(match[0], ("sj", "skj")))) if match else ""


def without_marks(word: str, chance: Chance) -> str:
    """No å, ä and ö, and a slip beside."""
    return fold(missing(word, chance)) if _MARKED.search(word) else ""


def extra_space(word: str, chance: Chance) -> str:
    """A space in the middle of a word that is no seam."""
    seams = {len("".join(split(word)[:count])) for count in range(1, len(split(word)))}
    places = [place for place in range(3, len(word) - 2) if place not in seams]
    place = chance.choice(places) if places else 0
    return f"{word[:place]} {word[place:]}" if place else ""


def in_one_part(word: str, chance: Chance) -> str:
    """A slip in one part of a compound, the others right."""
    parts = list(split(word))
    if not parts:
        return ""
    place = chance.randrange(len(parts))
    parts[place] = chance.choice((swapped, missing, doubled, wrong_vowel))(parts[place], chance)
    return "".join(parts) if parts[place] else ""


KINDS: Mapping[str, Callable[[str, Chance], str]] = {
    "single": single,
    "doubled": doubled,
    "swapped": swapped,
    "missing": missing,
    "neighbour key": neighbour_key,
    "wrong vowel": wrong_vowel,
    "sj and tj": wrong_sj,
    "no åäö": without_marks,
    "extra space": extra_space,
    "in one part": in_one_part,
}


def slips(word: str, seed: str) -> Iterator[tuple[str, str]]:
    """(kind, the word with a slip) for each kind that the word can have; the same for the same seed."""
    for kind, make in KINDS.items():
        slipped = make(word, random.Random(f"{seed} {kind} {word}"))
        if slipped and slipped != word:
            yield kind, slipped
