"""A search carried out: from what is asked for to the documents of the index, in the order that is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.library.core.indexable import seen_items
from kb.search.engine.indexer import Indexer
from kb.search.engine.manifest import IndexUnavailable
from kb.search.engine.snapshot import Ranked, Snapshot
from kb.search.finding import weights
from kb.search.finding.correction import corrected
from kb.search.finding.query import Query, normal_query, parse
from kb.search.finding.ranking import (
    Filters,
    Ranking,
    everything,
    find_promoted,
    newest_first,
    put_first,
    rank,
)
from kb.search.finding.settled import Settled, load_settled
from kb.search.finding.synonyms import Synonyms

PER_PAGE = 20
RELEVANCE, REVIEWED = "relevans", "granskad"
PICKED, ACUTE = "utvald", "akut"


@dataclass(frozen=True)
class SearchRequest:
    """What is asked for. `chosen` are filters by the name of their facet.

    Values of one facet are alternatives, facets narrow each other. `verbatim`: nothing is corrected.
    """

    query: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = RELEVANCE
    page: int = 1
    per_page: int = PER_PAGE
    verbatim: bool = False


@dataclass(frozen=True)
class Found:
    """What a search found: all documents in order, and what they were found by.

    `corrected` is the query as it was probably meant; it was searched for, unless the request was verbatim.
    """

    snapshot: Snapshot
    query: Query
    filters: Filters
    ranking: Ranking
    order: Sequence[Ranked]
    corrected: str

    def first_marks(self) -> dict[Ranked, str]:
        """Why the first hits stand first; empty in an order that knows nothing of it."""
        if self.order is not self.ranking.ranked:
            return {}
        first = self.ranking.ranked[: self.ranking.promoted]
        return {one: PICKED if place < self.ranking.picked else ACUTE for place, one in enumerate(first)}

    def stored(self, start: int, end: int) -> dict[Ranked, dict[str, Any]]:
        """What the index holds of the hits between two places."""
        return {one: self.snapshot.leaves[one[1]].stored(one[2]) for one in self.order[start:end]}


def find(indexer: Indexer, session: Session, viewer: Viewer, request: SearchRequest) -> Found:
    """Find what the viewer may see. Raises `IndexUnavailable`."""
    settled = load_settled(session)
    snapshot = current_snapshot(indexer)
    filters = Filters(seen_items(session, viewer), request.chosen)
    query = parse(request.query, settled.synonyms)
    ranking = _rank(snapshot, query, filters)
    better = corrected(snapshot, query, filters)
    if better and not request.verbatim:
        query, ranking, better = _as_meant(
            snapshot, filters, query, ranking, better=better, synonyms=settled.synonyms
        )
    ranking = _with_picked(snapshot, ranking, query, filters, settled)
    by_day = request.sort == REVIEWED or query.is_empty
    order = newest_first(snapshot, ranking) if by_day else ranking.ranked
    return Found(snapshot, query, filters, ranking, order, better)


def current_snapshot(indexer: Indexer) -> Snapshot:
    """The index as it is now; while it is being mended, what this thread read last. Raises `IndexUnavailable`."""
    try:
        return indexer.store.snapshot()
    except IndexUnavailable as error:
        indexer.heal(error.reason)
    try:
        return indexer.store.snapshot()
    except IndexUnavailable:
        last = indexer.store.last_snapshot()
        if last is None:
            raise
        return last


def _rank(snapshot: Snapshot, query: Query, filters: Filters) -> Ranking:
    if query.is_empty:
        return everything(snapshot, filters) if filters.chosen and not query.text else Ranking([], [])
    return rank(snapshot, query, filters, clock.today())


def _as_meant(
    snapshot: Snapshot, filters: Filters, query: Query, ranking: Ranking, *, better: str, synonyms: Synonyms
) -> tuple[Query, Ranking, str]:
    """The query as it was meant, under the text that was typed; as it was when that finds nothing more."""
    meant = replace(parse(better, synonyms), text=query.text, was_cut=query.was_cut)
    found = _rank(snapshot, meant, filters)
    return (meant, found, better) if any(found.matched) else (query, ranking, "")


def _with_picked(
    snapshot: Snapshot, ranking: Ranking, query: Query, filters: Filters, settled: Settled
) -> Ranking:
    """The ranking with the texts first that editors chose for just this query."""
    chosen = settled.promoted.get(normal_query(query.text), ())
    picked = find_promoted(snapshot, chosen[: weights.MOST_PROMOTED], filters)
    return put_first(snapshot, ranking, picked, filters) if picked else ranking
