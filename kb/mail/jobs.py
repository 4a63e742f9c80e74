"""Sending what waits in the queue `mail`, outside any transaction: a slow mail server blocks no writer."""

import logging
from dataclasses import dataclass

from kb.config import Settings
from kb.db import Database
from kb.errors import Refused
from kb.jobs import services as jobs
from kb.mail import services, smtp

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Task:
    job_id: int
    message_id: int
    to: str
    subject: str
    body: str


def drain(database: Database, settings: Settings) -> int:
    """Send every message whose time has come; returns how many. Without a mail server they are kept."""
    sent = 0
    while _is_waiting(database):
        task = _take(database, keep=not settings.smtp_url)
        if task is None:
            break
        sent += _send(database, settings, task)
    return sent


def _is_waiting(database: Database) -> bool:
    with database.reading() as session:
        return bool(jobs.pending(session, services.QUEUE, limit=1))


def _take(database: Database, *, keep: bool) -> _Task | None:
    """The next message to send; jobs with nothing to send (any more) are finished on the way."""
    with database.transaction() as session:
        while (job := jobs.lease(session, services.QUEUE)) is not None:
            message = services.get_by_id(session, job.payload["message_id"])
            if message is not None and message.is_kept and message.body is not None and not keep:
                return _Task(job.id, message.id, message.to, message.subject, message.body)
            jobs.finish(session, [job.id])
    return None


def _send(database: Database, settings: Settings, task: _Task) -> int:
    letter = smtp.build(sender=settings.mail_from, to=task.to, subject=task.subject, body=task.body)
    try:
        smtp.deliver(settings.smtp_url, letter)
    except (OSError, ValueError, Refused) as error:
        log.warning("message %s could not be sent: %s", task.message_id, type(error).__name__)
        _note_failure(database, task, f"{type(error).__name__}: {error}"[:500])
        return 0
    with database.transaction() as session:
        message = services.get_by_id(session, task.message_id)
        if message is not None:
            services.mark_sent(message)
        jobs.finish(session, [task.job_id])
    return 1


def _note_failure(database: Database, task: _Task, error: str) -> None:
    with database.transaction() as session:
        message = services.get_by_id(session, task.message_id)
        if message is not None:
            message.last_error = error
        jobs.fail(session, task.job_id, error)
