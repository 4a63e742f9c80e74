"""Swedish text into words and terms: one analyser for all fields and for the query. Pure functions."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from kb.language.compounds import part_stems, split
from kb.language.stemming import root, stem

ANALYSIS = 4  # raise this when the terms of a text change: indexes of another number are rebuilt
MAX_WORD = 64
FOLDED_PART = "~"  # before a part without its marks
_INVISIBLE = re.compile("[\ud800-\udfff\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\x00]")
_TOKEN = re.compile(r"[^\W_]+(?:[.:'’-][^\W_]+)*|§")
_PART = re.compile(r"[^\W_]+|§")
_NUMBER_OR_WORD = re.compile(r"\d[^\W_]?(?:[^\W_]|[.:'’-](?=\d))*|[^\W\d_]+\d*|§")
# "27 kap. 5 §", "6 kap. 6 a §", "14 kap. 2, 3 och 4 §§": what stands between the chapter and the sign.
_CHAPTER = re.compile(r"\b(\d{1,3}) kap\.? ((?:\d{1,3}(?: [a-z])?\b(?:, | och | samt |[–-])?){1,12}) ?§{1,2}")
_SHORT = re.compile(r"(?<![\d.:])(\d{1,3}):(\d{1,3})(?: ?([a-z])\b)?(?![\d:])")  # "27:5", "6:6 a"
_COLON = re.compile(r":\d")
_SECTION = re.compile(r"(\d{1,3})(?: ([a-z])\b)?")
# "070-174 06 05", "48 250": groups of digits that people write apart and type together.
_GROUPS = re.compile(r"(?<![\w.:,])\d{1,9}(?:[ \u00a0\u202f-]\d{1,9}){1,7}(?![\w:])")
_DIGITS = re.compile(r"\d+")
LONGEST_NUMBER = 15  # digits: no telephone number has more
_FOLDED = str.maketrans("øæðłß", "oadls")


class Word(NamedTuple):
    """A word where it stands in a text."""

    text: str
    start: int
    end: int


def normalise(text: str) -> str:
    """Composed Unicode without soft hyphens, zero-width, direction and NUL characters; case is kept."""
    text = _INVISIBLE.sub("", text)
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """The word without its marks: å and ä become a, ö becomes o, é becomes e."""
    if word.isascii():
        return word
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return plain.translate(_FOLDED)


def words(text: str) -> list[str]:
    """The lower-case words of a normalised text, in order; what a hyphen, point or colon joins is taken apart.

    >>> words("Ring 114 14, se 27 kap. 5 § och AFS 2023:2.")
    ['ring', '114', '14', 'se', '27', 'kap', '5', '§', 'och', 'afs', '2023', '2']
    """
    return words_of(read_tokens(text))


def query_words(text: str) -> list[str]:
    """As `words`, for a query: numbers stay whole.

    >>> query_words("AFS 2023:2, LVU-kampanjen, 4:2-modellen")
    ['afs', '2023:2', 'lvu', 'kampanjen', '4:2', 'modellen']
    """
    return [part[:MAX_WORD] for token in read_tokens(text) for part in _pieces(token)]


def tokens(text: str) -> Iterator[str]:
    """As `words`, and the joined form beside the parts: "2023:2", "smstjänst"."""
    for token in read_tokens(text):
        yield from spellings(token)


def spellings(token: str) -> Iterator[str]:
    """The words that one token stands for: its parts and, when there are several, the whole and its numbers."""
    parts = _PART.findall(token)
    for part in parts:
        yield part[:MAX_WORD]
    if len(parts) > 1:
        joined = "".join(parts)
        yield (joined if joined.isalpha() else token)[:MAX_WORD]
        yield from (piece for piece in _pieces(token) if piece not in parts and piece != token)


def _pieces(token: str) -> list[str]:
    """A token taken apart between its numbers and its words: "4:2-modellen" into "4:2" and "modellen"."""
    if not any(letter.isdigit() for letter in token):
        return _PART.findall(token)
    return _NUMBER_OR_WORD.findall(token)


def locate(text: str) -> Iterator[Word]:
    """The words of a normalised text with their places, for marking."""
    for match in _PART.finditer(text):
        yield Word(match[0].lower(), match.start(), match.end())


def term(word: str) -> str:
    """The term that a word is found by: its stem, for a compound that of its last part behind the others.

    >>> term("handlingsplaner"), term("handlingsplan")
    ('handlingsplan', 'handlingsplan')
    """
    parts = split(word)
    return "".join(parts[:-1]) + stem(parts[-1]) if parts else stem(word)


def read_tokens(text: str) -> list[str]:
    """The tokens of a normalised text in order; every one is kept, the small words too.

    >>> read_tokens("Ring LVU-jouren, 27 kap. 5 §.")
    ['ring', 'lvu-jouren', '27', 'kap', '5', '§']
    """
    return _TOKEN.findall(text.lower())


def words_of(tokens: Iterable[str]) -> list[str]:
    """The words of tokens: what `words` gives of their text."""
    found: list[str] = []
    for token in tokens:
        if token.isalnum() and len(token) <= MAX_WORD:
            found.append(token)
        else:
            found += [part[:MAX_WORD] for part in _PART.findall(token)]
    return found


class Analysed(NamedTuple):
    """What a token is found by: terms, the same without their marks where they have any, parts of compounds."""

    terms: tuple[str, ...]
    folded: tuple[str, ...]
    parts: tuple[str, ...]


@lru_cache(maxsize=65_536)
def analysed(token: str) -> Analysed:
    """What a token is found by; a part without its marks has a sign before it.

    >>> analysed("hembesöken")
    Analysed(terms=('hembesök',), folded=('hembesok',), parts=('hem', 'besök', '~besok'))
    """
    words = (token[:MAX_WORD],) if token.isalnum() else tuple(spellings(token))
    found = tuple(term(word) for word in words)
    parts = tuple(part for word in words for part in inside(word))
    return Analysed(found, tuple(_folded(found)), (*parts, *(FOLDED_PART + part for part in _folded(parts))))


def inside(word: str) -> tuple[str, ...]:
    """What a word is found by besides its term: the parts of a compound, the verb behind a noun in -ning."""
    parts, verb = part_stems(word), root(term(word))
    return (*parts, verb) if verb else parts


def sections(text: str) -> list[str]:
    """The sections of laws that a text names, in one way of writing, with and without their letter.

    >>> sections("Enligt 27 kap. 5 § och 6:6 a AML")
    ['27:5', '6:6a', '6:6']
    """
    found: list[str] = []
    for chapter, listed in _CHAPTER.findall(text) if "§" in text and " kap" in text else ():
        for number, letter in _SECTION.findall(listed):
            found += _with_and_without(f"{chapter}:{number}", letter)
    for match in _shorts(text):
        found += _with_and_without(f"{match[1]}:{match[2]}", match[3])
    return found


def _shorts(text: str) -> Iterator[re.Match[str]]:
    """Where sections stand as "27:5": tried at colons only, which is far cheaper than everywhere."""
    for colon in _COLON.finditer(text):
        place = colon.start()
        tries = (_SHORT.match(text, start) for start in range(max(0, place - 3), place))
        yield from islice(filter(None, tries), 1)


def numbers(text: str) -> list[str]:
    """The numbers that neighbouring groups of digits make together: what is written apart is typed together.

    >>> numbers("Ring 114 14 eller 070-174 06"), numbers("48 250 kronor"), numbers("112, 113 13")
    (['11414', '070174', '07017406', '17406'], ['48250'], ['11313'])
    """
    return [number for _, _, number in locate_numbers(text)]


def locate_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Where neighbouring groups of digits stand in a text: start, end, the number that they make together."""
    for match in _GROUPS.finditer(text):
        groups = list(_DIGITS.finditer(text, match.start(), match.end()))
        for place, first in enumerate(groups):
            joined = first[0]
            for group in groups[place + 1 :]:
                joined += group[0]
                if len(joined) > LONGEST_NUMBER:
                    break
                yield first.start(), group.end(), joined


def locate_sections(text: str) -> Iterator[tuple[int, int, str]]:
    """Where sections of laws are named in a text: start, end, section."""
    for pattern in (_CHAPTER, _SHORT):
        for match in pattern.finditer(text):
            for section in sections(match[0]):
                yield match.start(), match.end(), section


def take_sections(text: str) -> tuple[str, list[str]]:
    """A query without the sections that it names, and these; "27 kap. 5 §" becomes "27:5"."""
    found = sections(text)
    if not found:
        return text, []
    return _SHORT.sub(" ", _CHAPTER.sub(" ", text)).replace("§", " "), found


def _with_and_without(section: str, letter: str | None) -> list[str]:
    return [section + letter, section] if letter else [section]


def _folded(terms: Iterable[str]) -> Iterator[str]:
    """Those that have marks, without them."""
    return (fold(one) for one in terms if not one.isascii())
