"""A search from request to what a page shows: hits, facets with true counts, ways on when nothing was found."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.library.content.document import AUDIENCE_NAMES, KIND_NAMES, PHASE_NAMES
from kb.library.core.indexable import list_stamps, seen_items
from kb.library.core.models.items import ContentItem
from kb.library.core.queries.cards import Card, card_query, list_cards
from kb.library.core.queries.topics import topic_names
from kb.library.core.shelf import kept, kept_each
from kb.search.engine.indexer import Indexer
from kb.search.engine.manifest import IndexUnavailable
from kb.search.engine.schema import text_of
from kb.search.engine.snapshot import Ranked, Snapshot, mask_of
from kb.search.finding.correction import corrected
from kb.search.finding.promoted import MOST, find_promoted, load_promoted, put_first
from kb.search.finding.query import Query, parse
from kb.search.finding.ranking import (
    Filters,
    Ranking,
    best_of,
    chosen_mask,
    everything,
    newest_first,
    rank,
    visible_mask,
)
from kb.search.finding.snippets import Marker, Part
from kb.search.finding.synonyms import Synonyms, load_synonyms
from kb.search.state import read_state
from kb.search.tuning.counting import normal_query

PER_PAGE = 20
RELEVANCE, REVIEWED = "relevans", "granskad"
PICKED, ACUTE = "utvald", "akut"


@dataclass(frozen=True)
class SearchRequest:
    """What is asked for; values of one group are alternatives, groups narrow each other.

    `verbatim`: nothing is corrected.
    """

    query: str = ""
    phases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    sort: str = RELEVANCE
    page: int = 1
    per_page: int = PER_PAGE
    verbatim: bool = False

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The filters by the name of their group, as in addresses and in the index."""
        groups = {"skede": self.phases, "amne": self.topics, "typ": self.kinds, "malgrupp": self.audiences}
        return {name: values for name, values in groups.items() if values}


class Current(NamedTuple):
    """An item as the database has it, and the stamp of what the index should hold of it."""

    card: Card
    stamp: str


@dataclass(frozen=True)
class Hit:
    """An item that was found. `act`: an acute checklist put first; `picked`: a promoted answer.

    `via`: what it holds instead of words of the query (a synonym, a compound), for those that it does not hold.
    """

    card: Card
    score: float
    title: list[Part]
    snippet: list[Part]
    topics: list[str]
    act: bool = False
    picked: bool = False
    via: list[str] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The slug of the item."""
        return self.card.slug

    @property
    def kind(self) -> str:
        """The kind of the item."""
        return self.card.kind

    @property
    def url(self) -> str:
        """The address of the item."""
        return self.card.path


@dataclass(frozen=True)
class FacetOption:
    """A value to filter by, with the number of hits that it would give."""

    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class FacetGroup:
    """The values of one kind of filter."""

    name: str
    legend: str
    options: list[FacetOption]


@dataclass(frozen=True)
class WordCount:
    """A single word of the query and how much it finds by itself."""

    word: str
    count: int


@dataclass
class SearchResult:
    """What a search gave. `unfiltered` is the number of hits without filters.

    `corrected` is the query as it was probably meant; it was searched for, unless the request was verbatim.
    """

    query: Query
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    page: int = 1
    facets: list[FacetGroup] = field(default_factory=list)
    unfiltered: int = 0
    words: list[WordCount] = field(default_factory=list)
    corrected: str | None = None
    is_unavailable: bool = False


def search(indexer: Indexer, session: Session, viewer: Viewer, request: SearchRequest) -> SearchResult:
    """Find what the viewer may see. Never raises for an index that is away: then `is_unavailable` is set."""
    state = read_state(session)
    synonyms = load_synonyms(session, state)
    query = parse(request.query, synonyms)
    try:
        snapshot = current_snapshot(indexer)
    except IndexUnavailable:
        return SearchResult(query, is_unavailable=True)
    names = kept(session, viewer, "topic names", lambda: topic_names(session))
    request = _known_only(request, names)
    filters = Filters(seen_items(session, viewer), request.chosen)
    ranking = _rank(snapshot, query, filters)
    better = corrected(snapshot, query, filters)
    if better and not request.verbatim:
        query, ranking, better = _corrected(snapshot, query, ranking, filters, synonyms, better)
    chosen = load_promoted(session, state).get(normal_query(query.text), ())
    picked = find_promoted(snapshot, chosen[:MOST], filters)
    if picked:
        ranking = put_first(snapshot, ranking, picked, filters)
    order = newest_first(snapshot, ranking) if _by_day(query, request) else ranking.ranked
    page = min(request.page, max(1, -(-len(order) // request.per_page)))
    shown = order[(page - 1) * request.per_page : page * request.per_page]
    first = _first_marks(ranking) if order is ranking.ranked else {}
    stored = {one: snapshot.leaves[one[1]].stored(one[2]) for one in shown}
    ids = [data["item"] for data in stored.values()]
    cards = kept_each(session, viewer, "card", ids, lambda ids: _cards(session, viewer, ids))
    hits = _hits(query, stored, cards, names, first)
    result = SearchResult(query, hits, len(order) - (len(shown) - len(hits)), page)
    result.corrected = better or None
    result.facets = _facets(snapshot, ranking, filters, names)
    result.unfiltered = sum(mask.bit_count() for mask in ranking.matched)
    if not order and len(query.wanted) > 1:
        result.words = _single_words(snapshot, query, filters)
    return result


def _corrected(
    snapshot: Snapshot, query: Query, ranking: Ranking, filters: Filters, synonyms: Synonyms, better: str
) -> tuple[Query, Ranking, str]:
    """The query as it was meant, under the text that was typed; as it was when that finds nothing more."""
    meant = replace(parse(better, synonyms), text=query.text, was_cut=query.was_cut)
    found = _rank(snapshot, meant, filters)
    return (meant, found, better) if any(found.matched) else (query, ranking, "")


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


def _known_only(request: SearchRequest, topics: Mapping[str, str]) -> SearchRequest:
    """The request without filter values that do not exist."""
    return SearchRequest(
        query=request.query,
        phases=tuple(phase for phase in dict.fromkeys(request.phases) if phase in list(PHASE_NAMES)),
        topics=tuple(topic for topic in dict.fromkeys(request.topics) if topic in topics),
        kinds=tuple(kind for kind in dict.fromkeys(request.kinds) if kind in list(KIND_NAMES)),
        audiences=tuple(name for name in dict.fromkeys(request.audiences) if name in AUDIENCE_NAMES),
        sort=request.sort if request.sort == REVIEWED else RELEVANCE,
        page=max(1, request.page),
        per_page=request.per_page,
        verbatim=request.verbatim,
    )


def _rank(snapshot: Snapshot, query: Query, filters: Filters) -> Ranking:
    if query.is_empty:
        return everything(snapshot, filters) if filters.chosen and not query.text else Ranking([], [])
    return rank(snapshot, query, filters, clock.today())


def _by_day(query: Query, request: SearchRequest) -> bool:
    return request.sort == REVIEWED or query.is_empty


def _first_marks(ranking: Ranking) -> dict[Ranked, str]:
    """Why the first hits stand first."""
    first = ranking.ranked[: ranking.promoted]
    return {one: PICKED if place < ranking.picked else ACUTE for place, one in enumerate(first)}


def _hits(
    query: Query,
    stored: Mapping[Ranked, Mapping[str, Any]],
    cards: Mapping[int, Current],
    topics: Mapping[str, str],
    first: Mapping[Ranked, str],
) -> list[Hit]:
    """The hits of a page. The database has the last word on what is published and visible."""
    marker = Marker(query)
    return [
        _hit(marker, one, data, cards[data["item"]], topics, first.get(one))
        for one, data in stored.items()
        if data["item"] in cards
    ]


def _hit(
    marker: Marker,
    one: Ranked,
    data: Mapping[str, Any],
    current: Current,
    topics: Mapping[str, str],
    first: str | None,
) -> Hit:
    """A hit as it is shown; under a claim always stands its whole short answer.

    Words of the index are shown only where it holds the text as it is now.
    """
    card = current.card
    is_new = current.stamp != data["stamp"]
    if is_new:
        data = {**data, "answer": ""}
    look = marker.look(
        card.title,
        card.summary if is_new else data["summary"],
        (lambda: "") if is_new else partial(text_of, data),
    )
    return Hit(
        card=card,
        score=abs(one[0]),
        title=look.title,
        snippet=marker.parts(data["answer"]) if data["answer"] else look.snippet,
        topics=[topics.get(topic, topic) for topic in card.topics],
        act=first == ACUTE,
        picked=first == PICKED,
        via=look.via,
    )


def _cards(session: Session, viewer: Viewer, ids: Collection[int]) -> dict[int, Current]:
    """The items as they are now; what was withdrawn or hidden since the index was written is not among them."""
    stamps = list_stamps(session, ids)
    cards = list_cards(session, card_query(viewer).where(ContentItem.id.in_(ids)))
    return {card.id: Current(card, stamps[card.id]) for card in cards}


def _facets(
    snapshot: Snapshot, ranking: Ranking, filters: Filters, topics: Mapping[str, str]
) -> list[FacetGroup]:
    """Every group with counts over what was found and the filters of the other groups."""
    groups: tuple[tuple[str, str, Iterable[tuple[str, str]]], ...] = (
        ("skede", "Skede", PHASE_NAMES.items()),
        ("amne", "Ämne", topics.items()),
        ("typ", "Typ", KIND_NAMES.items()),
        ("malgrupp", "För vem", AUDIENCE_NAMES.items()),
    )
    return [
        FacetGroup(name, legend, _options(snapshot, ranking, filters, name, values))
        for name, legend, values in groups
    ]


def _options(
    snapshot: Snapshot, ranking: Ranking, filters: Filters, group: str, values: Iterable[tuple[str, str]]
) -> list[FacetOption]:
    bases = [
        mask & chosen_mask(leaf, filters.chosen, but=group)
        for leaf, mask in zip(snapshot.leaves, ranking.matched, strict=False)
    ]
    options = []
    for value, label in values:
        count = sum(
            (base & leaf.mask("facet", f"{group}:{value}")).bit_count()
            for leaf, base in zip(snapshot.leaves, bases, strict=False)
            if base
        )
        checked = value in filters.chosen.get(group, ())
        if count or checked:
            options.append(FacetOption(str(value), label, count, checked))
    return options


def _single_words(snapshot: Snapshot, query: Query, filters: Filters) -> list[WordCount]:
    """What each word finds alone, for the page that found nothing."""
    visible = [leaf.live & visible_mask(leaf, filters.seen) for leaf in snapshot.leaves]
    found = []
    for wanted in query.wanted[:6]:
        count = sum(
            (mask_of(best_of(leaf, wanted).docs, leaf.size) & mask).bit_count()
            for leaf, mask in zip(snapshot.leaves, visible, strict=True)
        )
        if count:
            found.append(WordCount(wanted.word, count))
    return sorted(found, key=lambda one: one.count)[:3]
