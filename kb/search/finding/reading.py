"""The words of a query, or of what a synonym is typed as: spoken ones as they are written, without mere chatter.

And what its small words say about the others: a hint or no hint, a circumstance, something told.
"""

import re
from collections.abc import Collection, Iterator, Sequence, Set
from itertools import groupby

from kb.language.digits import LONGEST_NUMBER
from kb.language.marks import ENGLISH_SMALL, is_english
from kb.language.spoken import without_clitics, written
from kb.language.words import query_words
from kb.search.finding.wordlists import (
    AFTER_VERBS,
    BEFORE_NOUNS,
    CHATTER,
    KIND_HINTS,
    MONTHS,
    PERSONS,
    PHASE_HINTS,
    PLACES,
    STOP_WORDS,
    TELLERS,
    WISHES,
)

_HINTS = PHASE_HINTS.keys() | KIND_HINTS.keys()
_NUMBER_WORDS = "ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv"
_PART = r"(?:halv|kvart\s+(?:i|över))\s+"
_CLOCK = re.compile(
    rf"\b(?:klockan|kl\b\.?)\s*(?:{_PART})?(?:\d{{1,2}}(?:[.:]\d\d)?(?!\w)|(?:{_NUMBER_WORDS})\b)"
    rf"|\b{_PART}(?:{_NUMBER_WORDS})\b",
    re.IGNORECASE,
)
_LETTER = re.compile(
    r"(?<![\d.:,-])\b(\d{1,3}) ([a-dfgh])\b(?! kap)"
)  # of a section: 24 b §; e is spoken for är


def read_query(text: str, quoted: Set[str] = frozenset()) -> list[str]:
    """The words of a normalised text; quoted ones as typed. Where nothing else is said it is kept.

    >>> read_query("hej, nån hotade mej i går klockan halv åtta")
    ['någon', 'hotade', 'mig']
    >>> read_query("LSS 24 b §")
    ['lss', '24b', '§']
    """
    plain = _LETTER.sub(r"\1\2", without_clitics(text))
    words = written(query_words(_CLOCK.sub(" ", plain)), quoted)
    small = ENGLISH_SMALL if is_english(words) else frozenset()
    said = [
        word
        for place, word in enumerate(words)
        if word in quoted or not (word in small or _is_chatter(words, place))
    ]
    if STOP_WORDS.issuperset(said):
        said = words  # nothing else was typed
    return said or written(query_words(plain), quoted)


def join_numbers(words: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The words with neighbouring groups of digits made one number, and the groups of each: 114 14 is 11414."""
    joined: list[str] = []
    groups: dict[str, list[str]] = {}
    for is_number, run in groupby(words, key=lambda word: word.replace("-", "").isdecimal()):
        apart = list(run)
        digits = [group for word in apart for group in word.split("-")] if is_number else []
        number = "".join(digits)
        if len(digits) > 1 and len(number) <= LONGEST_NUMBER:
            joined.append(number)
            groups[number] = digits
        else:
            joined += apart
    return joined, groups


def _is_chatter(words: Sequence[str], place: int) -> bool:
    """Whether a word says nothing where it stands: a month beside a number is a date that a law may have."""
    word = words[place]
    if word in MONTHS:
        beside = words[max(0, place - 1) : place + 2]
        return not any(other[0].isdecimal() for other in beside)
    return word in CHATTER


def hinting_words(words: Sequence[str], quoted: Set[str]) -> Iterator[str]:
    """The words that name a phase or a kind; not "efter" where somebody is followed or looked for.

    >>> list(hinting_words(["han", "följer", "efter", "mig"], set())), list(hinting_words(["efter", "hot"], set()))
    ([], ['efter'])
    """
    for place, word in enumerate(words):
        if word in _HINTS and word not in quoted and not _is_particle(words, place):
            yield word


def _is_particle(words: Sequence[str], place: int) -> bool:
    """Whether "efter" belongs to a verb (letar efter, kommer efter mig) and says no time."""
    if words[place] != "efter":
        return False
    is_verb = place > 0 and words[place - 1].startswith(AFTER_VERBS)
    return is_verb or not PERSONS.isdisjoint(words[place + 1 : place + 2])


def circumstances(words: Sequence[str], content: Collection[str]) -> frozenset[str]:
    """The words of content that say where or with whom: what it is about stands beside them.

    >>> circumstances("våld i vår reception".split(), ["våld", "reception"])
    frozenset({'reception'})
    """
    found = frozenset(
        word for place, word in enumerate(words) if word in content and _is_behind_place(words[:place])
    )
    return found if len(found) < len(content) else frozenset()


def _is_behind_place(before: Sequence[str]) -> bool:
    """Whether the last word, but for one that goes with a noun, is a preposition of place."""
    if before and before[-1] in BEFORE_NOUNS:
        before = before[:-1]
    return bool(before) and before[-1] in PLACES


def is_told(words: Collection[str]) -> bool:
    """Whether somebody tells what happened, and does not ask for a text of some kind.

    >>> is_told("hon skickade fel mejl".split()), is_told("hur skriver jag ett mejl".split())
    (True, False)
    """
    return not TELLERS.isdisjoint(words) and WISHES.isdisjoint(words)
