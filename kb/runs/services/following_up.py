"""What remains of a run: follow-ups are made, moved and closed. Each change is a line of the run's log, also later."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.roles import Role
from kb.errors import Conflict, Forbidden, Invalid
from kb.library.content.document import Deadline
from kb.library.content.lawtexts import is_demanded
from kb.runs.followups.days import PROPOSALS, in_days, mail_at
from kb.runs.followups.models import FollowUp
from kb.runs.models import Run, RunStep
from kb.runs.operations import EventKind, StepState, due
from kb.runs.permissions import Permission, holds
from kb.runs.services.changing import Change, Sent, begin
from kb.runs.texts import NOTE_MAX, REASON_MAX, clean_line, clean_text

MAILED_ROLES = (Role.LEADER, Role.STAFF)


def add_follow_up(
    session: Session, run: Run, *, text: str, due_at: datetime, mail_role: str = "", sent: Sent
) -> FollowUp | None:
    """Make a follow-up of the run, going on or ended; None when the same was sent before.

    Raises as `begin` for the leader, `Conflict` as `refuse_cancelled`, and `Invalid` for a text that will not do or a
    role that is not mailed.
    """
    change = begin(session, run, sent, as_leader=True, after_end=True)
    if change.is_repeated:
        return None
    refuse_cancelled(change.run)
    text = clean_line("text", text, REASON_MAX)
    if not text:
        raise Invalid("text", "Skriv vad som ska följas upp.")
    if mail_role and mail_role not in MAILED_ROLES:
        raise Invalid("mail_role", "Välj vem som ska få mejl i listan.")
    return _keep(change, FollowUp(text=text, due_at=due_at, mail_role=mail_role))


def refuse_cancelled(run: Run) -> None:
    """Raise `Conflict` for a run that should not have been started: what is kept of it would be shown nowhere."""
    if run.is_cancelled:
        raise Conflict("Genomförandet startades av misstag och är avbrutet. Då följs inget upp.", current=run)


def refuse_closed(follow_up: FollowUp) -> None:
    """Raise `Conflict` for one that is closed."""
    if follow_up.is_done:
        raise Conflict("Uppföljningen är redan klar och kan inte flyttas.", current=follow_up)


def add_proposed(session: Session, run: Run, keys: Collection[str], *, sent: Sent) -> None:
    """Make those of the usual follow-ups that were chosen when the run ended, counted from now.

    Raises `Forbidden` for who neither leads the run nor ended it.
    """
    for proposal in PROPOSALS:
        if proposal.key not in keys:
            continue
        own = replace(sent, client_id=f"{sent.client_id[:100]}-{proposal.key}" if sent.client_id else None)
        change = begin(session, run, own, after_end=True)
        if change.run.ended_by_id != sent.by.user_id and not holds(sent.by, Permission.LEAD, run.unit_id):
            raise Forbidden("Det här gör den som är Krisledare i enheten.")
        if not change.is_repeated:
            due_at = in_days(clock.now(), proposal.days)
            _keep(change, FollowUp(text=proposal.text, due_at=due_at, mail_role=Role.LEADER.value))


def keep_duties(change: Change) -> None:
    """Make a follow-up of each step that the law asks for and that is open when the run ends."""
    query = select(RunStep).where(RunStep.run_id == change.run.id, RunStep.state == StepState.OPEN.value)
    now = clock.now()
    after = replace(change, sent=replace(change.sent, client_id=None))
    for step in change.session.scalars(query.order_by(RunStep.position)):
        if not (is_demanded(step.legal) or step.deadline_sort == Deadline.LEGAL):
            continue
        ahead = due(step, change.run.times)
        due_at = ahead if ahead is not None and ahead > now else in_days(now, 1)
        kept = FollowUp(text=step.text, due_at=due_at, mail_role=Role.LEADER.value)
        kept.is_duty, kept.step_key, kept.provision = True, step.key, step.legal or step.deadline
        _keep(replace(after, at_step=step), kept)


def tick(session: Session, follow_up: FollowUp, *, note: str = "", sent: Sent) -> FollowUp:
    """Close it; one that is closed stays as it is, but for a note more, which is added.

    Raises as `begin`, and `Invalid` for a duty without a note.
    """
    change = begin(session, follow_up.run, sent, after_end=True)
    session.refresh(follow_up)
    if change.is_repeated:
        return follow_up
    note = clean_text("note", note, NOTE_MAX)
    if follow_up.is_done:
        return _note_more(change, follow_up, note)
    if follow_up.is_duty and not note:
        raise Invalid(
            "note", "Lagen kräver det här. Skriv vad som är gjort, eller varför det inte ska göras."
        )
    follow_up.note, follow_up.done_at = note, clock.now()
    follow_up.done_by_id, follow_up.done_by_name = sent.by.user_id, sent.by.name
    follow_up.changed_at = follow_up.done_at
    change.log(EventKind.FOLLOWUP_DONE, **_of(follow_up), note=note)
    return follow_up


def move(session: Session, follow_up: FollowUp, due_at: datetime, *, reason: str, sent: Sent) -> FollowUp:
    """Give it another day; it is mailed once on that one too.

    Raises as `begin`, `Conflict` for one that is closed, and `Invalid` without a reason.
    """
    change = begin(session, follow_up.run, sent, after_end=True)
    session.refresh(follow_up)
    if change.is_repeated:
        return follow_up
    refuse_closed(follow_up)
    reason = clean_line("reason", reason, REASON_MAX)
    if not reason:
        raise Invalid("reason", "Skriv varför uppföljningen flyttas.")
    was, now = follow_up.due_at, clock.now()
    follow_up.due_at, follow_up.mail_at, follow_up.mailed_at = due_at, mail_at(due_at), None
    follow_up.moves, follow_up.changed_at = follow_up.moves + 1, now
    change.log(EventKind.FOLLOWUP_MOVED, **_of(follow_up), was=was.isoformat(), reason=reason)
    return follow_up


def _note_more(change: Change, follow_up: FollowUp, note: str) -> FollowUp:
    """Keep the note of whoever closed it a moment after somebody else: both stay."""
    if note:
        more = f"{change.sent.by.name}: {note}"
        follow_up.note = f"{follow_up.note}\n{more}" if follow_up.note else more
        follow_up.changed_at = clock.now()
        change.log(EventKind.FOLLOWUP_DONE, **_of(follow_up), note=note)
    return follow_up


def _keep(change: Change, follow_up: FollowUp) -> FollowUp:
    follow_up.run_id = change.run.id
    follow_up.mail_at = mail_at(follow_up.due_at)
    follow_up.created_at = follow_up.changed_at = clock.now()
    change.session.add(follow_up)
    change.session.flush()
    change.log(EventKind.FOLLOWUP_ADDED, **_of(follow_up))
    return follow_up


def _of(follow_up: FollowUp) -> dict[str, str]:
    return {
        "follow_up": follow_up.public_id,
        "text": follow_up.text,
        "due_at": follow_up.due_at.isoformat(),
    }
