"""What the lint knows beforehand: imperatives, statutes, telephone numbers, names that are no hard words."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from kb.language.terms import Vocabulary
from kb.library.intake.starter import STARTER, glossary_rows

DATA = Path(__file__).resolve().parent / "data"
_FORMER = "tidigare"  # an earlier statute: named in texts about its time, no provision of ours


@lru_cache(maxsize=1)
def telephone_numbers() -> frozenset[str]:
    """The numbers that may stand in a text, as digits."""
    rows = [*_yaml(DATA / "telephone_numbers.yaml"), *_yaml(STARTER / "numbers.yaml")]
    return frozenset(digits(row["number"]) for row in rows)


def digits(number: str) -> str:
    """A number without spaces and signs, with 0 for the Swedish country code."""
    return re.sub(r"^(?:0046|46(?=\d{8}))", "0", re.sub(r"\D", "", number.replace("+46", "0046")))


@lru_cache(maxsize=1)
def statute_terms() -> Vocabulary[str]:
    """Finds the names of statutes in a text ("SoL 27 kap. 2 §"); the key is the name that a provision has.

    What else is known of a statute: `kb.library.content.lawtexts.statutes()`. When code below
    the lint comes to need this (a facet, say), it moves to `kb.library.content`.
    """
    laws = _yaml(DATA / "statutes.yaml")
    names = [(title, name) for title, others in laws.items() for name in (title, *others)]
    return Vocabulary([*names, (_FORMER, "gamla socialtjänstlagen"), (_FORMER, "tidigare socialtjänstlagen")])


def is_former(statute: str) -> bool:
    """Whether a key of `statute_terms()` is an earlier statute."""
    return statute == _FORMER


@lru_cache(maxsize=1)
def easy_names() -> Vocabulary[str]:
    """Finds what counts as short words in LIX: terms of the glossary, names of laws and authorities."""
    terms = [row["term"] for row in glossary_rows()]
    laws = [name for names in _yaml(DATA / "statutes.yaml").values() for name in names]
    return Vocabulary((name, name) for name in (*terms, *laws, *_lines("names.txt")))


def _lines(name: str) -> list[str]:
    return (DATA / name).read_text(encoding="utf-8").split("\n")[:-1]


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
