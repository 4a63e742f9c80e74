"""What editors settle for search, as a search reads it: synonyms and promoted answers.

Each process keeps it until the state row changes.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.cache import SHARED
from kb.search.finding.synonyms import Synonyms, make_synonyms
from kb.search.models import PromotedAnswer, SearchSetting, Synonym

NAME = "synonyms"
_STATE = "SELECT value FROM search_setting WHERE name = 'synonyms'"
T = TypeVar("T")


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
