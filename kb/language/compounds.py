"""Taking Swedish compounds apart: few and long parts, from a list of parts that was learnt from a word list.

`data/parts.txt` is read once, when the first long word comes. It is made by `python -m bench.make_lexicon`.
"""

from collections.abc import Mapping, Set
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kb.language.stemming import STRESSED_E, stem

FILE = Path(__file__).resolve().parent / "data" / "parts.txt"
_PLAIN = str.maketrans("åäöé", "aaoe")
SHORTEST = 3
LONGEST = 40
MOST_PARTS = 5
LONGEST_FIRST = 20
BOUND = ("ning", "tion", "sion", "het", "skap", "itet")  # a word with such an end comes first only with an s
LONG = 6  # any word of so many letters may come first, with a linking s or without


class Lexicon(NamedTuple):
    """What compounds are made of: how a first part is written → its word, and the stems that may come last."""

    firsts: Mapping[str, str]
    lasts: Set[str]


@lru_cache(maxsize=65_536)
def split(word: str) -> tuple[str, ...]:
    """The parts of a lower-case compound as they stand in it; empty when it is none.

    >>> split("hembesöksrutinerna"), split("avslag"), split("personuppgiftsincident")
    (('hem', 'besöks', 'rutinerna'), (), ('person', 'uppgifts', 'incident'))
    """
    return _split(word, lexicon()) if 2 * SHORTEST <= len(word) <= LONGEST and word.isalpha() else ()


@lru_cache(maxsize=65_536)
def part_stems(word: str) -> tuple[str, ...]:
    """The stems of all parts and of neighbouring parts together, without the whole.

    >>> part_stems("hembesöksrutin")
    ('hem', 'besök', 'rutin', 'hembesök', 'besöksrutin')
    """
    parts = split(word)
    count = len(parts)
    spans = [(start, start + size) for size in range(1, count) for start in range(count - size + 1)]
    return tuple(dict.fromkeys(_stem_of(parts, start, end) for start, end in spans))


@lru_cache(maxsize=4_096)
def ways_apart(word: str) -> tuple[tuple[str, ...], ...]:
    """How a query's compound may be found apart, as stems: in two at each seam, and in all its parts.

    >>> ways_apart("hembesöksrutin")
    (('hem', 'besöksrutin'), ('hembesök', 'rutin'), ('hem', 'besök', 'rutin'))
    """
    parts = split(word)
    count = len(parts)
    found: list[tuple[str, ...]] = [
        (_stem_of(parts, 0, seam), _stem_of(parts, seam, count)) for seam in range(1, count)
    ]
    if count > 2:
        found.append(tuple(_stem_of(parts, place, place + 1) for place in range(count)))
    return tuple(found)


def with_marks(word: str) -> str:
    """A compound that was typed without å, ä and ö as it is written; empty when it is none.

    >>> with_marks("hembesoksrutinen")
    'hembesöksrutinen'
    """
    if not 2 * SHORTEST <= len(word) <= LONGEST or not (word.isascii() and word.isalpha()):
        return ""
    firsts, lasts = _without_marks()
    parts = _split(word, Lexicon(firsts, lasts.keys()))
    if not parts:
        return ""
    written = [
        firsts.get(part) or lasts.get(part) or lasts.get(part[:-1], part[:-1]) + "s" for part in parts[:-1]
    ]
    last = stem(parts[-1])
    return "".join(written) + lasts[last] + parts[-1][len(last) :]


def with_accent(word: str) -> str:
    """The word on -é that was typed without its accent, in any inflection; empty when there is none.

    >>> with_accent("kommitten"), with_accent("idéer"), with_accent("möte")
    ('kommitté', '', '')
    """
    match = STRESSED_E.match(word)
    accented = f"{match[1][:-1]}é" if match else ""
    return accented if accented in lexicon().lasts else ""


@lru_cache(maxsize=1)
def _without_marks() -> tuple[dict[str, str], dict[str, str]]:
    """The first parts and the last stems of the list: without marks → as they are written."""
    found = []
    for words in (list(lexicon().firsts), sorted(lexicon().lasts)):
        plain = "\n".join(words).translate(_PLAIN).split("\n")
        found.append(dict(zip(plain, words, strict=True)))
    return found[0], found[1]


def is_known(word: str) -> bool:
    """Whether a word stands in the list as it is: then it is hardly misspelt."""
    lexical = lexicon()
    return stem(word) in lexical.lasts or word in lexical.firsts


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The list, read when it is first asked for."""
    firsts, _, lasts = FILE.read_text(encoding="utf-8").partition("\n\n")
    pairs = (line.partition(" ") for line in firsts.split("\n"))
    return Lexicon(
        {first: base for first, _, base in pairs if not first.endswith(BOUND)}, frozenset(lasts.split())
    )


def _stem_of(parts: tuple[str, ...], start: int, end: int) -> str:
    """What neighbouring parts together are found by: as when the word that they make is typed alone.

    For a word that stands in the list (arbetsskada) its stem, else the stem of the last, without its linking letter,
    behind the others.
    """
    last = parts[end - 1]
    if end < len(parts):
        last = lexicon().firsts.get(last) or (last if last in lexicon().lasts else last.removesuffix("s"))
    before = "".join(parts[start : end - 1])
    whole = stem(before + last)
    return whole if before and whole in lexicon().lasts else before + stem(last)


def _split(word: str, lexical: Lexicon) -> tuple[str, ...]:
    """The way with the fewest parts, and of these the one with the longest last part."""
    if stem(word) in lexical.lasts:
        return ()
    ways: dict[int, tuple[str, ...]] = {0: ()}  # where a part ends → the parts up to there
    best: tuple[str, ...] = ()
    for start in range(len(word) - SHORTEST + 1):
        before = ways.get(start)
        if before is None or len(before) + 1 >= (len(best) or MOST_PARTS + 1):
            continue
        if before and stem(word[start:]) in lexical.lasts:
            best = (*before, word[start:])
        else:
            _go_on(ways, word, start, lexical)
    return best


def _go_on(ways: dict[int, tuple[str, ...]], word: str, start: int, lexical: Lexicon) -> None:
    """Put down where the parts end that may begin at a place of the word."""
    before = ways[start]
    for end in range(start + SHORTEST, min(len(word) - SHORTEST, start + LONGEST_FIRST) + 1):
        part = word[start:end]
        if part in lexical.firsts or _is_long_first(part, lexical) or (before and _is_linked(part, lexical)):
            _keep(ways, end, (*before, part))
            if part[-1] == part[-2]:  # fall and lucka are written fallucka
                _keep(ways, end - 1, (*before, part))


def _is_linked(part: str, lexical: Lexicon) -> bool:
    """Whether a word with a linking s ends a first part that is a compound itself: hotbild+s, familjehem+s.

    A compound takes the s though its last part alone does not (bildanalys, but hotbildsanalys).
    """
    return part[-1] == "s" and len(part) > SHORTEST and part[:-1] in lexical.lasts


def _is_long_first(part: str, lexical: Lexicon) -> bool:
    """Whether a long word, with a linking s or without, may come first though the list does not say so."""
    if len(part) < LONG:
        return False
    if part.endswith("else") and stem(part) in lexical.lasts:
        return True
    if part[-1] == "s" and (part[:-1] in lexical.lasts or (part.endswith("hets") and is_known(part[:-1]))):
        return True
    return part in lexical.lasts and not part.endswith(BOUND)


def _keep(ways: dict[int, tuple[str, ...]], end: int, parts: tuple[str, ...]) -> None:
    known = ways.get(end)
    if known is None or len(parts) < len(known):
        ways[end] = parts
