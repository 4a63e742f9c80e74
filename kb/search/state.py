"""What editors settle for search (synonyms, promoted answers): each process keeps it until the state row changes."""

import secrets
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from kb.search.models import SearchSetting

NAME = "synonyms"
_STATE = "SELECT value FROM search_setting WHERE name = 'synonyms'"
T = TypeVar("T")


def touch(session: Session) -> None:
    """Say that synonyms or promoted answers changed, so that every process reads them anew at its next search."""
    session.merge(SearchSetting(name=NAME, value=secrets.randbelow(2**31)))
    session.flush()


def read_state(session: Session) -> int | None:
    """The state in the snapshot of the session; None before anything was settled."""
    state: int | None = session.connection().exec_driver_sql(_STATE).scalar()
    return state


class Kept(Generic[T]):
    """The last value that was read, and the state that it belongs to."""

    def __init__(self, read: Callable[[Session], T]) -> None:
        self._read = read
        self._last: tuple[int, T] | None = None

    def take(self, session: Session, state: int | None) -> T:
        """The value of this state, which was read in the same session; read each time while there is none."""
        if state is None:
            return self._read(session)
        last = self._last
        if last is None or last[0] != state:
            last = self._last = state, self._read(session)
        return last[1]
