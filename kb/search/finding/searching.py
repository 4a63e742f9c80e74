"""A search carried out: from what is asked for to the documents of the index, in the order that is asked for.

What editors settle for it (synonyms, promoted answers) is kept in each process until the state row changes.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.cache import SHARED
from kb.language.analysis import term_of
from kb.language.compounds import head_of
from kb.library.core.indexable import Seen, seen_items
from kb.search.engine.indexer import Indexer
from kb.search.engine.manifest import IndexUnavailable
from kb.search.engine.schema import ASKED
from kb.search.engine.snapshot import Ranked, Snapshot
from kb.search.finding import operators, weights
from kb.search.finding.correction import corrected
from kb.search.finding.excluding import exclude
from kb.search.finding.merging import merged_query, merged_ranking
from kb.search.finding.operators import Alternative, Asked
from kb.search.finding.query import Form, Query, Wanted, normal_query, parse
from kb.search.finding.ranking import (
    Filters,
    Ranking,
    everything,
    find_promoted,
    lifted_mask,
    newest_first,
    phrases_of,
    put_first,
    rank,
    visible_masks,
)
from kb.search.finding.rarity import SeenSnapshot, weigh_synonyms
from kb.search.finding.scoring import best_of, docs_of, holds_any
from kb.search.finding.synonyms import Synonyms, make_synonyms
from kb.search.models import PromotedAnswer, SearchSetting, Synonym

PER_PAGE = 20
RELEVANCE, REVIEWED = "relevans", "granskad"
PICKED, ACUTE = "utvald", "akut"
NAME = "synonyms"
_STATE = "SELECT value FROM search_setting WHERE name = 'synonyms'"
T = TypeVar("T")


@dataclass(frozen=True)
class SearchRequest:
    """What is asked for. `chosen` are filters by the name of their facet.

    Values of one facet are alternatives, facets narrow each other. `verbatim`: nothing is corrected.
    `is_plain`: nothing is an operator. `lifted` are the topics of what goes on where the viewer works;
    `unlifted`: nothing shall be lifted.
    """

    query: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = RELEVANCE
    page: int = 1
    per_page: int = PER_PAGE
    verbatim: bool = False
    is_plain: bool = False
    lifted: tuple[str, ...] = ()
    unlifted: bool = False


@dataclass(frozen=True)
class Found:
    """What a search found: the documents in order, at least as far as was asked for, and what they were found by.

    `corrected` is the query as it was probably meant; it was searched for, unless the request was verbatim.
    """

    snapshot: Snapshot
    query: Query
    filters: Filters
    ranking: Ranking
    order: Sequence[Ranked]
    corrected: str
    asked: Asked

    def first_marks(self) -> dict[Ranked, str]:
        """Why the first hits stand first; empty in an order that knows nothing of it."""
        if self.order is not self.ranking.ranked:
            return {}
        first = self.ranking.ranked[: self.ranking.promoted]
        return {one: PICKED if place < self.ranking.picked else ACUTE for place, one in enumerate(first)}

    @property
    def is_lifted(self) -> bool:
        """Whether texts stand higher for what goes on where the viewer works."""
        leaves = zip(self.snapshot.leaves, self.ranking.matched, strict=False)
        return any(lifted_mask(leaf, self.filters.lifted) & mask for leaf, mask in leaves)

    def stored(self, start: int, end: int) -> dict[Ranked, dict[str, Any]]:
        """What the index holds of the hits between two places."""
        return {one: self.snapshot.leaves[one[1]].stored(one[2]) for one in self.order[start:end]}


def find(indexer: Indexer, session: Session, viewer: Viewer, request: SearchRequest) -> Found:
    """Find what the viewer may see. Raises `IndexUnavailable`."""
    settled = load_settled(session)
    snapshot = current_snapshot(indexer)
    asked = operators.plain(request.query) if request.is_plain else operators.read(request.query)
    seen = seen_items(session, viewer)
    lifted = () if request.lifted and _is_named(snapshot, seen, asked) else request.lifted
    filters = Filters(seen, request.chosen, exclude(asked.without), lifted)
    chosen = _promoted(settled, asked)
    by_day = request.sort == REVIEWED
    first = None if by_day or chosen else max(1, request.page) * request.per_page
    search = _Search(snapshot, filters, settled.synonyms, first, request.verbatim)
    query, ranking, better = _together(
        snapshot, filters, asked, [search.find(one) for one in asked.alternatives]
    )
    picked = find_promoted(snapshot, chosen[: weights.MOST_PROMOTED], filters)
    if picked:
        ranking = put_first(snapshot, ranking, picked, filters)
    order = newest_first(snapshot, ranking) if by_day or query.is_empty else ranking.ranked
    return Found(snapshot, query, filters, ranking, order, better, asked)


def _is_named(snapshot: Snapshot, seen: Seen, asked: Asked) -> bool:
    """Whether a kind is asked for (a template, a story) or a text by its title: that is wanted, whatever goes on."""
    queries = [parse(one.text) for one in asked.alternatives]
    return any(query.kind_hints or _is_title(snapshot, seen, query.terms) for query in queries)


def _is_title(snapshot: Snapshot, seen: Seen, terms: frozenset[str]) -> bool:
    """Whether these are the words of a title that is seen."""
    for leaf, mask in zip(snapshot.leaves, visible_masks(snapshot, seen), strict=True):
        for term in terms:
            mask &= leaf.mask(ASKED, term)
        if terms and any(phrases_of(leaf, doc)[0] == terms for doc in docs_of(mask)):
            return True
    return False


def put_on_top(ranking: Ranking, best: Ranked) -> Ranking:
    """The ranking with one of its documents first, marked as nothing else."""
    rest = [one for one in ranking.ranked if one[1:] != best[1:]]
    acute = {one[1:] for one in ranking.ranked[: ranking.promoted]}
    promoted = ranking.promoted if best[1:] in acute else 0
    return replace(ranking, ranked=[best, *rest], promoted=promoted)


def _promoted(settled: "Settled", asked: Asked) -> list[int]:
    """What editors put first for this query, or for one of its alternatives; never for one that demands words."""
    chosen = [
        settled.promoted.get(normal_query(one.text), ())
        for one in asked.alternatives
        if not (one.is_all or one.required)
    ]
    return list(dict.fromkeys(chain(*chosen)))


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


class _Result(NamedTuple):
    """What one alternative of a query found, and what it was corrected to."""

    query: Query
    ranking: Ranking
    better: str


@dataclass(frozen=True)
class _Search:
    """What all alternatives of a query are looked for with."""

    snapshot: Snapshot
    filters: Filters
    synonyms: Synonyms
    first: int | None
    verbatim: bool

    def find(self, one: Alternative) -> _Result:
        """As typed, or as it was probably meant when that finds something; a result is never emptied by it."""
        query = self._parse(one.text, one)
        better = corrected(self.snapshot, query, self.filters, self.synonyms)
        query = with_heads(self.snapshot, query, self.filters)
        typed = _Result(query, self._rank(query, self.filters), "")
        if not better:
            return typed
        meant = replace(self._parse(better, one), text=query.text, was_cut=query.was_cut)
        meant = with_heads(self.snapshot, meant, self.filters)
        ranking = self._rank(meant, self.filters)
        is_found = any(ranking.matched) and (ranking.total or not typed.ranking.total)
        if not (is_found or self._finds(meant)):
            return typed
        return typed._replace(better=better) if self.verbatim else _Result(meant, ranking, better)

    def _finds(self, query: Query) -> bool:
        """Whether it would find something if nothing were left out: what is left out changes no correction."""
        if not self.filters.without:
            return False
        return any(self._rank(query, replace(self.filters, without=())).matched)

    def _parse(self, text: str, one: Alternative) -> Query:
        seen = SeenSnapshot(self.snapshot, visible_masks(self.snapshot, self.filters.seen))
        query = weigh_synonyms(seen, parse(text, self.synonyms))
        if not (one.is_all or one.required):
            return query
        words = {wanted.word for wanted in query.wanted}
        if not one.is_all:
            words &= {wanted.word for word in one.required for wanted in parse(word).wanted}
        return replace(query, required=frozenset(words))

    def _rank(self, query: Query, filters: Filters) -> Ranking:
        if query.is_empty:
            lists_all = filters.chosen and not query.text
            return everything(self.snapshot, filters) if lists_all else Ranking([], [])
        ranking = rank(self.snapshot, query, filters, clock.today(), first=self.first)
        return self._best_stays(query, filters, ranking) if filters.lifted and ranking.ranked else ranking

    def _best_stays(self, query: Query, filters: Filters, lifted: Ranking) -> Ranking:
        """The ranking with what the query names still first: no text without all its words in a title passes that."""
        plain = rank(self.snapshot, query, replace(filters, lifted=()), clock.today(), first=self.first)
        best = plain.ranked[0]
        if lifted.ranked[0][1:] == best[1:] or not self._holds(query, best):
            return lifted
        return lifted if self._holds(query, lifted.ranked[0]) else put_on_top(lifted, best)

    def _holds(self, query: Query, one: Ranked) -> bool:
        """Whether a title, label or wording of a document holds all words of the query."""
        _, leaf, doc = one
        return any(query.terms <= phrase for phrase in phrases_of(self.snapshot.leaves[leaf], doc))


def with_heads(snapshot: Snapshot, query: Query, filters: Filters) -> Query:
    """The query with the heads of the words that no visible text answers; quoted ones stay as they are."""
    masks = visible_masks(snapshot, filters.seen)
    quoted = query.quoted
    wanted = tuple(one if one.word in quoted else _with_head(snapshot, one, masks) for one in query.wanted)
    return query if wanted == query.wanted else replace(query, wanted=wanted)


def _with_head(snapshot: Snapshot, wanted: Wanted, masks: Sequence[int]) -> Wanted:
    leaves = zip(snapshot.leaves, masks, strict=True)
    if any(holds_any(leaf, wanted.forms, mask) for leaf, mask in leaves):
        return wanted
    head = head_of(wanted.word)
    if not head:
        return wanted
    term = term_of(head)
    forms = (
        Form("stem", term, weights.HEAD, is_itself=False),
        Form("part", term, weights.HEAD * weights.PART, is_itself=False),
    )
    with_head = replace(wanted, forms=(*wanted.forms, *forms))
    return with_head if _is_at_home(snapshot, with_head, masks) else wanted


def _is_at_home(snapshot: Snapshot, wanted: Wanted, masks: Sequence[int]) -> bool:
    """Whether the head is what this library is about: the results of fotbollsresultat are no subject of it."""
    leaves = zip(snapshot.leaves, masks, strict=True)
    count = sum((best_of(leaf, wanted).mask & mask).bit_count() for leaf, mask in leaves)
    return count >= weights.HEAD_SHARE * sum(mask.bit_count() for mask in masks)


def _together(snapshot: Snapshot, filters: Filters, asked: Asked, found: Sequence[_Result]) -> _Result:
    """What the alternatives found, as one: a text scores what the best of them gives it."""
    better = ""
    if any(one.better for one in found):
        better = operators.written(asked, [one.better or one.query.text for one in found])
    query = replace(merged_query([one.query for one in found]), text=asked.text, was_cut=asked.was_cut)
    return _Result(query, merged_ranking(snapshot, filters, [one.ranking for one in found]), better)


class Settled(NamedTuple):
    """The synonyms, and normalised query → its promoted items in order, whoever may see them."""

    synonyms: Synonyms
    promoted: Mapping[str, Sequence[int]]


def load_settled(session: Session) -> Settled:
    """What is settled now; from memory while nothing has changed."""
    return settled(session, "all", read_state(session), _read)


def touch(session: Session) -> None:
    """Say that synonyms or promoted answers changed, so that every process reads them anew at its next search."""
    session.merge(SearchSetting(name=NAME, value=secrets.randbelow(2**31)))
    session.flush()


def read_state(session: Session) -> int | None:
    """The state in the snapshot of the session; None before anything was settled."""
    state: int | None = session.connection().exec_driver_sql(_STATE).scalar()
    return state


def settled(session: Session, name: str, state: int | None, read: Callable[[Session], T]) -> T:
    """What `read` gives in this state, which was read in the same session; read each time while there is none."""
    if state is None:
        return read(session)
    return SHARED.take(("settled", name), state, lambda: read(session))


def _read(session: Session) -> Settled:
    return Settled(_read_synonyms(session), _read_promoted(session))


def _read_synonyms(session: Session) -> Synonyms:
    rows = session.execute(select(Synonym.typed, Synonym.target).order_by(Synonym.id))
    return make_synonyms((typed, target) for typed, target in rows)


def _read_promoted(session: Session) -> dict[str, list[int]]:
    rows = select(PromotedAnswer.query, PromotedAnswer.item_id)
    found: dict[str, list[int]] = defaultdict(list)
    for query, item_id in session.execute(rows.order_by(PromotedAnswer.position, PromotedAnswer.id)):
        found[query].append(item_id)
    return dict(found)
