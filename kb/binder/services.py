"""Making the binder: on demand, and each night."""

from pathlib import Path

from kb import clock
from kb.binder import files
from kb.binder.contents import gather
from kb.binder.writing import write
from kb.db import Database


def make(database: Database, instance: Path) -> files.Stored:
    """Make the binder of today, kept on this machine. Raises `kb.errors.Unavailable` where it cannot be written."""
    with database.reading() as session:
        content = write(gather(session))
    return files.store(instance, content, clock.today())


def make_daily(database: Database, instance: Path) -> None:
    """Make it where this machine has none of today."""
    newest = files.newest(instance)
    if newest is None or newest.day != clock.today():
        make(database, instance)
