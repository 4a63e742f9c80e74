"""What is removed by and by: old attempts, dead sign-ins, used links."""

from datetime import timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.entry import attempts
from kb.accounts.lifetimes import LONGEST
from kb.accounts.models import OneTimeLink, SignIn

KEPT = timedelta(days=30)


def remove_old(session: Session) -> None:
    """Remove what has been of no use for a month; the audit log remembers what happened."""
    limit = clock.now() - KEPT
    attempts.remove_old(session)
    session.execute(delete(SignIn).where(or_(SignIn.ended_at < limit, SignIn.created_at < limit - LONGEST)))
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < limit))
