"""What the worker does each minute, once over all machines: asks for the mails whose time has come."""

from datetime import timedelta

from kb.db import Database
from kb.jobs.outbox import Outbox
from kb.runs.reminders.services import BATCH, mail_follow_ups, mail_late_steps

EVERY = timedelta(minutes=1)


def register(outbox: Outbox, database: Database) -> None:
    """Tell the worker what recurs."""

    def act() -> None:
        with outbox.surroundings():
            remind(database)

    outbox.every("runs.remind", EVERY, act)


def remind(database: Database) -> tuple[int, int]:
    """Ask for all mails that are due; how many follow-ups and how many late steps. Each batch stands by itself."""
    follow_ups = 0
    while True:
        with database.transaction() as session:
            count = mail_follow_ups(session)
        follow_ups += count
        if count < BATCH:
            break
    return follow_ups, _late(database)


def _late(database: Database) -> int:
    with database.transaction() as session:
        return mail_late_steps(session)
