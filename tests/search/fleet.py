"""Two nodes on one database: publishing through the one, looking at the other."""

from sqlalchemy import select

from kb.accounts.viewer import ANONYMOUS, SYSTEM
from kb.audit.models import AuditEvent
from kb.library.core.models.items import ContentItem
from kb.library.services import publication
from kb.search.engine import changes
from kb.search.engine.indexer import Indexer
from kb.search.engine.store import Store
from kb.search.finding.searching import SearchRequest
from kb.search.results import search
from tests.factories import make_document, make_item


def node(here, folder):
    """Another node on the same database."""
    folder.mkdir()
    return Indexer(here.database, Store(folder))


def publish(database, slug, title="Nödlarm"):
    """A published text, committed; its id."""
    with database.transaction() as session:
        return make_item(session, make_document(title=title), slug=slug).id


def withdraw(database, item_id):
    """Take a text away."""
    with database.transaction() as session:
        item = session.get(ContentItem, item_id)
        publication.withdraw(session, item, by=SYSTEM, reason="Gäller inte.", replacement=None)


def found(indexer, words="nödlarm"):
    """The addresses of what a node finds."""
    with indexer.database.reading() as session:
        return {hit.slug for hit in search(indexer, session, ANONYMOUS, SearchRequest(words)).hits}


def rebuilt(database):
    """Why an index was built, each time."""
    with database.reading() as session:
        events = select(AuditEvent).where(AuditEvent.name == "search.rebuilt").order_by(AuditEvent.id)
        return [event.data["reason"] for event in session.scalars(events)]


def forget_old(database):
    """What a worker does each hour."""
    with database.transaction() as session:
        changes.forget_old(session)
