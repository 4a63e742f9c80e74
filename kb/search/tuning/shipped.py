"""The synonyms that are shipped: those of the glossary and of `kb/starter/synonymer.csv`, each added once."""

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.search.finding.searching import touch
from kb.search.finding.wordlists import KIND_HINTS, PHASE_HINTS, STOP_WORDS
from kb.search.models import SearchSetting, Synonym

SHIPPED = "shipped synonyms"
SHIPPED_VERSION = (
    4  # raise this when rows are added or end, with the number in their column `since` or `until`
)
MAKER = "Rådrum"
STARTER = Path(__file__).resolve().parents[2] / "starter"


class Shipped(NamedTuple):
    """A synonym that we ship: since which version, and until which (0: it still is). `note` says what editors read."""

    since: int
    typed: str
    target: str
    until: int = 0
    note: str = ""


def ensure_synonyms(session: Session) -> None:
    """Add the shipped synonyms that are new since last time, and take away those that we ship no more.

    What editors took away stays away, and what they changed stays.
    """
    setting = session.get(SearchSetting, SHIPPED)
    before = setting.value if setting else 0
    if before >= SHIPPED_VERSION:
        return
    kept = {_key(row.typed, row.target): row for row in session.scalars(select(Synonym))}
    for shipped in all_rows():
        row = kept.get(_key(shipped.typed, shipped.target))
        if row:
            if row.created_by == MAKER and not row.note:
                _follow(session, row, shipped, before)
        elif shipped.since > before and not shipped.until:
            row = Synonym(typed=shipped.typed, target=shipped.target, note=shipped.note, created_by=MAKER)
            kept[_key(row.typed, row.target)] = row
            session.add(row)
    session.merge(SearchSetting(name=SHIPPED, value=SHIPPED_VERSION))
    touch(session)


def _follow(session: Session, row: Synonym, shipped: Shipped, before: int) -> None:
    """Bring a row that is as it was shipped to what is shipped now."""
    if shipped.until > before:
        session.delete(row)
    else:
        row.note = shipped.note


def _key(typed: str, target: str) -> tuple[str, str]:
    return typed.lower(), target.lower()


def shipped_rows() -> list[Shipped]:
    """What we ship now."""
    return [row for row in all_rows() if not row.until]


@lru_cache(maxsize=1)
def all_rows() -> list[Shipped]:
    """What we ship or once shipped: the glossary, short names in both directions, and `synonymer.csv`.

    A row with `until` takes the same one of the glossary away too.
    """
    with (STARTER / "synonymer.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Shipped(int(row["since"]), typed, row["target"], int(row["until"] or 0), row["note"])
            for row in csv.DictReader(file, delimiter=";")
            for typed in row["typed"].split("|")
        ]
    gone = {_key(row.typed, row.target) for row in rows if row.until}
    glossary = (Shipped(1, typed, target) for typed, target in _glossary_rows())
    return [*(row for row in glossary if _key(row.typed, row.target) not in gone), *rows]


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
