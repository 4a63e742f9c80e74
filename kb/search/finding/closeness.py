"""How much of a query stands in one title, label or wording of a text: "vem ringer polisen" in a label of these words.

The sum over words (`kb.search.finding.ranking`) does not see what belongs together and leaves small words out;
here they count.
"""

import sys
from collections.abc import Iterable, Sequence

from kb.search.engine.schema import ASKED
from kb.search.engine.snapshot import Leaf, Ranked, Snapshot
from kb.search.finding import weights
from kb.search.finding.query import Query

WORD = 58  # bytes of a word, beside its place in a set
Phrases = tuple[frozenset[str], ...]


def bring_near(snapshot: Snapshot, query: Query, ranked: list[Ranked]) -> list[Ranked]:
    """The ranking with the best hits in the order of their scores times how close one of their phrases is."""
    if len(query.terms) < 2:
        return ranked
    rarity = {term: snapshot.rarity(snapshot.document_frequency(ASKED, term)) for term in query.terms}
    total = sum(rarity.values())
    head = []
    for order, leaf, doc in ranked[: weights.NEAR_TOP]:
        near = _closeness(phrases_of(snapshot.leaves[leaf], doc), rarity) / total
        head.append((order * (1 + weights.NEAR_BONUS * near), leaf, doc))
    return sorted(head) + ranked[weights.NEAR_TOP :]


def phrases_of(leaf: Leaf, doc: int) -> Phrases:
    """The terms of each title, label and wording of a document."""

    def read() -> Phrases:
        return tuple(frozenset(phrase.split(" ")) for phrase in leaf.stored(doc)["asked"])

    return leaf.kept((ASKED, doc), read, _size)


def _closeness(phrases: Iterable[frozenset[str]], rarity: dict[str, float]) -> float:
    """What the words of the query that stand in one phrase say together, at most."""
    wanted = frozenset(rarity)
    shared = {phrase & wanted for phrase in phrases}
    return max((sum(map(rarity.__getitem__, words)) for words in shared), default=0.0)


def _size(phrases: Sequence[frozenset[str]]) -> int:
    return sys.getsizeof(phrases) + sum(sys.getsizeof(phrase) + WORD * len(phrase) for phrase in phrases)
