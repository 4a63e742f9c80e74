"""Hanging search into the application."""

import os
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from kb.db import Database
from kb.jobs.services import ENQUEUED
from kb.search.cli import search_cli
from kb.search.index import Store
from kb.search.indexer import QUEUE, Healing, Indexer
from kb.search.views import bp


@dataclass(frozen=True)
class Search:
    """What `app.extensions["search"]` holds."""

    indexer: Indexer


def init_app(app: Flask) -> None:
    """Register page, commands, the drain after commits, the worker's turn and the nightly check."""
    database: Database = app.extensions["database"]
    served = "gunicorn" in os.environ.get("SERVER_SOFTWARE", "")
    indexer = Indexer(
        database, Store(app.config["SETTINGS"].instance), Healing.THREAD if served else Healing.INLINE
    )
    app.extensions["search"] = Search(indexer)
    app.register_blueprint(bp)
    app.cli.add_command(search_cli)

    def after_commit(session: Session) -> None:
        if QUEUE in session.info.get(ENQUEUED, ()):
            indexer.drain()

    database.after_commit(after_commit)
    registry = app.extensions["jobs"]
    registry.drains[QUEUE] = indexer.tick
    registry.every("search.check", timedelta(hours=24), indexer.check_and_repair)
    if served:
        indexer.start_thread(indexer.check_and_repair)
