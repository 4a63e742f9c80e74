"""The synonyms that are shipped: those of the glossary and of `kb/starter/synonymer.csv`, each added once."""

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.search.finding.searching import touch
from kb.search.finding.wordlists import KIND_HINTS, PHASE_HINTS, STOP_WORDS
from kb.search.models import SearchSetting, Synonym

SHIPPED = "shipped synonyms"
SHIPPED_VERSION = 2  # raise this when rows are added, with the number in their column `since`
STARTER = Path(__file__).resolve().parents[2] / "starter"


def ensure_synonyms(session: Session) -> None:
    """Add the shipped synonyms that are new since last time; what editors took away stays away."""
    setting = session.get(SearchSetting, SHIPPED)
    before = setting.value if setting else 0
    if before >= SHIPPED_VERSION:
        return
    known = {(row.typed.lower(), row.target.lower()) for row in session.scalars(select(Synonym))}
    for since, typed, target in shipped_rows():
        if since > before and (typed.lower(), target.lower()) not in known:
            known.add((typed.lower(), target.lower()))
            session.add(Synonym(typed=typed, target=target, created_by="Rådrum"))
    session.merge(SearchSetting(name=SHIPPED, value=SHIPPED_VERSION))
    touch(session)


@lru_cache(maxsize=1)
def shipped_rows() -> list[tuple[int, str, str]]:
    """(version, typed, target) of what we ship: the glossary, short names in both directions, and `synonymer.csv`."""
    rows = [(1, typed, target) for typed, target in _glossary_rows()]
    with (STARTER / "synonymer.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            rows += [(int(row["since"]), typed, row["target"]) for typed in row["typed"].split("|")]
    return rows


def _glossary_rows() -> Iterator[tuple[str, str]]:
    """Typed → term; a short name stands for its long one too. Names of phases and kinds are hints, not synonyms."""
    with (STARTER / "glossary.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            term = row["term"]
            if term in PHASE_HINTS or term in KIND_HINTS or term in ("fall", "genast"):
                continue
            for typed in filter(None, map(str.strip, row["expansion_or_synonyms"].split("|"))):
                if typed not in STOP_WORDS and typed not in KIND_HINTS and typed not in PHASE_HINTS:
                    yield typed, term
                if is_short_for(term, typed):
                    yield term, typed


def is_short_for(short: str, long: str) -> bool:
    """Whether a name is made of the first letters of another (IVO, SiS, HVB, IFO)."""
    if not 2 <= len(short) <= 6 or not any(letter.isupper() for letter in short[1:]):
        return False
    letters = iter(long.lower())
    first = long[:1].lower() == short[:1].lower()
    return first and len(long) > 2 * len(short) and all(letter in letters for letter in short.lower())
