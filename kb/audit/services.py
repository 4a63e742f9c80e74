"""Adding to the audit log."""

from typing import Any

from sqlalchemy.orm import Session

from kb import clock
from kb.audit.events import event_named
from kb.audit.models import AuditEvent


def record(
    session: Session, name: str, /, *, actor: str, subject: str | None = None, **data: Any
) -> AuditEvent:
    """Add one event to the caller's transaction.

    `actor` is the public id of a user, or "system" or "anonymous". Raises `ValueError` for an event or a key
    that no capability has registered.
    """
    declared = event_named(name)
    if declared is None:
        raise ValueError(f"undeclared audit event {name}")
    if set(data) - declared.keys:
        raise ValueError(f"undeclared keys in {name}: {sorted(set(data) - declared.keys)}")
    event = AuditEvent(at=clock.now(), name=name, actor=actor, subject=subject, data=data)
    session.add(event)
    return event
