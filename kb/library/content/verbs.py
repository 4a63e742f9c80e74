"""What a step begins with: an imperative that we keep in a list, or a condition ("Om …")."""

import re
from functools import lru_cache
from pathlib import Path

WORDS = Path(__file__).resolve().parent / "data" / "imperatives.txt"
_FIRST = re.compile(r"[\"”(]*([^\W\d_]+)")
_CONDITION = "om"


@lru_cache(maxsize=1)
def imperatives() -> frozenset[str]:
    """The words that a step may begin with."""
    return frozenset(WORDS.read_text(encoding="utf-8").split("\n")[:-1])


def begins_with_a_verb(text: str) -> bool:
    """Whether a step begins with one of the kept imperatives, or with a condition ("Om …")."""
    found = _FIRST.match(text)
    word = found[1].casefold() if found else ""
    return word == _CONDITION or word in imperatives()
