"""Taking Swedish compounds apart: few and long parts, from a list of parts that was learnt from a word list.

`data/parts.txt` is read once, when the first long word comes. It is made by `python -m bench.make_lexicon`.
"""

from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from kb.language.stemming import STRESSED_E, stem

FILE = Path(__file__).resolve().parent / "data" / "parts.txt"
_PLAIN = str.maketrans("åäöé", "aaoe")
SHORTEST = 3
SHORTEST_FIRST = 2  # el, it, yx: only these, and only at the beginning
UNIT = "enhet"  # the stemmer takes it for an ending: missbruksenhet is no form of missbruk
HEAD = 4  # doublings: sixteen compounds of the word list end with what may be the head of one unknown
LINKED = 2  # doublings that a linking s behind a compound is worth
RARE_LAST = 5  # letters, of a last part that compounds hardly have
LONGEST = 40
MOST_PARTS = 5
MOST_OFTEN = 7  # doublings: a part of 128 compounds counts as one of more
LONGEST_FIRST = 20
BOUND = ("ning", "tion", "sion", "het", "skap", "itet")  # a word with such an end comes first only with an s
LONG = 6  # any word of so many letters may come first, with a linking s or without


class Lexicon(NamedTuple):
    """What compounds are made of: how a first part is written → its word, and the stems that may come last.

    `short`: the words of three letters that may come last, as they are written. `begins` and `ends`: how often a
    first part begins and a stem ends compounds of a word list, in doublings.
    """

    firsts: Mapping[str, str]
    lasts: Set[str]
    short: Set[str]
    begins: Mapping[str, int]
    ends: Mapping[str, int]


@lru_cache(maxsize=65_536)
def split(word: str) -> tuple[str, ...]:
    """The parts of a lower-case compound as they stand in it; empty when it is none.

    >>> split("hembesöksrutinerna"), split("avslag"), split("personuppgiftsincident")
    (('hem', 'besöks', 'rutinerna'), (), ('person', 'uppgifts', 'incident'))
    """
    return (
        _split(word, lexicon())
        if SHORTEST_FIRST + SHORTEST <= len(word) <= LONGEST and word.isalpha()
        else ()
    )


@lru_cache(maxsize=65_536)
def part_stems(word: str) -> tuple[str, ...]:
    """The stems of all parts and of neighbouring parts together, without the whole.

    >>> part_stems("hembesöksrutin")
    ('hem', 'besök', 'rutin', 'hembesök', 'besöksrutin')
    """
    parts = split(word)
    count = len(parts)
    found = [
        _stem_of(parts, start, start + size) for size in range(1, count) for start in range(count - size + 1)
    ]
    return tuple(dict.fromkeys(found))


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


def head_of(word: str) -> str:
    """The last part of what is or may be a compound, also behind something that is no known word; empty without one.

    >>> head_of("yxhot"), head_of("kontorsrutinerna"), head_of("zlatanhot"), head_of("avslag"), head_of("kattunge")
    ('hot', 'rutinerna', 'hot', '', 'unge')
    """
    parts = split(word)
    if parts or is_known(word) or not word.isalpha() or len(word) > LONGEST:
        return parts[-1] if parts else ""
    lexical = lexicon()
    for start in range(SHORTEST, len(word) - SHORTEST + 1):
        last = stem(word[start:])
        if lexical.ends.get(last, -1) >= HEAD and _may_end(word, start, last, lexical):
            return word[start:]
    return ""


def with_marks(word: str) -> str:
    """A compound that was typed without å, ä and ö as it is written; empty when it is none.

    >>> with_marks("hembesoksrutinen")
    'hembesöksrutinen'
    """
    if not SHORTEST_FIRST + SHORTEST <= len(word) <= LONGEST or not (word.isascii() and word.isalpha()):
        return ""
    firsts, lasts, lexical = _without_marks()
    parts = _split(word, lexical)
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
def _without_marks() -> tuple[dict[str, str], dict[str, str], Lexicon]:
    """The first parts and the last stems: without marks → as they are written; and the list without marks."""
    lexical = lexicon()
    firsts, lasts = _plain(lexical.firsts), _plain(sorted(lexical.lasts))
    begins = {plain: lexical.begins[first] for plain, first in firsts.items()}
    ends = {plain: lexical.ends[word] for plain, word in lasts.items() if word in lexical.ends}
    return firsts, lasts, Lexicon(firsts, lasts.keys(), _plain(lexical.short).keys(), begins, ends)


def _plain(words: Iterable[str]) -> dict[str, str]:
    """Words without their marks → as they are written."""
    written = list(words)
    return dict(zip("\n".join(written).translate(_PLAIN).split("\n"), written, strict=True))


def is_known(word: str) -> bool:
    """Whether a word stands in the list as it is: then it is hardly misspelt."""
    lexical = lexicon()
    return stem(word) in lexical.lasts or word in lexical.firsts


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The list, read when it is first asked for."""
    firsts, short, *lasts = FILE.read_text(encoding="utf-8").split("\n\n")
    *ends, others = (words.split() for words in lasts)
    known = [line.split() for line in firsts.split("\n")]
    listed = {first: base for first, base, _ in known if not first.endswith(BOUND)}
    return Lexicon(
        listed,
        frozenset(chain(others, *ends)),
        frozenset(short.split()),
        {first: int(often) for first, _, often in known},
        {word: MOST_OFTEN - place for place, words in enumerate(ends) for word in words},
    )


def _stem_of(parts: tuple[str, ...], start: int, end: int) -> str:
    """What neighbouring parts together are found by: as when the word that they make is typed alone.

    For a word that stands in the list (arbetsskada) its stem, else the stem of the last, without its linking letter,
    behind the others.
    """
    firsts, lasts, *_ = lexicon()
    last = parts[end - 1]
    if end < len(parts):
        last = firsts.get(last) or (last if last in lasts else last.removesuffix("s"))
    if start == end - 1:
        return stem(last)
    before = "".join(parts[start : end - 1])
    whole = stem(before + last)
    return whole if whole in lasts else before + stem(last)


def _split(word: str, lexical: Lexicon) -> tuple[str, ...]:
    """The way with the fewest parts, and of these the one with the best end, and then with the longest.

    An end that compounds hardly have (the shot of våldtäktshot) costs as much as a part.
    """
    if _is_whole(word, lexical):
        return ()
    ways: dict[int, tuple[str, ...]] = {0: ()}  # where a part ends → the parts up to there
    best: tuple[str, ...] = ()
    best_cost = (MOST_PARTS + 1, 0)
    for start in range(len(word) - SHORTEST + 1):
        before = ways.get(start)
        if before is None or len(before) + 1 > best_cost[0]:
            continue
        last = stem(word[start:]) if before else ""
        if last in lexical.lasts and _may_end(word, start, last, lexical):
            cost = _cost(before, last, lexical)
            if cost < best_cost:
                best, best_cost = (*before, word[start:]), cost
            if last in lexical.ends:
                continue
        _go_on(ways, word, start, lexical)
    return best


def _is_whole(word: str, lexical: Lexicon) -> bool:
    """Whether a word stands in the list itself."""
    return stem(word) in lexical.lasts and not _is_unit(word, lexical)


def _is_unit(word: str, lexical: Lexicon) -> bool:
    """Whether a word is a compound with enhet, which the stemmer takes for an ending as in lägenhet."""
    seam = word.find(UNIT, SHORTEST)
    if seam < 0:
        return False
    first = word[:seam]
    return first in lexical.firsts or (
        len(first) >= LONG and first[-1] == "s" and _is_long_first(first, lexical)
    )


def _may_end(word: str, start: int, last: str, lexical: Lexicon) -> bool:
    """Whether what is left may come last: three letters as written (svar is no s and var), rare words when long."""
    letters = len(word) - start
    if letters == SHORTEST:
        return word[start:] in lexical.short
    if word.startswith(UNIT, start + 1):  # missbruk is no first part of a senhet
        return False
    return letters >= RARE_LAST or last in lexical.ends


def _cost(before: tuple[str, ...], last: str, lexical: Lexicon) -> tuple[int, int]:
    """What a way costs: its parts, then how seldom the parts at its last seam begin and end compounds.

    A compound that comes first takes a linking s: sjuk+vårds+lag, not sjuk+vård+slag.
    """
    often = lexical.ends.get(last, -1)
    first = before[-1]
    begins = lexical.begins.get(first, 0)
    if len(before) > 1 and first[-1] == "s":
        begins = max(begins, lexical.begins.get(first[:-1], 0)) + LINKED
    return len(before) + (1 if often >= 0 else 2), -(often + begins)


def _go_on(ways: dict[int, tuple[str, ...]], word: str, start: int, lexical: Lexicon) -> None:
    """Put down where the parts end that may begin at a place of the word."""
    before, firsts, ends = ways[start], lexical.firsts, lexical.ends
    shortest = SHORTEST if before else SHORTEST_FIRST
    for end in range(start + shortest, min(len(word) - SHORTEST, start + LONGEST_FIRST) + 1):
        part = word[start:end]
        # of most pieces of a word no more than the cheap questions has to be asked
        if part in firsts or ((part in ends or part[-1] in "es") and _is_unlisted(part, before, lexical)):
            _keep(ways, end, (*before, part))
            if part[-1] == part[-2]:  # fall and lucka are written fallucka
                _keep(ways, end - 1, (*before, part))


def _is_unlisted(part: str, before: tuple[str, ...], lexical: Lexicon) -> bool:
    """Whether a part may stand there though the list of first parts does not say so."""
    if len(part) >= LONG and _is_long_first(part, lexical):
        return True
    return bool(before) and part[-1] == "s" and _is_linked(part, lexical)


def _is_linked(part: str, lexical: Lexicon) -> bool:
    """Whether a word with a linking s ends a first part that is a compound itself: hotbild+s, familjehem+s.

    A compound takes the s though its last part alone does not (bildanalys, but hotbildsanalys).
    """
    return len(part) > SHORTEST and part[:-1] in lexical.ends


def _is_long_first(part: str, lexical: Lexicon) -> bool:
    """Whether a long word, with a linking s or without, may come first though the list does not say so."""
    end = part[-1]
    if end == "s":
        word = part[:-1]
        if word in lexical.lasts or (word.endswith(BOUND) and stem(word) in lexical.lasts):
            return True
    elif end == "e" and part.endswith(("else", "ande", "ende")) and stem(part) in lexical.lasts:
        return True
    return part in lexical.ends and not part.endswith((*BOUND, "ing"))


def _keep(ways: dict[int, tuple[str, ...]], end: int, parts: tuple[str, ...]) -> None:
    known = ways.get(end)
    if known is None or len(parts) < len(known):
        ways[end] = parts
