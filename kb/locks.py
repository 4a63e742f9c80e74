"""Locks that end with the process that holds them, whatever ends it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text


@contextmanager
def server_lock(engine: Engine, key: int) -> Iterator[None]:
    """A lock of PostgreSQL, over all machines that use the database; waits for it.

    It is held outside any transaction: one that stays open for long would keep the server from tidying up.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """A lock of the system, over the processes of this machine; waits for it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
