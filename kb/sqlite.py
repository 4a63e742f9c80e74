"""Opening a SQLite database, also where nothing can be written: then for reading, and anew each time, so it heals."""

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, event

_READ_ONLY = "radrum_read_only"
_UNWRITABLE = ("unable to open", "disk i/o", "is full", "readonly", "read-only")
_MEMORY_OF_USERS = 32_768  # the least size of the -shm file of a database that somebody has open


class Opener:
    """Opens the connections of an engine; a database that was there once is not made a second time.

    A disk that is unmounted while the site serves would otherwise get a new, empty database in its place.
    """

    def __init__(self, engine: Engine) -> None:
        self._was_there = False
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "checkin", _let_go)

    def _connect(self, _dialect: Any, record: Any, places: Any, options: Any) -> sqlite3.Connection | None:
        path = places[0]
        if not path or path == ":memory:" or path.startswith("file:"):
            return None
        try:
            connection = _opened(f"file:{quote(path)}?mode={self._mode(path)}", options)
        except sqlite3.OperationalError as error:
            if not _is_unwritable(error) or not _is_unused(Path(path)):
                raise
            connection = _opened(f"file:{quote(path)}?mode=ro&immutable=1", options)
            record.info[_READ_ONLY] = True
        if not all(os.access(place, os.W_OK) for place in (path, Path(path).parent)):
            record.info[_READ_ONLY] = True
        return connection

    def _mode(self, path: str) -> str:
        self._was_there = self._was_there or _size(Path(path)) > 0
        return "rw" if self._was_there else "rwc"


def _opened(uri: str, options: Any) -> sqlite3.Connection:
    """A connection with our settings. It has read the file: one that cannot be used is told here."""
    connection: sqlite3.Connection = sqlite3.connect(uri, uri=True, **options)
    try:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA busy_timeout = 10000")
        if "immutable" not in uri and connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "readonly" not in str(error) and "read-only" not in str(error):
                    raise
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _is_unwritable(error: sqlite3.OperationalError) -> bool:
    return any(sign in str(error).lower() for sign in _UNWRITABLE)


def _is_unused(path: Path) -> bool:
    """Whether the file alone is the database, and no process has it open: only then may it be read without locks.

    Whoever writes keeps a log and a memory beside it. Where these cannot be made, nobody has them.
    """
    log, memory = path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")
    return path.is_file() and _size(path) > 0 and not _size(log) and _size(memory) < _MEMORY_OF_USERS


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _let_go(_connection: Any, record: Any) -> None:
    """A connection that can only read is not used again: the next one may be able to write."""
    if record.info.get(_READ_ONLY):
        record.invalidate()
