from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kb.db import Database
from kb.library.core.models.items import ContentItem
from kb.search.engine.indexer import Healing, Indexer
from kb.search.engine.store import Store
from kb.search.start import Search
from kb.web.answering import Answering
from tests.shipped_content import shipped_app


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with the shipped content. Its tests only read."""
    app = shipped_app(tmp_path_factory)
    yield app
    app.extensions["database"].dispose()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An index that does not exist yet."""
    return Store(tmp_path)


@pytest.fixture
def indexer(app: Flask, tmp_path: Path) -> Iterator[Indexer]:
    """The application's indexer, with an index of its own for the test."""
    before = app.extensions["search"]
    indexer = Indexer(app.extensions["database"], Store(tmp_path), Healing.INLINE)
    app.extensions["search"] = Search(indexer, Answering())  # texts alone are suggested
    yield indexer
    app.extensions["search"] = before


@pytest.fixture
def publish(session: Session, indexer: Indexer) -> Callable[..., ContentItem]:
    """`publish(title=…, body=…)` makes a published item and brings it into the index."""
    from tests.factories import make_document, make_item

    def make(kind: str = "vagledning", slug: str = "", **values: object) -> ContentItem:
        item = make_item(session, make_document(kind, **values), slug=slug)
        session.commit()
        indexer.drain()
        return item

    return make


@pytest.fixture
def database(live_app: Flask) -> Database:
    """A database of its own; what is changed in it is followed by the node of the application."""
    database: Database = live_app.extensions["database"]
    return database


@pytest.fixture
def here(live_app: Flask) -> Indexer:
    """The index of the node that publishes."""
    indexer: Indexer = live_app.extensions["search"].indexer
    indexer.repair()
    return indexer


@pytest.fixture
def there(here: Indexer, tmp_path: Path) -> Indexer:
    """The index of another node, up to date."""
    from tests.search.fleet import node

    indexer: Indexer = node(here, tmp_path / "there")
    indexer.tick()
    return indexer
