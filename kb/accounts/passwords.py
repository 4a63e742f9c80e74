"""Passwords: which ones do, and how they are stored (argon2id)."""

import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from kb.errors import Invalid

SHORTEST = 12
LONGEST = 200
COMMON = Path(__file__).parent / "data" / "common_passwords.txt"

# Nobody's password: checked where there is no account, so that the answer takes as long.
_DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$LIn6H4UVahOaUVR/tr+2KQ$FzAINErGQF2NzyZpF0x1DSq30wRG7X3rOcj0Ky67KZ0"
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_LOOKALIKES = str.maketrans("@430$5!17", "aaeossiit")
_WORD_PARTS = re.compile(r"[\W_]+")
_FEW_CHARACTERS = 4


def check(password: str, *, email: str = "", name: str = "") -> None:
    """Raise `Invalid` for the field `password` when it is too short, too long or too easy to guess."""
    if len(password) < SHORTEST:
        raise Invalid("password", f"Lösenordet är för kort. Använd minst {SHORTEST} tecken, gärna flera ord.")
    if len(password) > LONGEST:
        raise Invalid("password", f"Lösenordet är för långt. Använd högst {LONGEST} tecken.")
    if is_common(password):
        raise Invalid(
            "password", "Lösenordet är för vanligt och lätt att gissa. Välj några ord som inte hör ihop."
        )
    if _is_personal(password, email, name):
        raise Invalid("password", "Lösenordet liknar ditt namn eller din e-postadress. Välj något annat.")


def is_common(password: str) -> bool:
    """Whether the password, with or without its digits and odd signs, is on the list or a mere pattern."""
    folded = _folded(password)
    if len(set(folded)) <= _FEW_CHARACTERS or _is_sequence(folded):
        return True
    return any(_half(form) in _common() for form in _forms(folded))


def hash_password(password: str) -> str:
    """The hash to store."""
    return _HASHER.hash(_normal(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long when there is no account behind (`stored` None)."""
    possible = stored is not None and len(password) <= LONGEST
    try:
        right = _HASHER.verify(stored if stored and possible else _DUMMY, _normal(password[:LONGEST]))
    except (Argon2Error, InvalidHashError):
        return False
    return right and possible


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(_folded(line) for line in lines if line.strip() and not line.startswith("#"))


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


def _is_personal(password: str, email: str, name: str) -> bool:
    """Whether the password is the e-mail address, its first part or the name, apart from digits and signs."""
    forms = {_WORD_PARTS.sub("", form) for form in _forms(_folded(password))}
    local = email.partition("@")[0]
    own = {_WORD_PARTS.sub("", _folded(word)) for word in (email, local, name, *name.split())}
    own |= {re.sub(r"\d+$", "", word) for word in own}
    return bool(forms & {word for word in own if word})
