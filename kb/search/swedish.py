"""Swedish text into words and terms: one analyser for all fields and for the query. Pure functions."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from kb.search.stemming import stem

ANALYSIS = 1  # raise this when the terms of a text change: indexes of another number are rebuilt
MAX_WORD = 64
_INVISIBLE = re.compile("[\ud800-\udfff\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\x00]")
_TOKEN = re.compile(r"[^\W_]+(?:[.:'’-][^\W_]+)*|§")
_PART = re.compile(r"[^\W_]+|§")
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
    return [word[:MAX_WORD] for word in _PART.findall(text.lower())]


def tokens(text: str) -> Iterator[str]:
    """As `words`, and the joined form beside the parts: "2023:2", "smstjänst"."""
    for token in _TOKEN.findall(text.lower()):
        yield from spellings(token)


def spellings(token: str) -> Iterator[str]:
    """The words that one token stands for: its parts and, when there are several, the whole."""
    parts = _PART.findall(token)
    for part in parts:
        yield part[:MAX_WORD]
    if len(parts) > 1:
        joined = "".join(parts)
        yield (joined if joined.isalpha() else token)[:MAX_WORD]


def locate(text: str) -> Iterator[Word]:
    """The words of a normalised text with their places, for marking."""
    for match in _PART.finditer(text):
        yield Word(match[0].lower(), match.start(), match.end())


def terms(text: str) -> Counter[str]:
    """Stem → how often, for one field of a document. Every word is kept, the small ones too."""
    found: Counter[str] = Counter()
    for word, count in Counter(tokens(normalise(text))).items():
        found[stem(word)] += count
    return found


def folded(stems: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(stem, its folded form) for those that have marks."""
    for stemmed in stems:
        if not stemmed.isascii():
            yield stemmed, fold(stemmed)
