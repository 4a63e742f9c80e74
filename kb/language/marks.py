"""Whether a word typed without å, ä and ö may stand for one that has them. Pure."""

from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import product

from kb.language.analysis import term_of
from kb.language.rarity import zipf

SHORT = 3  # letters: such a word is as likely another one
FAR = 1.0  # Zipf values, ten times: a longer word that is so much commoner as written is what it looks like
MOST_PLACES = 6  # letters that may have lost their marks; a longer word is hardly one with and without them
_MARKED = {"a": "aåä", "o": "oö"}

# Small words that only one of the two languages has.
_ENGLISH_WORDS = """
    the my he she you your they their them this that these those what when where who why how was were is are been with
    without not will would should could does did now it its we us me and of from if at be have has had want need says
    said someone somebody please to
"""
_SWEDISH_WORDS = """
    jag du han hon den det vi ni de dom mig mej dig dej sig sej oss er honom henne en ett och att som är e inte på i av
    för till från vid vad va hur när var vem vilken vilka ska kan vill har hade blir blev nu någon nån något nåt min
    mitt mina din ditt dina pa ar fran nar nagon nagot
"""
# Small words of English that may be taken for Swedish ones.
_ENGLISH_TOO = "i do an a so up out no in on by or all am can her his him for but"
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_SWEDISH = frozenset(_SWEDISH_WORDS.split())
ENGLISH_SMALL = _ENGLISH | frozenset(_ENGLISH_TOO.split())


def is_english(words: Collection[str]) -> bool:
    """Whether a query is written in English.

    >>> is_english("he hit me what do i do now".split()), is_english("hon vill do".split())
    (True, False)
    """
    english = sum(word in _ENGLISH for word in words)
    return english > sum(word in _SWEDISH for word in words if word not in ENGLISH_SMALL)


@lru_cache(maxsize=8_192)
def stays_as_written(word: str) -> bool:
    """Whether an ascii word is what it looks like, and no other one that lost its marks.

    >>> stays_as_written("stor"), stays_as_written("vald"), stays_as_written("blorp")
    (True, False, False)
    """
    other = max((zipf(term_of(other)) for other in _readings(word)), default=0.0)
    return other > 0 and zipf(term_of(word)) >= other + (0.0 if len(word) <= SHORT else FAR)


def _readings(word: str) -> Iterator[str]:
    """The words that may have been meant, with marks."""
    ways = [_MARKED.get(letter, letter) for letter in word]
    if sum(len(way) > 1 for way in ways) <= MOST_PLACES:
        yield from (other for letters in product(*ways) if (other := "".join(letters)) != word)
