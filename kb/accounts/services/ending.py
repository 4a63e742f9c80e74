"""Ending every way in that somebody holds: after a backup was put back, whoever had it may have had them too."""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.models import OneTimeLink, SignIn
from kb.mail.models import MailMessage

REASON = "återställd säkerhetskopia"


def end_everything(session: Session) -> None:
    """End all sign-ins and open links, and empty the kept messages that hold such links."""
    now = clock.now()
    session.execute(update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now, end_reason=REASON))
    session.execute(delete(OneTimeLink).where(OneTimeLink.used_at.is_(None)))
    dead = MailMessage.body.is_not(None), MailMessage.expires_at.is_not(None)
    session.execute(update(MailMessage).where(*dead).values(body=None))
