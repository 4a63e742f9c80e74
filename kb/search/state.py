"""What editors settle for search (synonyms, promoted answers): each process keeps it until the state row changes."""

import secrets
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.db import Database
from kb.search.models import SearchSetting

NAME = "synonyms"
T = TypeVar("T")


def touch(session: Session) -> None:
    """Say that synonyms or promoted answers changed, so that every process reads them anew at its next search."""
    session.merge(SearchSetting(name=NAME, value=secrets.randbelow(2**31)))
    session.flush()


def read_state(session: Session) -> int | None:
    """The state as it is now; None before anything was settled."""
    return session.scalar(select(SearchSetting.value).where(SearchSetting.name == NAME))


def peek_state(database: Database) -> int | None:
    """As `read_state`, without the weight of a session. Ask before reading what it stands for."""
    state: int | None = database.peek("SELECT value FROM search_setting WHERE name = 'synonyms'")
    return state


class Kept(Generic[T]):
    """The last value that was read, and the state that it belongs to."""

    def __init__(self, read: Callable[[Session], T]) -> None:
        self._read = read
        self._last: tuple[int, T] | None = None

    def take(self, session: Session, state: int | None) -> T:
        """The value of this state; read each time while there is none."""
        if state is None:
            return self._read(session)
        last = self._last
        if last is None or last[0] != state:
            last = self._last = state, self._read(session)
        return last[1]
