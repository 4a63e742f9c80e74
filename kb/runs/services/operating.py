"""What is done in a running checklist: steps get states, people and notes. Each change is a line of the log."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.queries import unit_members
from kb.accounts.viewer import Viewer
from kb.errors import Forbidden, Invalid
from kb.runs.deadlines import FIELD, read_event_time
from kb.runs.models import Run, RunEvent, RunStep
from kb.runs.operations import EventKind, StepState
from kb.runs.permissions import Permission, holds
from kb.runs.services.changing import Change, Sent, begin, made_at
from kb.runs.texts import ASSIGNED_MAX, NOTE_MAX, REASON_MAX, clean_line, clean_text


def set_step_state(
    session: Session, run: Run, key: str, state: StepState, *, sent: Sent, reason: str = ""
) -> RunStep:
    """Set the step to a state, whatever it was before; what waited on a device yields to what others did later.

    Raises as `begin`, `Invalid` for a skip without reason, `Forbidden` for a critical step skipped by others than the
    leader.
    """
    change = begin(session, run, sent, key=key)
    step = change.step
    if change.is_repeated:
        return step
    reason = _skip_reason(change.run, step, reason, sent.by) if state is StepState.SKIPPED else ""
    was = step.state
    is_overtaken = _is_overtaken(session, change)
    if not is_overtaken and (was != state or step.is_ruled_out):
        step.state, step.skip_reason = state.value, reason
        step.state_at, step.state_device_at = max(sent.at, change.run.started_at), sent.device_at
        step.state_by_id, step.state_by_name = sent.by.user_id, sent.by.name
    said: dict[str, object] = {"reason": reason} if reason else {}
    if is_overtaken:
        said["overtaken"] = True
    change.log(EventKind(state.value), was=was, **said)
    return step


def assign(session: Session, run: Run, key: str, who: str, *, sent: Sent) -> RunStep:
    """Give the step to a role in words or to a person of the unit; empty words take it back.

    Raises as `begin`, and `Invalid`.
    """
    change = begin(session, run, sent, key=key)
    step = change.step
    if change.is_repeated:
        return step
    who = clean_line("assigned", who, ASSIGNED_MAX)
    people = [m for m in unit_members(session, change.run.unit_id) if m.name.casefold() == who.casefold()]
    person = people[0] if len(people) == 1 else None
    step.assigned_role = person.name if person else who
    step.assigned_user_id = person.user_id if person else None
    change.log(EventKind.ASSIGNED, who=step.assigned_role)
    return step


def add_note(session: Session, run: Run, key: str | None, text: str, *, sent: Sent) -> None:
    """Add a note to a step, or to the run itself; notes are never changed, so two never overwrite each other.

    Raises as `begin`, and `Invalid` for an empty text or one with an identity number.
    """
    change = begin(session, run, sent, key=key)
    if change.is_repeated:
        return
    text = clean_text("text", text, NOTE_MAX)
    if not text:
        raise Invalid("text", "Skriv något i anteckningen.")
    change.log(EventKind.NOTED, text=text)


def retime(session: Session, run: Run, words: str, *, reason: str, sent: Sent) -> Run:
    """Correct when it happened, from which all times are counted; the log keeps what it was, and why it changed.

    Raises as `begin`, and `Invalid` for a time that is none (see `kb.runs.deadlines`) or without a reason.
    """
    change = begin(session, run, sent)
    run = change.run
    if change.is_repeated:
        return run
    event_at = read_event_time(words, clock.now())
    if event_at is None:
        raise Invalid(FIELD, "Skriv när det hände, eller när ni fick veta.")
    reason = clean_line("reason", reason, REASON_MAX)
    if not reason:
        raise Invalid("reason", "Skriv varför tiden ändras.")
    was, run.event_at = run.event_at, event_at
    change.log(EventKind.RETIMED, event_at=event_at.isoformat(), was=was.isoformat(), reason=reason)
    return run


def _is_overtaken(session: Session, change: Change) -> bool:
    """Whether somebody else set the state of the step after this change was made, though theirs came before it.

    One's own changes come in the order in which they were made, however long each was on its way.
    """
    sent = change.sent
    if sent.made_at is None:
        return False
    lines = session.scalars(
        select(RunEvent).where(
            RunEvent.run_id == change.run.id,
            RunEvent.step_key == change.step.key,
            RunEvent.kind.in_([state.value for state in StepState]),
            RunEvent.actor_id != sent.by.user_id,
        )
    )
    return any(made_at(line) > sent.made_at for line in lines)


def _skip_reason(run: Run, step: RunStep, reason: str, by: Viewer) -> str:
    if step.is_critical and not holds(by, Permission.LEAD, run.unit_id):
        raise Forbidden("Steget är kritiskt. Bara den som är Krisledare i enheten får hoppa över det.")
    reason = clean_line("reason", reason, REASON_MAX)
    if not reason:
        raise Invalid("reason", "Skriv varför steget inte är aktuellt.")
    return reason
