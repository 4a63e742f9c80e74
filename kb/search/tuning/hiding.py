"""Which counted queries editors see: leaving one out of the lists, removing one that names somebody."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.audit.services import record
from kb.errors import Invalid
from kb.search.finding.query import normal_query
from kb.search.models import IgnoredQuery, SearchCount


def ignore_query(session: Session, query: str, *, by: Viewer) -> None:
    """Leave a query out of the lists. Twice does no harm. Raises `Invalid` when there is nothing in it."""
    normal = _known(query)
    if session.get(IgnoredQuery, normal) is None:
        session.add(IgnoredQuery(query=normal))
        record(session, "query.hidden", actor=by.actor)


def show_query(session: Session, query: str, *, by: Viewer) -> None:
    """Take a query into the lists again."""
    found = session.get(IgnoredQuery, _known(query))
    if found is not None:
        session.delete(found)
        record(session, "query.shown", actor=by.actor)


def remove_query(session: Session, query: str, *, by: Viewer) -> None:
    """Remove all counts of a query, such as one that names somebody; the log does not say which."""
    normal = _known(query)
    session.execute(delete(SearchCount).where(SearchCount.query == normal))
    session.execute(delete(IgnoredQuery).where(IgnoredQuery.query == normal))
    record(session, "query.removed", actor=by.actor)


def _known(query: str) -> str:
    normal = normal_query(query)
    if not normal or len(normal) > 200:
        raise Invalid("query", "Sökningen finns inte i listan.")
    return normal
