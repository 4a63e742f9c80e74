"""Sections of Swedish laws in a text, in one way of writing: "27 kap. 5 §" and "27:5" are both "27:5"."""

import re
from collections.abc import Iterator
from itertools import islice

# "27 kap. 5 §", "6 kap. 6 a §", "14 kap. 2, 3 och 4 §§": what stands between the chapter and the sign.
_CHAPTER = re.compile(r"\b(\d{1,3}) kap\.? ((?:\d{1,3}(?: [a-z])?\b(?:, | och | samt |[–-])?){1,12}) ?§{1,2}")
_SHORT = re.compile(r"(?<![\d.:])(\d{1,3}):(\d{1,3})(?: ?([a-z])\b)?(?![\d:])")  # "27:5", "6:6 a"
_COLON = re.compile(r":\d")
_SECTION = re.compile(r"(\d{1,3})(?: ([a-z])\b)?")


def find_sections(text: str) -> list[str]:
    """The sections of laws that a text names, in one way of writing, with and without their letter.

    >>> find_sections("Enligt 27 kap. 5 § och 6:6 a AML")
    ['27:5', '6:6a', '6:6']
    """
    found: list[str] = []
    for chapter, listed in _CHAPTER.findall(text) if "§" in text and " kap" in text else ():
        for number, letter in _SECTION.findall(listed):
            found += _with_and_without(f"{chapter}:{number}", letter)
    for match in _shorts(text):
        found += _with_and_without(f"{match[1]}:{match[2]}", match[3])
    return found


def locate_sections(text: str) -> Iterator[tuple[int, int, str]]:
    """Where sections of laws are named in a text: start, end, section."""
    for pattern in (_CHAPTER, _SHORT):
        for match in pattern.finditer(text):
            for section in find_sections(match[0]):
                yield match.start(), match.end(), section


def take_sections(text: str) -> tuple[str, list[str]]:
    """A query without the sections that it names, and these; "27 kap. 5 §" becomes "27:5"."""
    found = find_sections(text)
    if not found:
        return text, []
    return _SHORT.sub(" ", _CHAPTER.sub(" ", text)).replace("§", " "), found


def _shorts(text: str) -> Iterator[re.Match[str]]:
    """Where sections stand as "27:5": tried at colons only, which is far cheaper than everywhere."""
    for colon in _COLON.finditer(text):
        place = colon.start()
        tries = (_SHORT.match(text, start) for start in range(max(0, place - 3), place))
        yield from islice(filter(None, tries), 1)


def _with_and_without(section: str, letter: str | None) -> list[str]:
    return [section + letter, section] if letter else [section]
