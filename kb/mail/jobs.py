"""Sending what waits in the queue `mail`: one message at a time, outside any transaction, in a thread of its own.

SMTP cannot say whether a message arrived when the connection breaks between its text and the answer. Such a message is
sent again with the same Message-ID, so that the receiving side can tell that it is one: at least once, never lost.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from sqlalchemy.orm import Session

from kb import clock
from kb.config import Settings
from kb.db import Database
from kb.errors import Refused
from kb.jobs import queries
from kb.jobs import services as jobs
from kb.jobs.models import Job
from kb.jobs.trying import is_away, reason_of
from kb.mail import services, smtp
from kb.mail.models import MailMessage

log = logging.getLogger(__name__)
PATIENCE = jobs.Patience([timedelta(minutes=n) for n in (1, 2, 5, 10, 20, 40, 60)], timedelta(days=3))
FRESH = timedelta(minutes=15)  # a link that works for a shorter time is of no use to who gets it
FIRST_REST, LONGEST_REST = 10.0, 120.0
_ABOUT_THE_MESSAGE = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, ValueError)


@dataclass(frozen=True)
class _Task:
    job_id: int
    message_id: int
    letter: EmailMessage


class Sender:
    """Sends what is due; a server that does not answer is left alone for a while, whatever waits."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._not_before = 0.0
        self._rest = FIRST_REST

    def drain(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Send what is due, until the server fails; returns how many. Without a server messages are kept."""
        sent = 0
        while not stop() and time.monotonic() >= self._not_before and self._is_waiting():
            task = self._take()
            if task is None:
                break
            sent += self._send(task)
        return sent

    def _is_waiting(self) -> bool:
        with self._database.reading() as session:
            return bool(queries.pending(session, services.QUEUE, limit=1))

    def _take(self) -> _Task | None:
        """The next message to send; jobs with nothing to send (any more) are finished on the way.

        What cannot be made into a message never will be: it is set aside, and the next one's turn comes.
        """
        while (job_id := self._lease()) is not None:
            try:
                with self._database.transaction() as session:
                    task = self._prepare(session, queries.get_job(session, job_id))
            except Exception as error:
                if is_away(error):
                    raise
                log.warning("job %s cannot be made into a message: %s", job_id, type(error).__name__)
                with self._database.transaction() as session:
                    jobs.set_aside(queries.get_job(session, job_id), reason_of(error))
                continue
            if task is not None:
                return task
        return None

    def _lease(self) -> int | None:
        with self._database.transaction() as session:
            job = jobs.lease(session, services.QUEUE)
            return None if job is None else job.id

    def _prepare(self, session: Session, job: Job) -> _Task | None:
        message = services.get_by_id(session, job.payload["message_id"])
        if message is not None and self._is_to_be_sent(session, message, job):
            return _Task(job.id, message.id, self._letter(message))
        jobs.finish(session, [job.id])
        return None

    def _is_to_be_sent(self, session: Session, message: MailMessage, job: Job) -> bool:
        if message.sent_at is not None or message.handled_at is not None or not self._settings.smtp_url:
            return False
        if message.expires_at is not None and message.expires_at < clock.now() + FRESH:
            return not services.replace_expired(session, message, job) and message.is_current
        return message.body is not None

    def _letter(self, message: MailMessage) -> EmailMessage:
        return smtp.build(
            sender=self._settings.mail_from,
            to=message.to,
            subject=message.subject,
            body=message.body or "",
            name=message.public_id,
            written_at=message.created_at,
        )

    def _send(self, task: _Task) -> int:
        try:
            smtp.deliver(self._settings.smtp_url, task.letter, plain=self._settings.smtp_plain)
        except (OSError, ValueError, Refused) as error:
            log.warning("message %s could not be sent: %s", task.message_id, type(error).__name__)
            self._note_failure(task, error)
            return 0
        self._rest = FIRST_REST
        with self._database.transaction() as session:
            message = services.get_by_id(session, task.message_id)
            if message is not None:
                services.mark_sent(message)
            jobs.finish(session, [task.job_id])
        return 1

    def _note_failure(self, task: _Task, error: Exception) -> None:
        if not isinstance(error, _ABOUT_THE_MESSAGE):
            self._not_before = time.monotonic() + self._rest
            self._rest = min(LONGEST_REST, self._rest * 2)
        reason = f"{type(error).__name__}: {error}"[:500]
        with self._database.transaction() as session:
            message = services.get_by_id(session, task.message_id)
            if message is not None:
                message.last_error = reason
            jobs.fail(session, task.job_id, reason, PATIENCE)


def drain(database: Database, settings: Settings) -> int:
    """Send every message whose time has come; returns how many."""
    return Sender(database, settings).drain()
