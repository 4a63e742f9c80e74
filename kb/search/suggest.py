"""Suggestions while somebody types: titles, terms of the glossary, frequent queries. In memory, a copy a process."""

import heapq
import logging
import re
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.language.analysis import term_of
from kb.language.compounds import is_known
from kb.language.words import fold, normalise
from kb.library.addresses import address
from kb.library.content.document import Kind, Phase, shown_title
from kb.library.core.indexable import Seen, seen_items
from kb.library.core.models.items import ContentItem, ItemPhase
from kb.library.core.models.lists import CommonSituation, GlossaryTerm
from kb.library.core.shelf import read_stamp
from kb.library.core.visibility import visible
from kb.library.core.workflow import Status
from kb.search.engine.indexer import Healing, Indexer
from kb.search.engine.manifest import IndexUnavailable
from kb.search.engine.snapshot import Snapshot
from kb.search.finding import operators
from kb.search.finding.excluding import exclude, excluded_mask
from kb.search.finding.query import parse
from kb.search.finding.ranking import visible_mask
from kb.search.finding.scoring import docs_of
from kb.search.tuning.asked import list_frequent
from kb.web.answering import Answering

log = logging.getLogger(__name__)
MOST = 8
MOST_QUERIES = 3  # … of them, unless titles are few
MOST_PAGES = 2  # … that are no texts
SHORTEST = 2
INSIDE_FROM = 3  # letters that may stand inside a word: "kommunikation" → kriskommunikationsplan
LONGEST = 100
UNCOMMON = 10_000  # behind every place among the common situations
BEGINNING = 4  # letters of a word that are enough to be related …
BEGINNING_UNKNOWN = (
    5  # … and of one that is none of the language: with 4 Finnish "minua" led to "fem minuter"
)
MOST_TITLES = 50_000
FRESH = 60.0  # seconds until terms and frequent queries are read anew
_PART = re.compile(r"[^\W_]+|§")


@dataclass(frozen=True)
class Suggestion:
    """What is offered: a text with its address and kind, or a query to search for."""

    text: str
    url: str | None = None
    kind: str | None = None
    is_urgent: bool = False


class Line(NamedTuple):
    """Something that can be matched: folded words after a space each, the same with their marks.

    `need` sorts titles: acute checklists first, and of those and of the others what people most often need.
    """

    folded: str
    lowered: str
    text: str
    item_id: int = 0
    need: tuple[bool, int] = (True, UNCOMMON)


@dataclass(frozen=True)
class Stock:
    """All that can be suggested, as of one state of the library."""

    stamp: object
    read_at: float
    titles: Sequence[Line]
    queries: Sequence[Line]


class Suggester:
    """The suggestions of one process. The stock is read at the first question and when the library changes."""

    def __init__(self, indexer: Indexer, answering: Answering) -> None:
        self._indexer = indexer
        self._answering = answering
        self._stock: Stock | None = None
        self._reading = threading.Lock()

    def suggest(self, session: Session, viewer: Viewer, typed: str) -> list[Suggestion]:
        """At most eight suggestions that the viewer may see; the database has the last word on titles."""
        asked = operators.read(typed[:LONGEST])
        words = words_of(asked.alternatives[-1].text)  # of alternatives the last is being typed
        if len("".join(words)) < SHORTEST:
            return []
        stock = self._current(session)
        seen = seen_items(session, viewer)
        allowed = seen.items - self._left_out(asked)
        lines = [line for line in matching(stock.titles, words) if line.item_id in allowed]
        titles = _shown(session, viewer, best(lines, words, 2 * MOST))
        known = {_key(one.text) for one in titles} | {_key(typed)}
        often = [
            line for line in best(matching(stock.queries, words), words, 2 * MOST) if line.folded not in known
        ]
        answered = self._answered(_wanted(often, asked), seen)
        queries = [Suggestion(line.text) for line in answered[: max(MOST_QUERIES, MOST - len(titles))]]
        begins = bool(answered) and answered[0].folded.startswith(_key(" ".join(words)))
        pages = self._pages(session, viewer, words)
        return [*_in_order(queries, titles, begins=begins)[: MOST - len(pages)], *pages]

    def related(self, session: Session, viewer: Viewer, query: str, most: int = 5) -> list[Suggestion]:
        """Ways on from a query that found nothing: what holds one of its words, or how it begins."""
        words = sorted(words_of(query[:LONGEST]), key=len, reverse=True)[:4]
        shorter = [beginning_of(word, part) for part in (0.7, 0.5) for word in words]
        found: dict[str, Suggestion] = {}
        for word in dict.fromkeys(word for word in (*words, *shorter) if len(word) >= BEGINNING):
            if len(found) < most:
                found |= {one.text: one for one in self.suggest(session, viewer, word)}
        return list(found.values())[:most]

    def forget(self) -> None:
        """Read everything anew at the next question."""
        self._stock = None

    def warm(self) -> None:
        """Read everything, so that nobody has to wait for it."""
        with self._indexer.database.reading() as session:
            self._read(session, read_stamp(session))

    def _current(self, session: Session) -> Stock:
        """The stock. Reading it anew takes long with many texts: a served site does so beside, with the old one on."""
        old, stamp = self._stock, read_stamp(session)
        if old is None:
            return self._read(session, stamp)
        if old.stamp == stamp and not self._is_old(old):
            return old
        if self._indexer.healing is not Healing.THREAD:
            return self._read(session, stamp)
        if not self._reading.locked():
            threading.Thread(target=self._warm_quietly, daemon=True, name="search-suggestions").start()
        return old

    def _read(self, session: Session, stamp: object) -> Stock:
        with self._reading:
            if self._stock is None or self._stock.stamp != stamp or self._is_old(self._stock):
                self._stock = read_stock(session, stamp, self._stock)
            return self._stock

    def _warm_quietly(self) -> None:
        try:
            self.warm()
        except Exception as error:
            log.warning("suggestions could not be read: %s", type(error).__name__)

    @staticmethod
    def _is_old(stock: Stock) -> bool:
        return time.monotonic() - stock.read_at >= FRESH

    def _left_out(self, asked: operators.Asked) -> frozenset[int]:
        """The items that hold what is not wanted."""
        if not asked.without:
            return frozenset()
        without = exclude(asked.without)
        try:
            leaves = self._indexer.store.snapshot().leaves
            return frozenset(
                leaf.items()[doc] for leaf in leaves for doc in docs_of(excluded_mask(leaf, without))
            )
        except IndexUnavailable:
            return frozenset()

    def _pages(self, session: Session, viewer: Viewer, words: Sequence[str]) -> list[Suggestion]:
        """The pages by their name where each word begins one of its words; they stand last."""
        pages = self._answering.page_names(session, viewer)
        lines = [_line(page.title, place) for place, page in enumerate(pages)]
        begun = [f" {fold(word)}" for word in words]
        found = [line for line in lines if all(word in line.folded for word in begun)]
        shown = (pages[line.item_id] for line in best(found, words, MOST_PAGES))
        return [Suggestion(page.title, page.url, page.icon) for page in shown]

    def _answered(self, lines: Iterable[Line], seen: Seen) -> list[Line]:
        """Those queries all of whose words stand together in a text that the viewer may see."""
        try:
            snapshot = self._indexer.store.snapshot()
            return [line for line in lines if is_answered(snapshot, line.text, seen)]
        except IndexUnavailable:
            return []


def _in_order(queries: list[Suggestion], titles: list[Suggestion], *, begins: bool) -> list[Suggestion]:
    """Queries before titles; an acute checklist before all but a query that begins as typed."""
    if not titles or not titles[0].is_urgent:
        return queries + titles
    place = int(begins)
    return [*queries[:place], titles[0], *queries[place:], *titles[1:]]


def _wanted(lines: Sequence[Line], asked: operators.Asked) -> list[Line]:
    """The lines without words that are left out."""
    unwanted = set(map(term_of, words_of(" ".join(asked.without))))
    return [line for line in lines if unwanted.isdisjoint(map(term_of, words_of(line.text)))]


def beginning_of(word: str, part: float) -> str:
    """The letters of a word with which others may begin that are related; more of a word that is none of the language.

    >>> beginning_of("minnen", 0.5), beginning_of("minua", 0.5)
    ('minn', 'minua')
    """
    least = BEGINNING if is_known(word) else BEGINNING_UNKNOWN
    return word[: max(least, int(part * len(word)))]


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, with their marks."""
    return _PART.findall(normalise(text).lower())


def matching(lines: Sequence[Line], words: Sequence[str]) -> list[Line]:
    """The lines where each word begins a word, or from three letters stands inside one; marks do not matter."""
    found = lines
    for word in sorted((fold(word) for word in words), key=len, reverse=True):
        needle = word if len(word) >= INSIDE_FROM else f" {word}"
        found = [line for line in found if needle in line.folded]
    return list(found)


def best(lines: Iterable[Line], words: Sequence[str], most: int) -> list[Line]:
    """The best: where every word begins a word, marks as typed; then acute checklists and what is often needed.

    Of equals what begins as typed, then short ones.
    """
    folded = [fold(word) for word in words]
    start, begun = " " + " ".join(folded), [f" {word}" for word in folded]
    marked = [word for word in words if not word.isascii()]

    def rank(line: Line) -> tuple[bool, bool, tuple[bool, int], bool, int, str]:
        is_inside = not all(word in line.folded for word in begun)
        lacks_marks = not all(word in line.lowered for word in marked)
        begins_later = not line.folded.startswith(start)
        return is_inside, lacks_marks, line.need, begins_later, len(line.folded), line.folded

    return heapq.nsmallest(most, lines, key=rank)


def is_answered(snapshot: Snapshot, text: str, seen: Seen) -> bool:
    """Whether some text among what may be seen holds all words of the query, in some form.

    So a suggestion never tells that somebody searched for what only others may read about.
    """
    stems = {wanted.forms[0].term for wanted in parse(text).wanted}
    if not stems:
        return False
    for leaf in snapshot.leaves:
        mask = leaf.live & visible_mask(leaf, seen)
        for stemmed in stems:
            mask &= leaf.mask("stem", stemmed)
        if mask:
            return True
    return False


def read_stock(session: Session, stamp: object, old: Stock | None) -> Stock:
    """Read titles, terms and frequent queries; lines of `old` that did not change are taken over."""
    kept = {(line.item_id, line.text): line for line in old.titles} if old else {}
    acute = set(session.scalars(select(ItemPhase.item_id).where(ItemPhase.phase == Phase.DURING)))
    common = {
        slug: place
        for slug, place in session.execute(select(CommonSituation.item_slug, CommonSituation.position))
    }
    query = select(ContentItem.id, ContentItem.title, ContentItem.kind, ContentItem.slug)
    titles = []
    for item_id, title, kind, slug in session.execute(
        query.where(ContentItem.status == Status.PUBLISHED).limit(MOST_TITLES)
    ):
        line = kept.get((item_id, title)) or _line(title, item_id)
        need = not (kind == Kind.CHECKLIST and item_id in acute), common.get(slug, UNCOMMON)
        titles.append(line if line.need == need else line._replace(need=need))
    words = [*list_frequent(session), *session.scalars(select(GlossaryTerm.term))]
    queries = {line.folded: line for line in map(_line, words)}
    return Stock(stamp, time.monotonic(), titles, list(queries.values()))


def _line(text: str, item_id: int = 0) -> Line:
    lowered = " ".join(["", *words_of(text)])
    return Line(fold(lowered), lowered, text, item_id)


def _key(text: str) -> str:
    return _line(text).folded


def _shown(session: Session, viewer: Viewer, lines: Sequence[Line]) -> list[Suggestion]:
    """The titles as they are now, in this order; what was withdrawn or hidden meanwhile is not among them."""
    if not lines:
        return []
    query = select(ContentItem.id, ContentItem.title, ContentItem.kind, ContentItem.slug).where(
        visible(viewer), ContentItem.id.in_([line.item_id for line in lines])
    )
    urgent = {line.item_id for line in lines if not line.need[0]}
    found = {
        item_id: Suggestion(shown_title(kind, title), address(kind, slug), kind, item_id in urgent)
        for item_id, title, kind, slug in session.execute(query)
    }
    return [found[line.item_id] for line in lines if line.item_id in found][:MOST]
