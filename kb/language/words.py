"""Swedish text into words: normalised, in small letters, taken apart at hyphens, points and colons. Pure functions."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

MAX_WORD = 64
_INVISIBLE = re.compile("[\ud800-\udfff\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\x00]")
_TOKEN = re.compile(r"[^\W_]+(?:[.:'’-][^\W_]+)*|§")
_PART = re.compile(r"[^\W_]+|§")
_NUMBER_OR_WORD = re.compile(r"\d[^\W_]?(?:[^\W_]|[.:'’-](?=\d))*|[^\W\d_]+\d*|§")
_FOLDED = str.maketrans("øæðłß", "oadls")
_KEPT = 0x250  # the end of Latin in Unicode


class Token(NamedTuple):
    """A token as it is written, and where it stands."""

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
    return word if word.isascii() else word.translate(_PLAIN)


class _Plain(dict[int, str]):
    """Code of a letter → the letter without its marks; those that most languages of Europe have are kept."""

    def __missing__(self, code: int) -> str:
        taken_apart = unicodedata.normalize("NFD", chr(code))
        plain = "".join(c for c in taken_apart if not unicodedata.combining(c)).translate(_FOLDED)
        if code < _KEPT:
            self[code] = plain
        return plain


_PLAIN = _Plain()


def read_words(text: str) -> list[str]:
    """The lower-case words of a normalised text, in order; what a hyphen, point or colon joins is taken apart.

    >>> read_words("Ring 114 14, se 27 kap. 5 § och AFS 2023:2.")
    ['ring', '114', '14', 'se', '27', 'kap', '5', '§', 'och', 'afs', '2023', '2']
    """
    return words_of(read_tokens(text))


def query_words(text: str) -> list[str]:
    """As `read_words`, for a query: numbers stay whole.

    >>> query_words("AFS 2023:2, LVU-kampanjen, 4:2-modellen")
    ['afs', '2023:2', 'lvu', 'kampanjen', '4:2', 'modellen']
    """
    return [part[:MAX_WORD] for token in read_tokens(text) for part in _pieces(token)]


def read_spellings(text: str) -> Iterator[str]:
    """As `read_words`, and the joined form beside the parts: "2023:2", "smstjänst"."""
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


def read_tokens(text: str) -> list[str]:
    """The tokens of a normalised text in order; every one is kept, the small words too.

    >>> read_tokens("Ring LVU-jouren, 27 kap. 5 §.")
    ['ring', 'lvu-jouren', '27', 'kap', '5', '§']
    """
    return _TOKEN.findall(text.lower())


def locate_tokens(text: str) -> Iterator[Token]:
    """The tokens of any text as they are written, each with its place."""
    return (Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text))


def words_of(tokens: Sequence[str]) -> list[str]:
    """The words of tokens: what `read_words` gives of their text."""
    several = {token for token in set(tokens) if not token.isalnum() or len(token) > MAX_WORD}
    if not several:
        return list(tokens)
    found: list[str] = []
    for token in tokens:
        if token in several:
            found += [part[:MAX_WORD] for part in _PART.findall(token)]
        else:
            found.append(token)
    return found


def _pieces(token: str) -> list[str]:
    """A token taken apart between its numbers and its words: "4:2-modellen" into "4:2" and "modellen"."""
    if not any(letter.isdigit() for letter in token):
        return _PART.findall(token)
    return _NUMBER_OR_WORD.findall(token)
