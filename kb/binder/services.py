"""Making the binder: on demand, each night, and when what all may read is not what stands in it any longer."""

from pathlib import Path

from kb import clock
from kb.binder import files
from kb.binder.contents import gather, mark
from kb.binder.writing import has_mark, write
from kb.db import Database


def make(database: Database, instance: Path) -> files.Stored:
    """Make the binder of today, kept on this machine. Raises `kb.errors.Unavailable` where it cannot be written."""
    with database.reading() as session:
        content = write(gather(session))
    return files.store(instance, content, clock.today())


def make_daily(database: Database, instance: Path) -> None:
    """Make it where this machine has none of today, or one of other texts than those that all may read now."""
    newest = files.newest(instance)
    if newest is None or newest.day != clock.today() or not _holds(database, newest):
        make(database, instance)


def to_give(database: Database, instance: Path) -> files.Stored | None:
    """The binder that anybody may have, if one is made: never one with a text that was taken away since.

    Raises `kb.errors.Unavailable` where a new one is needed and cannot be written.
    """
    newest = files.newest(instance)
    return newest if newest is None or _holds(database, newest) else make(database, instance)


def _holds(database: Database, stored: files.Stored) -> bool:
    with database.reading() as session:
        return has_mark(stored.content, mark(session))
