"""A search from request to what a page shows: hits, facets with true counts, ways on when nothing was found."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.library.addresses import address
from kb.library.core.facets import FACETS, Facet
from kb.library.core.indexable import list_stamps
from kb.library.core.models.items import ContentItem
from kb.library.core.outline import Span
from kb.library.core.queries.cards import Card, card_query, list_cards
from kb.library.core.queries.topics import topic_names
from kb.library.core.shelf import kept, kept_each
from kb.search.engine.indexer import Indexer
from kb.search.engine.manifest import IndexUnavailable
from kb.search.engine.schema import ASKED, Told, told
from kb.search.engine.snapshot import Ranked
from kb.search.finding import operators
from kb.search.finding.operators import Asked
from kb.search.finding.passages import Part
from kb.search.finding.query import Query, parse
from kb.search.finding.ranking import chosen_mask, visible_masks
from kb.search.finding.scoring import best_of
from kb.search.finding.searching import (
    ACUTE,
    PICKED,
    RELEVANCE,
    REVIEWED,
    Found,
    SearchRequest,
    find,
)
from kb.search.finding.snippets import Marker

VIA_WORDS = 4  # of a query: a hit on a longer one stands for what it says together


class Current(NamedTuple):
    """An item as the database has it, and the stamp of what the index should hold of it."""

    card: Card
    stamp: str


@dataclass(frozen=True)
class Hit:
    """An item that was found. `act`: an acute checklist put first; `picked`: a promoted answer.

    `via`: what it holds instead of words of the query (a synonym, a compound), for those that it does not hold.
    `section`: the part of it that answers; none when its title, labels or summary do.
    """

    card: Card
    score: float
    title: list[Part]
    snippet: list[Part]
    topics: list[str]
    act: bool = False
    picked: bool = False
    via: list[str] = field(default_factory=list)
    section: Span | None = None

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
        """The address of the item, or of the section in it that answers."""
        anchor = f"#{self.section.anchor}" if self.section else ""
        return address(self.card.kind, self.card.slug) + anchor

    @property
    def section_words(self) -> str:
        """Where in the item the link leads; empty for its top."""
        if not self.section:
            return ""
        is_step = self.section.anchor.startswith("steg-")
        return self.section.name if is_step else f"Under rubriken ”{self.section.name}”"


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


class Looser(NamedTuple):
    """A query that demands less: its text, what it does without, and how many it finds."""

    text: str
    words: str
    total: int


@dataclass
class SearchResult:
    """What a search gave. `unfiltered` is the number of hits without filters.

    `corrected` is the query as it was probably meant; it was searched for, unless the request was verbatim.
    `asked` is what was typed with its operators; `looser` are queries that find something where this one does not.
    """

    query: Query
    asked: Asked = field(default_factory=partial(operators.plain, ""))
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    page: int = 1
    facets: list[FacetGroup] = field(default_factory=list)
    unfiltered: int = 0
    words: list[WordCount] = field(default_factory=list)
    looser: list[Looser] = field(default_factory=list)
    corrected: str | None = None
    is_unavailable: bool = False
    is_lifted: bool = False


def search(indexer: Indexer, session: Session, viewer: Viewer, request: SearchRequest) -> SearchResult:
    """Find what the viewer may see. Never raises for an index that is away or turns out to be damaged while it is read:
    then it is mended, and `is_unavailable` is set.
    """
    names = kept(session, viewer, "topic names", lambda: topic_names(session))
    request = _known_only(request, names)
    try:
        found = find(indexer, session, viewer, request)
        result = _result(found, session, viewer, request, names)
        if not result.total:
            result.looser = _looser(indexer, session, viewer, request, found.asked)
        return result
    except IndexUnavailable as error:
        indexer.heal(error.reason)
        return SearchResult(parse(request.query), is_unavailable=True)


def _looser(
    indexer: Indexer, session: Session, viewer: Viewer, request: SearchRequest, asked: Asked
) -> list[Looser]:
    """What the query finds without its quotes, without what it leaves out, and as plain words."""
    ways = []
    for text, words in operators.loosened(asked):
        less = replace(request, query=text, page=1, per_page=1, verbatim=False)
        count = find(indexer, session, viewer, less).ranking.total
        if count:
            ways.append(Looser(text, words, count))
    return ways


def _result(
    found: Found, session: Session, viewer: Viewer, request: SearchRequest, names: Mapping[str, str]
) -> SearchResult:
    """What the page that is asked for shows of what was found. Raises `IndexUnavailable`."""
    total = found.ranking.total
    page = min(request.page, max(1, -(-total // request.per_page)))
    stored = found.stored((page - 1) * request.per_page, page * request.per_page)
    ids = [data["item"] for data in stored.values()]
    cards = kept_each(session, viewer, "card", ids, lambda ids: _cards(session, viewer, ids))
    hits = _hits(found.query, stored, cards, names, found.first_marks())
    if not _says_via(found):
        hits = [replace(hit, via=[]) for hit in hits]
    return SearchResult(
        query=found.query,
        asked=found.asked,
        hits=hits,
        total=total - (len(stored) - len(hits)),
        page=page,
        facets=_facets(found, names),
        unfiltered=sum(mask.bit_count() for mask in found.ranking.matched),
        words=_single_words(found) if not total and len(found.query.wanted) > 1 else [],
        corrected=found.corrected or None,
        is_lifted=found.is_lifted,
    )


def _says_via(found: Found) -> bool:
    """Whether it helps to say what was found instead of a word: not of alternatives, nor of a long story."""
    return len(found.asked.alternatives) == 1 and len(found.query.wanted) <= VIA_WORDS


def _known_only(request: SearchRequest, topics: Mapping[str, str]) -> SearchRequest:
    """The request without filter values that do not exist."""
    known = {
        facet.name: tuple(
            value
            for value in dict.fromkeys(request.chosen.get(facet.name, ()))
            if value in facet.values(topics)
        )
        for facet in FACETS
    }
    return replace(
        request,
        chosen={name: values for name, values in known.items() if values},
        sort=request.sort if request.sort == REVIEWED else RELEVANCE,
        page=max(1, request.page),
    )


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
        _hit(marker, data, cards[data["item"]], score=abs(one[0]), topics=topics, first=first.get(one))
        for one, data in stored.items()
        if data["item"] in cards
    ]


def _hit(
    marker: Marker,
    data: Mapping[str, Any],
    current: Current,
    *,
    score: float,
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
        (lambda: Told("")) if is_new else partial(told, data),
    )
    return Hit(
        card=card,
        score=score,
        title=look.title,
        snippet=marker.parts(data["answer"]) if data["answer"] else look.snippet,
        topics=[topics.get(topic, topic) for topic in card.topics],
        act=first == ACUTE,
        picked=first == PICKED,
        via=look.via,
        section=None if is_new or data["answer"] or marker.stands_in(data[ASKED]) else look.section,
    )


def _cards(session: Session, viewer: Viewer, ids: Collection[int]) -> dict[int, Current]:
    """The items as they are now; what was withdrawn or hidden since the index was written is not among them."""
    stamps = list_stamps(session, ids)
    cards = list_cards(session, card_query(viewer).where(ContentItem.id.in_(ids)))
    return {card.id: Current(card, stamps[card.id]) for card in cards}


def _facets(found: Found, topics: Mapping[str, str]) -> list[FacetGroup]:
    """Every group with counts over what was found and the filters of the other groups."""
    return [
        FacetGroup(facet.name, facet.legend, _options(found, facet, facet.values(topics))) for facet in FACETS
    ]


def _options(found: Found, facet: Facet, values: Mapping[str, str]) -> list[FacetOption]:
    chosen, leaves = found.filters.chosen, found.snapshot.leaves
    bases = [
        mask & chosen_mask(leaf, chosen, but=facet.name)
        for leaf, mask in zip(leaves, found.ranking.matched, strict=False)
    ]
    options = []
    for value, label in values.items():
        count = sum(
            (base & leaf.mask("facet", facet.term(value))).bit_count()
            for leaf, base in zip(leaves, bases, strict=False)
            if base
        )
        checked = value in chosen.get(facet.name, ())
        if count or checked:
            options.append(FacetOption(value, label, count, checked))
    return options


def _single_words(found: Found) -> list[WordCount]:
    """What each word finds alone, for the page that found nothing."""
    visible = visible_masks(found.snapshot, found.filters.seen)
    counts = []
    for wanted in found.query.wanted[:6]:
        count = sum(
            (best_of(leaf, wanted).mask & mask).bit_count()
            for leaf, mask in zip(found.snapshot.leaves, visible, strict=True)
        )
        if count:
            counts.append(WordCount(wanted.word, count))
    return sorted(counts, key=lambda one: one.count)[:3]
