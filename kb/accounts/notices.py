"""What others have done with an account, so that its owner is told: nobody becomes somebody else in silence."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.models import User
from kb.accounts.ways import Way
from kb.audit.models import AuditEvent

KEPT = timedelta(days=90)
_TOLD = ("account.link_created", "account.password_changed", "account.roles_changed", "account.session_ended")


def unseen(session: Session, user: User) -> Sequence[AuditEvent]:
    """What others have done since the person last said to have seen it, the newest first."""
    return _done_by_others(session, user, user.notices_seen_at)


def lately(session: Session, user: User) -> Sequence[AuditEvent]:
    """What others have done in the last 90 days, the newest first."""
    return _done_by_others(session, user, None)


def mark_seen(user: User) -> None:
    """The person has seen what there is."""
    user.notices_seen_at = clock.now()


def _done_by_others(session: Session, user: User, since: datetime | None) -> Sequence[AuditEvent]:
    earliest = clock.now() - KEPT
    query = (
        select(AuditEvent)
        .where(
            AuditEvent.subject == user.public_id,
            AuditEvent.actor != user.public_id,
            AuditEvent.name.in_(_TOLD),
            AuditEvent.at > max(since or earliest, earliest),
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    )
    return [event for event in session.scalars(query) if event.data.get("way") != Way.MAILED]
