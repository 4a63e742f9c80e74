"""An instance with many published texts, put straight into its tables: what is measured is search, not publishing."""

import os
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402
from sqlalchemy import insert, select, update  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from bench.corpus import Text  # noqa: E402

BATCH = 500
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def make_app(instance: Path) -> Flask:
    """The application on an instance of its own."""
    for name in [name for name in os.environ if name.startswith("RADRUM_")]:
        del os.environ[name]
    os.environ |= {"RADRUM_INSTANCE": str(instance), "RADRUM_LOG_LEVEL": "ERROR"}
    from kb import create_app

    return create_app()


def make_filled(instance: Path, texts: Iterable[Text]) -> Flask:
    """As `make_app`, with these texts published and indexed."""
    app = make_app(instance)
    fill(app, texts)
    app.extensions["search"].indexer.rebuild("Mätning.", wait=60)
    return app


def fill(app: Flask, texts: Iterable[Text]) -> int:
    """Publish the texts without index, audit or links; how many there were."""
    database, count, batch = app.extensions["database"], 0, []
    for text in texts:
        batch.append(text)
        if len(batch) == BATCH:
            with database.transaction() as session:
                _insert(session, batch)
            count, batch = count + len(batch), []
    with database.transaction() as session:
        _insert(session, batch)
    return count + len(batch)


def document_of(text: Text) -> Any:
    """The text as a document of the library."""
    from kb.library.content.document import Action, Document, Source

    return Document(
        kind=text.kind,
        title=text.title,
        summary=text.summary,
        body=text.html,
        topics=(text.topic,),
        phases=(text.phase,),
        audiences=(text.audience,),
        owner="Redaktionen",
        actions=(Action(do="Ring 112 om någon är i fara."),),
        sources=(Source(title="Arbetsmiljölag (1977:1160)", publisher="Riksdagen"),),
        checked_on=NOW.date().isoformat(),
    )


def _insert(session: Session, texts: list[Text]) -> None:
    from kb.library.core.models.items import ContentItem, ItemAudience, ItemPhase, Revision
    from kb.library.core.models.topics import Topic, item_topic

    if not texts:
        return
    topics = dict(session.execute(select(Topic.slug, Topic.id)).tuples().all())
    items = [_item(text) for text in texts]
    session.execute(insert(ContentItem), items)
    slugs = [text.slug for text in texts]
    query = select(ContentItem.slug, ContentItem.id).where(ContentItem.slug.in_(slugs))
    ids = dict(session.execute(query).tuples().all())
    session.execute(insert(Revision), [_revision(ids[text.slug], text) for text in texts])
    session.execute(
        insert(item_topic),
        [{"item_id": ids[text.slug], "topic_id": topics[text.topic]} for text in texts],
    )
    session.execute(
        insert(ItemPhase),
        [{"item_id": ids[text.slug], "phase": text.phase, "position": 0} for text in texts],
    )
    session.execute(
        insert(ItemAudience), [{"item_id": ids[text.slug], "audience": text.audience} for text in texts]
    )
    newest = select(Revision.id).where(Revision.item_id == ContentItem.id).scalar_subquery()
    session.execute(
        update(ContentItem)
        .where(ContentItem.slug.in_(slugs))
        .values(latest_revision_id=newest, published_revision_id=newest),
        execution_options={"synchronize_session": False},
    )


def _item(text: Text) -> dict[str, Any]:
    return {
        "kind": text.kind,
        "slug": text.slug,
        "title": text.title,
        "summary": text.summary,
        "owner": "Redaktionen",
        "status": "publicerad",
        "version": 1,
        "checked_on": date(2026, 11, 1),
        "created_at": NOW,
        "updated_at": NOW,
        "first_published_at": NOW,
        "published_at": NOW,
    }


def _revision(item_id: int, text: Text) -> dict[str, Any]:
    document = document_of(text)
    return {
        "item_id": item_id,
        "number": 1,
        "document": document.to_dict(),
        "digest": document.digest,
        "author_name": "Redaktionen",
        "created_at": NOW,
        "version": 1,
        "published_at": NOW,
    }
