"""Text as it is stored, whichever way it came in: one spelling for what looks the same, nothing that hides or glues.

Macs and some mail programs write "å" as "a" and a ring (decomposed). Without one spelling (NFC) such a word is not
found, sorts elsewhere and looks changed in a comparison.
"""

import re
import unicodedata
from typing import Any

# Marks that turn the direction of what follows: with them a text can say something else than it shows.
_DIRECTION = "\u202a-\u202e\u2066-\u2069"
_LINE_ENDS = {"\x0b": "\n", "\x0c": "\n\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n\n"}
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SEPARATOR = re.compile("[\x1c-\x1f]")
_REMOVED = re.compile(f"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f{_DIRECTION}\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PARTING = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_REFUSED_BY_YAML = re.compile("[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_OVERLAY = "\u0338"  # composes with "<" and ">" to one sign, which would take a tag apart
_BRACKET = re.compile("([<>])")
# Ordering marks takes time with the square of their number: 100,000 on one letter took 18 seconds. No writing
# system has more than a few (Unicode's "stream-safe" text has at most 30).
_MOST_MARKS = 30
_MANY_SIGNS = re.compile(rf"[^\w\s\x21-\x7e]{{{_MOST_MARKS + 1},}}")
_NOT_SEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"})
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by category, and empty to the eye


def normal(text: str) -> str:
    """The text in the one spelling that is stored (NFC); "" when there is nothing in it to see.

    Line ends are \\n. Controls, broken surrogates and marks that turn the direction of reading are left out; what
    stands between words, such as a vertical tab, still parts them. Joiners in emoji and soft hyphens stay.
    """
    if text.isascii() and text.isprintable():
        return text if is_visible(text) else ""
    text = _LINE_END.sub(lambda found: _LINE_ENDS.get(found[0], "\n"), text)
    text = _REMOVED.sub("", _SEPARATOR.sub(" ", _SURROGATE.sub("\ufffd", text)))
    if not text.isascii():
        text = _composed(text)
    return text if is_visible(text) else ""


def one_line(text: str) -> str:
    """The same as one line with single spaces."""
    return " ".join(normal(text).split())


def is_visible(text: str) -> bool:
    """Whether there is something to see in a text: spaces and marks alone are nothing."""
    return any(unicodedata.category(sign) not in _NOT_SEEN and sign not in _FILLERS for sign in text)


def without_unseen(text: str) -> str:
    """The text without what stands in a word and is not seen: soft hyphens, joiners, spaces without width."""
    return _UNSEEN.sub("", text)


def for_yaml(text: str) -> str:
    """A text that parsers of YAML take: what parts words is a space there, a NUL is left for them to refuse."""
    return _REFUSED_BY_YAML.sub("", _PARTING.sub(" ", text))


def normal_values(value: Any) -> Any:
    """Plain data with all its texts, names included, as `normal()` gives them."""
    if isinstance(value, str):
        return normal(value)
    if isinstance(value, dict):
        return {normal_values(name): normal_values(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [normal_values(entry) for entry in value]
    return value


def _composed(text: str) -> str:
    text = _MANY_SIGNS.sub(_fewer_marks, text)
    if _OVERLAY not in text:
        return unicodedata.normalize("NFC", text)
    parts = (unicodedata.normalize("NFC", part) for part in _BRACKET.split(text))
    return "".join(part.lstrip(_OVERLAY) for part in parts)


def _fewer_marks(found: re.Match[str]) -> str:
    kept, marks = [], 0
    for sign in found[0]:
        marks = marks + len(unicodedata.normalize("NFD", sign)) if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)
