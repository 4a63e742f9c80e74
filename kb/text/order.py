"""Swedish alphabetical order: å, ä and ö last, accents and case aside, numbers by their value."""

import re
import unicodedata

from kb.text.characters import without_unseen

SORT_KEY_MAX = 240
# "{", "|" and "}" follow "z"; ü is read as y, æ and ø as their Swedish neighbours.
_LETTERS = str.maketrans(
    {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y", "ð": "d", "þ": "th", "ł": "l"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_NUMBER = re.compile(r"[0-9]{1,12}")
_BETWEEN = re.compile(r"[^0-9a-z{|}]+")
_SHOWN = {"{": "Å", "|": "Ä", "}": "Ö"}


def swedish_key(text: str) -> tuple[str, str]:
    """The sort key of a text; texts that differ only in case or accents stay in a fixed order."""
    return _primary(text), text


def sort_key(text: str) -> str:
    """What a database sorts a text by, byte for byte: the stored form of the same order."""
    return _primary(text)[:SORT_KEY_MAX]


def initial(text: str) -> str:
    """The letter that a text is listed under in an A–Ö list, or "0–9" or "#"."""
    first = _primary(text).strip()[:1]
    if first.isdigit():
        return "0–9"
    return _SHOWN.get(first, first.upper()) or "#"


def _primary(text: str) -> str:
    letters = unicodedata.normalize("NFC", without_unseen(text)).casefold().translate(_LETTERS)
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", letters))
    return _NUMBER.sub(lambda number: number[0].zfill(12), _BETWEEN.sub(" ", plain)).strip()
