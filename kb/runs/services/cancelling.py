"""A run that was started by mistake: whoever started it may take it back for a while. It is kept, and marked."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.audit.services import record
from kb.errors import Forbidden, Invalid
from kb.runs.models import Run
from kb.runs.operations import EventKind
from kb.runs.services.changing import Sent, begin
from kb.runs.texts import REASON_MAX, clean_line

WITHIN = timedelta(minutes=30)


def may_cancel(run: Run, by: Viewer, now: datetime) -> bool:
    """Whether this person started it, not long ago, and it goes on."""
    return not run.is_ended and run.started_by_id == by.user_id and now - run.started_at <= WITHIN


def require_cancel(run: Run, by: Viewer, now: datetime) -> None:
    """Raise `Forbidden` for others than who started it, and for who started it too long ago."""
    if run.started_by_id != by.user_id:
        raise Forbidden("Bara den som startade checklistan kan avbryta den.")
    if not may_cancel(run, by, now):
        raise Forbidden("Det har gått mer än 30 minuter sedan starten. Avsluta genomförandet i stället.")


def cancel(session: Session, run: Run, *, reason: str, sent: Sent) -> Run:
    """End a run that should not have been started: it counts nowhere, and is kept with its log.

    Raises as `begin`, `Forbidden` as `require_cancel`,
    and `Invalid` without a reason.
    """
    change, by = begin(session, run, sent), sent.by
    run = change.run
    if change.is_repeated:
        return run
    now = clock.now()
    require_cancel(run, by, now)
    reason = clean_line("reason", reason, REASON_MAX)
    if not reason:
        raise Invalid("reason", "Skriv varför, till exempel: startad av misstag.")
    run.cancel_reason, run.ended_at = reason, now
    run.ended_by_id, run.ended_by_name = by.user_id, by.name
    change.log(EventKind.CANCELLED, reason=reason)
    record(session, "run.cancelled", actor=by.actor, subject=run.public_id, unit=run.unit.name)
    return run
