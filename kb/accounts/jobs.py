"""Work of accounts in the background: mailing password links, clearing away what is old."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts import cleaning, queries
from kb.accounts.letters import mail_password_link
from kb.accounts.models import OneTimeLink, User
from kb.accounts.services.links import create_password_link
from kb.accounts.viewer import SYSTEM
from kb.config import Settings
from kb.db import Database
from kb.jobs.outbox import Outbox
from kb.mail import services as mail

PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)


def register(outbox: Outbox, database: Database, settings: Settings) -> None:
    """Tell the worker what it can do."""
    sender = password_link_sender(settings.base_url)
    outbox.handle("accounts.send_password_link", sender, takes={"email": str})

    def clean() -> None:
        with database.transaction() as session:
            cleaning.remove_old(session)
            mail.empty_expired(session)

    outbox.every("accounts.clean", timedelta(hours=1), clean)


def password_link_sender(base_url: str) -> Callable[[Session, dict[str, Any]], None]:
    """The handler that mails a password link to the address in the payload, if it has an open account.

    Known and unknown addresses look the same to who asked. A stranger who asks again and again fills no mailbox, and
    the link in the newest mail always works: the pause grows to less than its life.
    """

    def handle(session: Session, payload: dict[str, Any]) -> None:
        user = queries.user_by_email(session, payload["email"])
        if user is None or user.is_closed or _was_just_sent(session, user):
            return
        token = create_password_link(session, user, by=SYSTEM, is_mailed=True)
        renewal = _renewal(payload)
        mail_password_link(session, user, address=f"{base_url}/lank/{token}", renewal=renewal)

    return handle


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
