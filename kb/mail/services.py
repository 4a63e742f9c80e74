"""Storing messages and asking for their sending; emptying those that are no longer needed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kb import clock
from kb.jobs.models import Job
from kb.jobs.outbox import enqueue
from kb.jobs.queries import list_jobs
from kb.jobs.services import retry
from kb.mail.models import MailMessage, tokens_in

QUEUE = "mail"
ASKED_AT = "asked_at"  # in the payload of a job that makes a message anew
_LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Renewal:
    """The job that makes a message anew when its link expires before it could be sent, and since when it is wanted."""

    job: str
    payload: dict[str, Any]
    asked_at: datetime | None = None


def send(
    session: Session,
    *,
    to: str,
    subject: str,
    body: str,
    expires_at: datetime | None = None,
    renewal: Renewal | None = None,
    key: str | None = None,
) -> MailMessage:
    """Store a message and ask the worker to send it. Its text is removed after `expires_at`.

    With a `key` (32 characters) there is one such message: asked for again, the one that is stored is given; and its
    Message-ID is the same wherever it is made again, also after a backup was put back.
    """
    if key is not None and (stored := _by_key(session, key)) is not None:
        return stored
    subject = " ".join(subject.split())[:_LONGEST_SUBJECT]
    message = MailMessage(
        public_id=key, to=to, subject=subject, body=body, created_at=clock.now(), expires_at=expires_at
    )
    if renewal is not None:
        message.renewal = {"job": renewal.job, "payload": renewal.payload}
    session.add(message)
    session.flush()
    asked_at = renewal.asked_at if renewal is not None else None
    enqueue(session, "mail.send", {"message_id": message.id}, asked_at=asked_at)
    return message


def replace_expired(session: Session, message: MailMessage, job: Job) -> bool:
    """Ask for a new message in the place of one with a link that has expired; False when nothing makes one."""
    if message.renewal is None:
        return False
    payload = {**message.renewal["payload"], ASKED_AT: job.created_at.isoformat()}
    enqueue(session, message.renewal["job"], payload)
    message.body = None
    message.last_error = "Länken hann bli för gammal innan mejlet gick att skicka. Ett nytt mejl är på väg."
    return True


def mark_sent(message: MailMessage) -> None:
    """The mail server has taken the message; its text is removed here."""
    message.sent_at = clock.now()
    message.body = message.last_error = None


def mark_handled(message: MailMessage) -> None:
    """An administrator has passed the message on; its text is removed here."""
    if message.is_kept:
        message.handled_at = clock.now()
        message.body = None


def drop_letters(session: Session, to: str, is_dead: Callable[[str], bool]) -> None:
    """Send no message any more whose one-time link (`is_dead` by its token) was used or taken back."""
    waiting = select(MailMessage).where(MailMessage.to == to, MailMessage.body.is_not(None))
    for message in session.scalars(waiting):
        if any(map(is_dead, tokens_in(message.body or ""))):
            mark_handled(message)


def send_again(session: Session, message: MailMessage) -> None:
    """Ask once more for the sending of a kept message: by the job that it has, when there is one."""
    if not message.is_kept:
        return
    message.last_error = None
    for job in list_jobs(session):
        if job.queue == QUEUE and job.payload is not None and job.payload.get("message_id") == message.id:
            return retry(job)
    enqueue(session, "mail.send", {"message_id": message.id})


def empty_expired(session: Session) -> None:
    """Remove the texts whose links no longer work."""
    expired = MailMessage.body.is_not(None), MailMessage.expires_at < clock.now()
    session.execute(update(MailMessage).where(*expired).values(body=None))


def _by_key(session: Session, key: str) -> MailMessage | None:
    return session.scalars(select(MailMessage).where(MailMessage.public_id == key)).first()


def get_by_id(session: Session, message_id: int) -> MailMessage | None:
    """The message of a job."""
    return session.scalars(select(MailMessage).where(MailMessage.id == message_id)).first()
