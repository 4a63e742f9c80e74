"""Storing messages and asking for their sending; emptying those that are no longer needed."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kb import clock
from kb.jobs.services import enqueue
from kb.mail.models import MailMessage

QUEUE = "mail"
JOB = "mail.send"
_LONGEST_SUBJECT = 200


def send(
    session: Session, *, to: str, subject: str, body: str, expires_at: datetime | None = None
) -> MailMessage:
    """Store a message and ask the worker to send it. Its text is removed after `expires_at`."""
    subject = " ".join(subject.split())[:_LONGEST_SUBJECT]
    message = MailMessage(to=to, subject=subject, body=body, created_at=clock.now(), expires_at=expires_at)
    session.add(message)
    session.flush()
    enqueue(session, JOB, {"message_id": message.id}, queue=QUEUE)
    return message


def mark_sent(message: MailMessage) -> None:
    """The mail server has taken the message; its text is removed here."""
    message.sent_at = clock.now()
    message.body = message.last_error = None


def mark_handled(message: MailMessage) -> None:
    """An administrator has passed the message on; its text is removed here."""
    if message.is_kept:
        message.handled_at = clock.now()
        message.body = None


def send_again(session: Session, message: MailMessage) -> None:
    """Ask once more for the sending of a kept message."""
    if message.is_kept:
        message.last_error = None
        enqueue(session, JOB, {"message_id": message.id}, queue=QUEUE)


def empty_expired(session: Session) -> None:
    """Remove the texts whose links no longer work."""
    expired = MailMessage.body.is_not(None), MailMessage.expires_at < clock.now()
    session.execute(update(MailMessage).where(*expired).values(body=None))


def get_by_id(session: Session, message_id: int) -> MailMessage | None:
    """The message of a job."""
    return session.scalars(select(MailMessage).where(MailMessage.id == message_id)).first()
