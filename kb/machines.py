"""What several machines on one database agree on: its clock, and that one of them goes first."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from kb import clock
from kb.db import Database
from kb.locks import server_lock

_AHEAD = "machines.ahead"
TRIFLE = timedelta(seconds=1)  # as much as asking may take; less matters to nobody
_START_LOCK = 7_237_862


def ask_clock(database: Database) -> timedelta:
    """Find out by how much the database's clock is ahead of ours, for `moment`."""
    ahead = timedelta(0)
    if database.is_shared:
        with database.engine.connect() as connection:
            ahead = connection.scalar(text("SELECT clock_timestamp()")) - clock.now()
    database.info[_AHEAD] = ahead if abs(ahead) > TRIFLE else timedelta(0)
    return ahead


def moment(session: Session) -> datetime:
    """The present moment by the clock of the database, which is one for all machines that use it.

    For what they settle among themselves: leases, what is due, who was heard lately.
    """
    return clock.now() + ahead_of_us(session)


def ahead_of_us(session: Session) -> timedelta:
    """By how much the database's clock was ahead when it was asked last."""
    ahead: timedelta = session.info.get(_AHEAD, timedelta(0))
    return ahead


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Only one process of all machines at a time is inside. With SQLite, which has one machine, nobody waits."""
    if not database.is_shared:
        yield
        return
    with server_lock(database.engine, _START_LOCK):
        yield
