"""How much of the library a synonym opens: one that opens most of it says nothing.

What is read as the word that it stands for (threat, hot) opens what that does: it is no wider than it helps.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.search.engine.snapshot import Snapshot
from kb.search.finding.query import Wanted, parse
from kb.search.finding.rarity import is_foreign, is_wide, weigh_synonyms
from kb.search.finding.scoring import best_of
from kb.search.finding.synonyms import make_synonyms


@dataclass(frozen=True)
class Reach:
    """How many texts of so many something finds."""

    found: int
    of: int

    @property
    def is_wide(self) -> bool:
        """Whether that is more than a synonym helps by."""
        return is_wide(self.found, self.of)


def reach_of(snapshot: Snapshot, typed: str, target: str) -> Reach:
    """What a synonym finds beside the word itself, whoever may see it; nothing of what is read as its target."""
    query = weigh_synonyms(snapshot, parse(typed, make_synonyms([(typed, target)])))
    for one in query.wanted:
        forms = tuple(form for form in one.forms if form.instead)
        if forms and not is_foreign(snapshot, one):
            masks = (best_of(leaf, Wanted(typed, forms)).mask & leaf.live for leaf in snapshot.leaves)
            return Reach(sum(mask.bit_count() for mask in masks), snapshot.documents)
    return Reach(0, snapshot.documents)


def wide_synonyms(
    snapshot: Snapshot, rows: Iterable[tuple[str, str, str]]
) -> list[tuple[Reach, str, str, str]]:
    """Of (typed, target, note) those that open too much, the widest first."""
    reached = [(reach_of(snapshot, typed, target), typed, target, note) for typed, target, note in rows]
    return sorted((one for one in reached if one[0].is_wide), key=lambda one: (-one[0].found, one[1:]))
