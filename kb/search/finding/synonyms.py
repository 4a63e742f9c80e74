"""Synonyms: typed word → standard term, at query time. Read once a process and again when the state row changes."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.language.analysis import term_of
from kb.language.words import normalise, query_words
from kb.search.finding.wordlists import KIND_HINTS, PHASE_HINTS, STOP_WORDS
from kb.search.models import SearchSetting, Synonym
from kb.search.state import Kept, read_state, touch

SHIPPED = "shipped synonyms"
SHIPPED_VERSION = 1  # raise this when rows are added, with the number in their column `since`
STARTER = Path(__file__).resolve().parents[2] / "starter"
LONGEST = 6
MOST_TARGETS = 8
Words = tuple[str, ...]


@dataclass(frozen=True)
class Synonyms:
    """The table, ready for queries: the stems of what is typed → the words of what it stands for."""

    targets: Mapping[Words, tuple[Words, ...]] = field(default_factory=dict)
    longest: int = 0

    def find(
        self, words: Sequence[str], content: Sequence[str]
    ) -> Iterator[tuple[int, int, tuple[Words, ...]]]:
        """Where something typed stands in the words of a query, the longest first, and what it stands for."""
        stems = [term_of(word) for word in words]
        taken: set[int] = set()
        for size in range(min(self.longest, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                places = range(start, start + size)
                targets = self.targets.get(tuple(stems[start : start + size]))
                if targets and not taken & set(places) and any(words[place] in content for place in places):
                    taken.update(places)
                    yield start, start + size, targets


NONE = Synonyms()


def load_synonyms(session: Session, state: int | None = None) -> Synonyms:
    """The synonyms as they are now; from memory while nothing has changed. `state`: as read before, if it was."""
    return _kept.take(session, read_state(session) if state is None else state)


def make_synonyms(rows: Iterable[tuple[str, str]]) -> Synonyms:
    """From (typed, target) as written to what queries need."""
    targets: dict[Words, list[Words]] = {}
    for typed, target in rows:
        key = tuple(term_of(word) for word in query_words(normalise(typed))[:LONGEST])
        words = _content(target)
        if key and words and tuple(term_of(word) for word in words) != key:
            known = targets.setdefault(key, [])
            if words not in known and len(known) < MOST_TARGETS:
                known.append(words)
    longest = max(map(len, targets), default=0)
    return Synonyms({key: tuple(found) for key, found in targets.items()}, longest)


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


def _content(target: str) -> Words:
    words = query_words(normalise(target))
    return tuple(dict.fromkeys(word for word in words if word not in STOP_WORDS)) or tuple(words)


def _read(session: Session) -> Synonyms:
    rows = session.execute(select(Synonym.typed, Synonym.target).order_by(Synonym.id))
    return make_synonyms((typed, target) for typed, target in rows)


_kept = Kept(_read)
