"""Reading messages: what is kept for the administrator, what was sent lately."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from kb.errors import NotFound
from kb.mail.models import MailMessage


def _kept() -> ColumnElement[bool]:
    return and_(
        MailMessage.sent_at.is_(None), MailMessage.handled_at.is_(None), MailMessage.body.is_not(None)
    )


def count_kept(session: Session) -> int:
    """How many messages wait for somebody to pass them on."""
    return session.scalar(select(func.count(MailMessage.id)).where(_kept())) or 0


def was_anything_sent(session: Session) -> bool:
    """Whether the mail server has ever taken a message."""
    query = select(MailMessage.id).where(MailMessage.sent_at.is_not(None)).limit(1)
    return session.scalar(query) is not None


def list_messages(session: Session, limit: int = 100) -> Sequence[MailMessage]:
    """The latest messages, the newest first."""
    return session.scalars(select(MailMessage).order_by(MailMessage.id.desc()).limit(limit)).all()


def get_message(session: Session, public_id: str) -> MailMessage:
    """The message with this public id. Raises `NotFound`."""
    message = session.scalars(select(MailMessage).where(MailMessage.public_id == public_id)).first()
    if message is None:
        raise NotFound("Meddelandet finns inte.")
    return message
