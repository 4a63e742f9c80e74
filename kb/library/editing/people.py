"""The people around a text: whose units it may be for, who wrote it, who may review it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.models import Membership, Unit, User
from kb.accounts.queries import get_viewer
from kb.accounts.roles import Role
from kb.accounts.viewer import Viewer
from kb.library.content.document import Document
from kb.library.core.visibility import can_read_document


def own_units(session: Session, viewer: Viewer) -> Sequence[Unit]:
    """The units that the viewer may write for: those the viewer belongs to."""
    return session.scalars(
        select(Unit).where(Unit.id.in_(sorted(viewer.unit_ids))).order_by(Unit.sort_key, Unit.id)
    ).all()


def list_writers(session: Session, user_ids: set[int], document: Document) -> list[User]:
    """The open accounts among these whose holders may read the document, which may be for a unit they have left."""
    query = select(User).where(User.id.in_(sorted(user_ids)), User.is_closed.is_(False))
    return [user for user in session.scalars(query) if _may_read_as(session, user, document)]


def list_reviewers(session: Session, document: Document | None) -> list[User]:
    """The open accounts whose holders may review the document."""
    query = select(User).where(
        User.is_closed.is_(False),
        User.id.in_(select(Membership.user_id).where(Membership.role == Role.REVIEWER.value)),
    )
    people = session.scalars(query.order_by(User.sort_key, User.id)).all()
    return [user for user in people if document is None or _may_read_as(session, user, document)]


def _may_read_as(session: Session, user: User, document: Document) -> bool:
    viewer = get_viewer(session, user.id)
    return viewer is not None and can_read_document(session, viewer, document)
