"""Who may join, how a run ends, and how it is disposed of (gallring)."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.models import User
from kb.accounts.queries import get_viewer, user_by_email
from kb.accounts.viewer import Viewer
from kb.audit.services import record
from kb.errors import Conflict, Forbidden, Invalid, NotFound
from kb.runs.followups.models import FollowUp
from kb.runs.handover.models import Handover
from kb.runs.models import Run, RunEvent, RunMember, RunSection, RunStep
from kb.runs.operations import EventKind, StepState
from kb.runs.permissions import Permission, holds
from kb.runs.services.changing import Sent, begin
from kb.runs.services.following_up import keep_duties
from kb.runs.texts import CLOSING_MAX, DIARY_MAX, REASON_MAX, clean_line, clean_text


def invite(session: Session, run: Run, *, email: str, sent: Sent) -> User | None:
    """Let a person of the organisation see and work in the run; None when the person was there already.

    Raises as `begin` for the leader, and `Invalid` for an address without an open account.
    """
    change, by = begin(session, run, sent, as_leader=True), sent.by
    if change.is_repeated:
        return None
    user = user_by_email(session, email)
    viewer = get_viewer(session, user.id) if user else None
    if user is None or viewer is None:
        raise Invalid(
            "email", "Det finns inget konto med den e-postadressen. Be administratören bjuda in personen."
        )
    if holds(viewer, Permission.START, change.run.unit_id) or _is_member(session, run, user):
        return None
    member = RunMember(run_id=run.id, user_id=user.id, invited_by_id=by.user_id, invited_at=clock.now())
    session.add(member)
    change.log(EventKind.INVITED, person=user.public_id, name=user.name)
    record(session, "run.invited", actor=by.actor, subject=run.public_id, person=user.public_id)
    return user


def finish(session: Session, run: Run, *, closing_note: str, diary_number: str, sent: Sent) -> Run:
    """End the run for good; what is left open stays as it is, and what the law asks for is followed up.

    Raises as `begin`, `Forbidden` as `require_end`, and `Invalid` when critical steps are open and no note says why.
    """
    change, by = begin(session, run, sent), sent.by
    run = change.run
    if change.is_repeated:
        return run
    require_end(session, run, by)
    note = clean_text("closing_note", closing_note, CLOSING_MAX)
    if not note and _has_open_critical(session, run):
        raise Invalid(
            "closing_note", "Kritiska steg är inte klara. Skriv varför genomförandet ändå avslutas."
        )
    run.closing_note, run.diary_number = note, clean_line("diary_number", diary_number, DIARY_MAX)
    run.ended_at = clock.now()
    run.ended_by_id, run.ended_by_name = by.user_id, by.name
    change.log(EventKind.FINISHED)
    keep_duties(change)
    record(session, "run.finished", actor=by.actor, subject=run.public_id, unit=run.unit.name)
    return run


def require_end(session: Session, run: Run, by: Viewer) -> None:
    """Raise `Forbidden` for who neither leads the run nor, where no critical step is open, is staff of its unit."""
    if holds(by, Permission.LEAD, run.unit_id):
        return
    if not holds(by, Permission.START, run.unit_id):
        raise Forbidden("Det här gör den som är Krisledare eller Medarbetare i enheten.")
    if _has_open_critical(session, run):
        raise Forbidden("Kritiska steg är inte klara. Då avslutar den som är Krisledare i enheten.")


def dispose(session: Session, run: Run, *, decision: str, by: Viewer) -> None:
    """Remove an ended run and all its content under a decision, which stays in the audit log.

    Raises `Forbidden` for others than administrators, `Conflict` for a run that goes on, `Invalid` without a decision.
    """
    if not by.can(Permission.DISPOSE):
        raise Forbidden()
    found = session.scalars(
        select(Run).where(Run.id == run.id).with_for_update().execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    if not found.is_ended:
        raise Conflict("Genomförandet pågår. Bara avslutade genomföranden kan gallras.", current=found)
    decision = clean_line("decision", decision, REASON_MAX)
    if not decision:
        raise Invalid("decision", "Skriv vilket gallringsbeslut som gäller.")
    record(
        session,
        "run.disposed",
        actor=by.actor,
        subject=found.public_id,
        unit=found.unit.name,
        decision=decision,
        lines=found.log_count,
        head=found.log_head,
    )
    for table in (FollowUp, Handover, RunEvent, RunMember, RunStep, RunSection):
        session.execute(delete(table).where(table.run_id == found.id))
    session.execute(delete(Run).where(Run.id == found.id))


def _is_member(session: Session, run: Run, user: User) -> bool:
    query = select(RunMember.id).where(RunMember.run_id == run.id, RunMember.user_id == user.id)
    return session.scalar(query) is not None


def _has_open_critical(session: Session, run: Run) -> bool:
    query = select(RunStep.id).where(
        RunStep.run_id == run.id, RunStep.is_critical.is_(True), RunStep.state == StepState.OPEN.value
    )
    return session.scalars(query.limit(1)).first() is not None
