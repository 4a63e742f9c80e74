"""Work of accounts in the background: mailing password links, clearing away what is old."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts import cleaning, queries
from kb.accounts.letters import link_url, mail_password_link
from kb.accounts.models import OneTimeLink, User
from kb.accounts.services.links import create_password_link
from kb.accounts.viewer import SYSTEM
from kb.db import Database
from kb.jobs.outbox import Outbox
from kb.mail import services as mail

PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)


def register(outbox: Outbox, database: Database) -> None:
    """Tell the worker what it can do."""
    outbox.handle("accounts.send_password_link", send_password_link, takes={"email": str})

    def clean() -> None:
        with database.transaction() as session:
            cleaning.remove_old(session)
            mail.empty_expired(session)

    outbox.every("accounts.clean", timedelta(hours=1), clean)


def send_password_link(session: Session, payload: dict[str, Any]) -> None:
    """Mail a password link to the address in the payload, if it has an open account.

    Known and unknown addresses look the same to who asked. A stranger who asks again and again fills no mailbox, and
    the link in the newest mail always works: the pause grows to less than its life.
    """

    user = queries.user_by_email(session, payload["email"])
    if user is None or user.is_closed or _was_just_sent(session, user):
        return
    token = create_password_link(session, user, by=SYSTEM, is_mailed=True)
    mail_password_link(session, user, address=link_url(token), renewal=_renewal(payload))


def _renewal(payload: dict[str, Any]) -> mail.Renewal:
    """The same once more, should the link be too old before its mail could be sent; as long as mail is tried at all."""
    asked_at = payload.get(mail.ASKED_AT)
    since = datetime.fromisoformat(asked_at) if asked_at else None
    return mail.Renewal("accounts.send_password_link", {"email": payload["email"]}, since)


def _was_just_sent(session: Session, user: User) -> bool:
    query = select(OneTimeLink.created_at).where(
        OneTimeLink.user_id == user.id,
        OneTimeLink.is_mailed.is_(True),
        OneTimeLink.created_at > clock.now() - timedelta(days=1),
    )
    sent: Sequence[datetime] = session.scalars(query).all()
    if not sent:
        return False
    pause = min(PAUSE * (1 << min(len(sent) - 1, 10)), LONGEST_PAUSE)
    return clock.now() - max(sent) < pause
