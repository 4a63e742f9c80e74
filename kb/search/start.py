"""Hanging search into the application."""

import atexit
import os
from dataclasses import dataclass, field

from flask import Flask

from kb.accounts.viewer import ANONYMOUS
from kb.audit.events import Event, Events, register_events
from kb.config import Settings
from kb.db import Database
from kb.language.asking import read_question
from kb.search import health, jobs, permissions, views
from kb.search.blueprint import bp
from kb.search.cli import search_cli
from kb.search.engine.indexer import Healing, Indexer
from kb.search.engine.nodes import Node, key_print_of
from kb.search.engine.store import Store
from kb.search.finding.searching import SearchRequest
from kb.search.results import search
from kb.search.suggest import Suggester
from kb.search.tuning.counting import Counter
from kb.search.tuning.views import answers, counts, synonyms
from kb.web.answering import Answering, answering_of
from kb.web.health import health_of
from kb.web.registry import Board, Box, Entry, Menu, registry_of

WARMING = "uppvärmningzx hot"  # a word that is not there has all words of the index read for correction
PAGES = (views, answers, counts, synonyms)  # importing them puts them on `bp`

ENTRIES = (
    Entry(menu=Menu.DESK, title="Sökningar", endpoint="search.count_index", place=60),
    Entry(menu=Menu.DESK, title="Synonymer", endpoint="search.synonym_index", place=70),
    Entry(menu=Menu.DESK, title="Utvalda svar", endpoint="search.answer_index", place=80),
)
MISSED = Box(
    board=Board.DESK,
    key="utan-traff",
    title="Sökningar utan träff",
    permission=permissions.Permission.COUNTS,
    place=70,
    read=counts.missed_searches,
)

EVENTS = Events(
    place=40,
    names={
        "synonym.added": Event("Synonym tillagd", "typed", "target"),
        "synonym.changed": Event("Synonym ändrad", "typed", "target"),
        "synonym.removed": Event("Synonym borttagen", "typed", "target"),
        "promoted.added": Event("Utvalt svar tillagt", "query", "slug"),
        "promoted.changed": Event("Utvalt svar ändrat", "query", "slug"),
        "promoted.removed": Event("Utvalt svar borttaget", "query", "slug"),
        "query.hidden": Event("Sökning dold i listorna"),
        "query.shown": Event("Sökning visas igen i listorna"),
        "query.removed": Event("Räknad sökning borttagen"),
        "search.rebuilt": Event("Sökindex byggt", "documents", "reason"),
        "search.node_forgotten": Event("Nod bortglömd", "host"),
    },
    keys={
        "documents": "texter",
        "host": "dator",
        "query": "sökning",
        "target": "hittar också",
        "typed": "skrivet ord",
    },
)


@dataclass
class Search:
    """What `app.extensions["search"]` holds."""

    indexer: Indexer
    answering: Answering
    counter: Counter = field(init=False)
    suggester: Suggester = field(init=False)

    def __post_init__(self) -> None:
        in_background = self.indexer.healing is Healing.THREAD
        self.counter = Counter(self.indexer.database, in_background=in_background)
        self.suggester = Suggester(self.indexer, self.answering)

    def warm(self) -> None:
        """Search once, ask once and suggest once, so that nobody waits for what the first search of a process reads."""
        with self.indexer.database.reading() as session:
            search(self.indexer, session, ANONYMOUS, SearchRequest(WARMING))
            self.answering.answers(session, ANONYMOUS, read_question(WARMING))
        self.suggester.warm()


def init_app(app: Flask) -> None:
    """Register pages and what stands on the desk, commands and jobs."""
    database: Database = app.extensions["database"]
    settings: Settings = app.config["SETTINGS"]
    served = "gunicorn" in os.environ.get("SERVER_SOFTWARE", "")
    indexer = Indexer(
        database,
        Store(settings.instance),
        Healing.THREAD if served else Healing.INLINE,
        Node(settings.instance, key_print_of(settings.secret_key)),
    )
    held = app.extensions["search"] = Search(indexer, answering_of(app))
    app.register_blueprint(bp)
    register_events(EVENTS)
    registry_of(app).add(*ENTRIES, MISSED)
    app.cli.add_command(search_cli)
    health_of(app).add(*health.parts(lambda: app.extensions["search"].indexer))
    jobs.register(app.extensions["jobs"], database, indexer)
    if served:
        atexit.register(held.counter.flush)
        indexer.start_thread(lambda: _begin(app, held))


def _begin(app: Flask, held: Search) -> None:
    """What a process that serves does first."""
    held.indexer.check_and_repair()
    with app.app_context():
        held.warm()
    if held.indexer.database.is_shared:
        held.indexer.keep_looking()
