"""Numbers that point out a person: Swedish identity numbers and telephone numbers in running text.

A guard that warns, so it takes what is mistyped too: only where a telephone number or a point in time looks
the same does the check digit decide.
"""

import re

_DASH = r"\-‐‑–−+"
_IDENTITY = re.compile(
    rf"""(?<![0-9])
    (?P<century>18|19|20)?(?P<year>[0-9]{{2}})
    (?P<inner>[\s{_DASH}./]?)(?P<month>0[1-9]|1[0-2])
    (?P=inner)(?P<day>0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])
    (?P<between>\s{{0,2}}[{_DASH}]?\s{{0,2}})
    (?P<ending>[0-9]{{2}}\s?[0-9]{{2}}|TF\s?[0-9]{{2}}|[A-ZÅÄÖ][0-9]{{3}})
    (?![0-9A-ZÅÄÖa-zåäö])""",
    re.VERBOSE,
)
_GAP = rf"[\s{_DASH[:-1]}]{{0,3}}"
_INTERNATIONAL = re.compile(
    rf"(?<![0-9])(?:\+|00)[1-9](?:{_GAP}[0-9]){{1,2}}{_GAP}(?:\(0\){_GAP})?(?:[0-9]{_GAP}){{6,11}}"
)
_DOMESTIC = re.compile(
    r"(?<![0-9./:\-–+])0[1-9][0-9]{0,2}(?:\s?[-–/‑]\s?|\s)?[0-9]{2,4}(?:\s?[0-9]{2,4}){1,3}(?![0-9]|[.:/-][0-9])"
)


def find_identity_numbers(text: str) -> list[str]:
    """The identity numbers in a text as they are written there.

    Personal and co-ordination numbers with or without century, hyphen, plus or spaces, and numbers that
    end in TF and two digits or a letter and three (given where a person has no number).
    """
    return [found[0].strip() for found in _IDENTITY.finditer(text) if _is_identity_number(found)]


def looks_like_identity_number(text: str) -> bool:
    """Whether a text holds what may be a Swedish identity number."""
    return any(_is_identity_number(found) for found in _IDENTITY.finditer(text))


def find_phones(text: str) -> list[str]:
    """What may be private telephone numbers, as they are written there; short numbers such as 112 are not."""
    abroad = [found[0].strip() for found in _INTERNATIONAL.finditer(text)]
    at_home = [found[0] for found in _DOMESTIC.finditer(text)]
    return abroad + [number for number in at_home if 8 <= sum(map(str.isdigit, number)) <= 10]


def looks_like_phone(text: str) -> bool:
    """Whether a text holds what may be a private telephone number."""
    return bool(find_phones(text))


def _is_identity_number(found: re.Match[str]) -> bool:
    ending = found["ending"].replace(" ", "")
    if not ending.isdigit() or found["between"].strip():
        return True
    like_a_phone = not found["century"] and found["year"].startswith("0")
    like_a_time = bool(found["inner"].strip())
    if like_a_phone or like_a_time:
        return _has_check_digit(found["year"] + found["month"] + found["day"] + ending)
    return True


def _has_check_digit(digits: str) -> bool:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
