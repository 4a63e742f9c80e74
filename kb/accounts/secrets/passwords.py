"""Passwords: which ones do, and how they are stored (argon2id)."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from kb.errors import Invalid

SHORTEST = 12
LONGEST = 200
DATA = Path(__file__).parent / "data"
COMMON = ("common_passwords.txt", "common_passwords_zxcvbn.txt")

# 46 MiB and three passes take about 100 ms on the machine this was measured on (2 cores of 2026); twice OWASP's minimum
# in memory and three times in passes. Old hashes are renewed at the next sign-in.
_HASHER = PasswordHasher(time_cost=3, memory_cost=47_104, parallelism=1)
# Nobody's password: checked where there is no account, so that the answer takes as long.
_DUMMY = "$argon2id$v=19$m=47104,t=3,p=1$xwMWjluMCDe5dvmgNMbvSQ$TiQf1/eGbAyp9twtaUyiZqpkK/LA5PrEnQMWy2e5VHE"
_ROOM = BoundedSemaphore(4)  # each takes 46 MiB and a core; more at once are slower for everybody
_LOOKALIKES = str.maketrans("@430$5!17", "aaeossiit")
_WORD_PARTS = re.compile(r"[\W_]+")
_FEW_CHARACTERS = 4
_OWN_NAME = ("Rådrum",)
_SHORTEST_WORD = 3
_LEFT_OVER = 6  # characters that have to be there besides one's own names


def check(password: str, *, email: str = "", name: str = "", organisation: Iterable[str] = ()) -> None:
    """Raise `Invalid` for the field `password` when it is too short, too long or too easy to guess.

    `organisation` are names that everybody here knows, such as those of the units.
    """
    if len(password) < SHORTEST:
        raise Invalid("password", f"Lösenordet är för kort. Använd minst {SHORTEST} tecken, gärna flera ord.")
    if len(password) > LONGEST:
        raise Invalid("password", f"Lösenordet är för långt. Använd högst {LONGEST} tecken.")
    if is_common(password):
        raise Invalid(
            "password", "Lösenordet är för vanligt och lätt att gissa. Välj några ord som inte hör ihop."
        )
    if _is_near(password, [name, *email.split("@"), *_OWN_NAME, *organisation]):
        raise Invalid(
            "password",
            "Lösenordet liknar ditt namn, din e-postadress eller namnet på er organisation. Välj något annat.",
        )


def is_common(password: str) -> bool:
    """Whether the password, with or without its digits and odd signs, is on the list or a mere pattern."""
    folded = _folded(password)
    if len(set(folded)) <= _FEW_CHARACTERS or _is_sequence(folded):
        return True
    if not any(sign.isalpha() for sign in folded):  # dates, telephone and identity numbers
        return True
    return any(_half(form) in _common() for form in _forms(folded))


def hash_password(password: str) -> str:
    """The hash to store."""
    with _ROOM:
        return _HASHER.hash(_normal(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long when there is no account behind (`stored` None)."""
    possible = stored is not None and len(password) <= LONGEST
    right = _fits(stored if stored and possible else _DUMMY, password[:LONGEST])
    if stored and possible and is_outdated(stored):
        _fits(_DUMMY, "")  # an older hash is checked faster, and would tell that there is an account
    return right and possible


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def _fits(stored: str, password: str) -> bool:
    try:
        with _ROOM:
            return _HASHER.verify(stored, _normal(password))
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _common() -> frozenset[str]:
    lines = [line for name in COMMON for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    return frozenset(_folded(line) for line in lines if line.strip() and not line.startswith("# "))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _folded(password: str) -> str:
    return _normal(password).casefold().strip()


def _forms(folded: str) -> set[str]:
    """The password in the spellings that are looked up: as it is, without its digits, without tricks."""
    plain = _WORD_PARTS.sub("", folded)
    bare = {folded, plain, re.sub(r"[\d\W_]+$", "", folded), re.sub(r"^[\d\W_]+|[\d\W_]+$", "", folded)}
    bare |= {re.sub(r"\d+$", "", plain), re.sub(r"^\d+|\d+$", "", plain)}
    return bare | {form.translate(_LOOKALIKES) for form in bare}


def _half(form: str) -> str:
    """The word behind a doubled one ("sommarsommar")."""
    middle = len(form) // 2
    return form[:middle] if form and form[:middle] == form[middle:] else form


def _is_sequence(folded: str) -> bool:
    """Whether the signs simply follow each other, as in "abcdefghijkl" and "987654321098"."""
    steps = {
        (ord(b) - ord(a)) % 10 if a.isdigit() and b.isdigit() else ord(b) - ord(a)
        for a, b in pairwise(folded)
    }
    return len(steps) == 1


def _is_near(password: str, names: Iterable[str]) -> bool:
    """Whether little, or only a common word, is left of the password when these names are taken out of it."""
    words = {_bare(part) for name in names for part in (name, *_WORD_PARTS.split(name))}
    longest_first = sorted((word for word in words if len(word) >= _SHORTEST_WORD), key=len, reverse=True)
    for spelled in (_bare(password), _bare(_folded(password).translate(_LOOKALIKES))):
        left = spelled
        for word in longest_first:
            left = left.replace(word, "")
        if left != spelled and (len(left.strip("0123456789")) < _LEFT_OVER or is_common(left)):
            return True
    return False


def _bare(text: str) -> str:
    """Letters and digits alone, without case and accents."""
    parts = unicodedata.normalize("NFKD", _folded(text))
    return "".join(sign for sign in parts if sign.isalnum())
