from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kb.library.core.models.items import ContentItem
from kb.search.engine.indexer import Healing, Indexer
from kb.search.engine.store import Store
from kb.search.start import Search


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An index that does not exist yet."""
    return Store(tmp_path)


@pytest.fixture
def indexer(app: Flask, tmp_path: Path) -> Iterator[Indexer]:
    """The application's indexer, with an index of its own for the test."""
    before = app.extensions["search"]
    indexer = Indexer(app.extensions["database"], Store(tmp_path), Healing.INLINE)
    app.extensions["search"] = Search(indexer)
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
