"""What a synonym or a promoted answer would change: the first hits of stored queries before and after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.db import Database
from kb.library.core.models.items import ContentItem
from kb.library.core.visibility import visible
from kb.search.engine.indexer import Indexer
from kb.search.engine.manifest import IndexUnavailable
from kb.search.finding.query import normal_query, parse
from kb.search.finding.searching import SearchRequest, current_snapshot, find
from kb.search.tuning.answers import list_promoted
from kb.search.tuning.asked import list_frequent
from kb.search.tuning.reach import Reach, reach_of
from kb.search.tuning.synonyms import get_synonym, save_synonym

SHOWN = 5
COUNTED = 50
# Asked everywhere, also before anything has been counted.
FIXED = (
    "hot",
    "hot mot personal",
    "våld",
    "lex sarah",
    "desinformation",
    "orosanmälan",
    "sekretess",
    "media ringer",
    "krisstöd",
    "checklista efter våld",
)


@dataclass(frozen=True)
class Change:
    """The titles of the first hits of a query, before and after."""

    query: str
    before: list[str]
    after: list[str]

    @property
    def differs(self) -> bool:
        """Whether anything changes among the first hits."""
        return self.before != self.after


@dataclass(frozen=True)
class Preview:
    """How many stored queries were compared, and those that may change; how much a synonym opens."""

    compared: int
    changes: list[Change]
    reach: Reach | None = None


class _Undone(Exception):
    """Ends the transaction of a trial."""


def preview_synonym(
    indexer: Indexer, database: Database, viewer: Viewer, synonym_id: int | None, *, typed: str, target: str
) -> Preview:
    """Try a synonym that is new or changed on the stored queries. Nothing is kept. Raises `Invalid`, `NotFound`."""
    with database.reading() as session:
        former = [get_synonym(session, synonym_id).typed] if synonym_id else []
        stored = stored_queries(session)
        tried = list(
            dict.fromkeys([normal_query(typed), *(q for q in stored if _concerns(q, [typed, *former]))])
        )
        before = _first(indexer, session, viewer, tried)

    def change(session: Session) -> None:
        save_synonym(session, synonym_id, typed=typed, target=target, note="", by=viewer)

    after = _on_trial(database, change, lambda session: _first(indexer, session, viewer, tried))
    changes = [Change(query, before[query], after[query]) for query in tried]
    return Preview(
        len({*stored, *tried}), [one for one in changes if one.differs], _reach(indexer, typed, target)
    )


def _reach(indexer: Indexer, typed: str, target: str) -> Reach | None:
    """How much a synonym opens; None while the index is away."""
    try:
        return reach_of(current_snapshot(indexer), typed, target)
    except IndexUnavailable:
        return None


def preview_promoted(
    indexer: Indexer,
    session: Session,
    viewer: Viewer,
    answer_id: int | None,
    *,
    query: str,
    item: ContentItem,
    position: int,
) -> Preview:
    """What the query would show first with the text promoted."""
    kept = _others(session, viewer, query, answer_id)
    last = max((place for place, _, _ in kept), default=0)
    places = sorted([*kept, (position or last + 1, answer_id or 2**31, item.title)])
    promoted = [title for _, _, title in places]
    before = _first(indexer, session, viewer, [query])[query]
    after = [*promoted, *(title for title in before if title not in promoted)][:SHOWN]
    return Preview(1, [Change(query, before, after)] if after != before else [])


def stored_queries(session: Session) -> list[str]:
    """The queries that changes are tried on: the most frequent ones that were counted, and a few fixed ones."""
    return list(dict.fromkeys([*list_frequent(session, COUNTED, at_least=1), *FIXED]))


def _concerns(query: str, typed: Sequence[str]) -> bool:
    """Whether a query holds all words of one of the texts, in some form."""
    stems = _stems(query)
    return any(_stems(text) <= stems for text in typed)


def _stems(text: str) -> set[str]:
    return {wanted.forms[0].term for wanted in parse(text).wanted}


def _others(
    session: Session, viewer: Viewer, query: str, answer_id: int | None
) -> list[tuple[int, int, str]]:
    """Place, id and title of the other texts that are promoted for a query."""
    return [
        (answer.position, answer.id, text.title)
        for answer, text in list_promoted(session, viewer)
        if answer.query == query and text and answer.id != answer_id
    ]


def _first(
    indexer: Indexer, session: Session, viewer: Viewer, queries: Sequence[str]
) -> dict[str, list[str]]:
    """Query → the titles of its first hits, as the database has them now."""
    items = {query: _items(indexer, session, viewer, query) for query in queries}
    wanted = {item for found in items.values() for item in found}
    rows = session.execute(
        select(ContentItem.id, ContentItem.title).where(visible(viewer), ContentItem.id.in_(wanted))
    )
    titles = {item: title for item, title in rows}
    return {query: [titles[item] for item in found if item in titles] for query, found in items.items()}


def _items(indexer: Indexer, session: Session, viewer: Viewer, query: str) -> list[int]:
    """The first items that a query finds; none while the index is away."""
    try:
        found = find(indexer, session, viewer, SearchRequest(query)).stored(0, SHOWN)
    except IndexUnavailable:
        return []
    return [data["item"] for data in found.values()]


def _on_trial(
    database: Database,
    change: Callable[[Session], None],
    look: Callable[[Session], dict[str, list[str]]],
) -> dict[str, list[str]]:
    """What is seen after a change that is then taken back."""
    seen: dict[str, list[str]] = {}
    try:
        with database.transaction() as session:
            change(session)
            seen = look(session)
            raise _Undone
    except _Undone:
        return seen
