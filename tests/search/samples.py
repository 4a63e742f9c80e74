"""Indexable items, valid with no arguments, and searching an index without a database."""

import itertools
import random
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.library.core.indexable import Indexable, Seen
from kb.search.engine.indexer import Indexer
from kb.search.engine.schema import make_document
from kb.search.engine.snapshot import Snapshot
from kb.search.engine.store import Store
from kb.search.finding.query import parse
from kb.search.finding.ranking import Filters, rank
from kb.search.models import SearchChange

_numbers = itertools.count(1)
TODAY = date(2026, 11, 21)
_WORDS = """
    anmälan ansvar arbetsgivare barn bedömning beslut besök boende brukare chef data enhet familj grupp
    handläggare hot händelse information kollega kommun kontakt larm ledning medarbetare möte nämnd plan
    polis risk regel sekretess skydd socialtjänst stöd telefon tid uppgift utredning vittne vård våld
    ärende åtgärd överfall
"""


def make_indexable(**values: Any) -> Indexable:
    """An open article."""
    number = values.pop("item_id", None) or next(_numbers)
    given: dict[str, Any] = {
        "item_id": number,
        "public_id": f"p{number}",
        "slug": f"text-{number}",
        "kind": "vagledning",
        "title": f"Text nummer {number}",
        "summary": "",
        "text": "",
        "topics": ("hot",),
        "phases": ("under",),
        "audiences": ("chef",),
        "labels": (),
        "acute": False,
        "reviewed_on": TODAY,
        "overdue": False,
        "version": 1,
        "stamp": f"s{number}",
    }
    return Indexable(**{**given, **values})


def make_many(count: int, seed: int = 1, words: int = 120) -> Iterator[Indexable]:
    """Items of random Swedish words."""
    chance = random.Random(seed)
    words_of_a_text = _WORDS.split()
    for number in range(1, count + 1):
        text = " ".join(chance.choices(words_of_a_text, k=words))
        yield make_indexable(item_id=number, title=" ".join(chance.choices(words_of_a_text, k=4)), text=text)


def build(store: Store, *items: Indexable) -> None:
    """A new index of just these items."""
    with store.lock() as held:
        assert held
        store.build(map(make_document, items))


def seen_in(snapshot: Snapshot, hidden: Collection[str] = ()) -> Seen:
    """All items of an index but those with a hidden slug."""
    return Seen(object(), frozenset(data["item"] for data in snapshot.stored() if data["slug"] not in hidden))


def found(store: Store, text: str, hidden: Collection[str] = (), **chosen: tuple[str, ...]) -> list[str]:
    """The slugs of what a query finds, best first, for somebody who may not see the hidden ones."""
    snapshot = store.snapshot()
    ranking = rank(snapshot, parse(text), Filters(seen_in(snapshot, hidden), chosen), TODAY)
    return [snapshot.leaves[leaf].stored(doc)["slug"] for _order, leaf, doc in ranking.ranked]


def waiting(indexer: Indexer, session: Session) -> list[int]:
    """The numbers of the changes that the index does not hold yet."""
    place = indexer.store.manifest().place
    assert place is not None
    query = select(SearchChange.id).where(SearchChange.id > place.number).order_by(SearchChange.id)
    return list(session.scalars(query))
