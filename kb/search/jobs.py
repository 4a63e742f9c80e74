"""Work of search in the background: the index follows the texts; it is compared each night; counts are forgotten."""

from datetime import timedelta

from kb.db import Database
from kb.jobs.outbox import Outbox
from kb.search.engine import changes, nodes
from kb.search.engine.indexer import Indexer
from kb.search.tuning import counting


def register(outbox: Outbox, database: Database, indexer: Indexer) -> None:
    """Tell the worker what it can do."""
    indexer.follow(outbox)

    def forget_old() -> None:
        with database.transaction() as session:
            counting.forget_old(session)

    def forget_changes() -> None:
        with database.transaction() as session:
            nodes.forget_silent(session)
            changes.forget_old(session)

    outbox.every("search.check", timedelta(hours=24), indexer.check_and_repair, by_each=True)
    outbox.every("search.forget", timedelta(hours=24), forget_old)
    outbox.every("search.forget_changes", timedelta(hours=1), forget_changes)
