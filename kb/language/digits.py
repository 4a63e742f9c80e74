"""Numbers that stand in groups of digits: what is written apart ("114 14") is typed together ("11414")."""

import re
from collections.abc import Iterator

LONGEST_NUMBER = 15  # digits: no telephone number has more
# "070-174 06 05", "08/508 000 00", "48 250", "1.500": groups of digits that people write apart and type together.
# It begins with a digit, not with what stands before: so a text without digits is passed over at once.
_GROUPS = re.compile(
    r"\d(?<![\w.:,]\d)\d{0,14}(?:(?:[ \u00a0\u2009\u202f/-]|\.(?=\d\d))\d{1,14}){1,14}(?![\w:])"
)
_DIGITS = re.compile(r"\d+")


def find_numbers(text: str) -> list[str]:
    """The numbers that neighbouring groups of digits make together: what is written apart is typed together.

    >>> find_numbers("Ring 114 14 eller 070-174 06"), find_numbers("48 250 kronor"), find_numbers("112, 113 13")
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
