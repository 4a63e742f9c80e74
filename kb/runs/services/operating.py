"""What is done in a running checklist: steps get states, people and notes. Each change is a line of the log."""

import re
from datetime import datetime
from typing import Any, TypedDict
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.queries import unit_members
from kb.accounts.viewer import Viewer
from kb.errors import Conflict, Forbidden, Invalid, NotFound
from kb.runs.models import Run, RunEvent, RunStep
from kb.runs.operations import EventKind, StepState
from kb.runs.permissions import Permission, holds
from kb.runs.queries import is_seen_by
from kb.runs.texts import ASSIGNED_MAX, NOTE_MAX, REASON_MAX, clean_line, clean_text

CLIENT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,120}")


class Sent(TypedDict):
    """What every change says about itself."""

    by: Viewer
    client_id: str | None
    device_at: datetime | None


class RunEnded(Conflict):
    """The run is over; what was sent changes nothing."""

    message = "Genomförandet är avslutat. Inget kan ändras längre."


def set_step_state(
    session: Session,
    run: Run,
    key: str,
    state: StepState,
    *,
    by: Viewer,
    reason: str = "",
    client_id: str | None = None,
    device_at: datetime | None = None,
) -> RunStep:
    """Set the step to a state, whatever it was before; the same `client_id` again changes nothing.

    Raises `Invalid` for a skip without reason, `Forbidden` for a critical step skipped by others than the leader,
    `RunEnded`, and `NotFound` for a run that is not seen or a step that is not there.
    """
    run, step = lock(session, run, by=by), _find_step(session, run, key)
    if is_known(session, run, client_id):
        return step
    refuse_ended(run)
    reason = _skip_reason(run, step, reason, by) if state is StepState.SKIPPED else ""
    data: dict[str, Any] = {"was": step.state} | ({"reason": reason} if reason else {})
    if step.state != state or step.is_ruled_out:
        step.state, step.skip_reason = state.value, reason
        step.state_at, step.state_device_at = clock.now(), device_at
        step.state_by_id, step.state_by_name = by.user_id, by.name
    log(
        session,
        run,
        EventKind(state.value),
        by=by,
        key=key,
        client_id=client_id,
        device_at=device_at,
        data=data,
    )
    return step


def assign(
    session: Session,
    run: Run,
    key: str,
    who: str,
    *,
    by: Viewer,
    client_id: str | None = None,
    device_at: datetime | None = None,
) -> RunStep:
    """Give the step to a role in words or to a person of the unit; empty words take it back.

    Raises `Invalid`, `RunEnded`, `NotFound`.
    """
    run, step = lock(session, run, by=by), _find_step(session, run, key)
    if is_known(session, run, client_id):
        return step
    refuse_ended(run)
    who = clean_line("ansvarig", who, ASSIGNED_MAX)
    people = [m for m in unit_members(session, run.unit_id) if m.name.casefold() == who.casefold()]
    person = people[0] if len(people) == 1 else None
    step.assigned_role = person.name if person else who
    step.assigned_user_id = person.user_id if person else None
    data = {"who": step.assigned_role}
    log(session, run, EventKind.ASSIGNED, by=by, key=key, client_id=client_id, device_at=device_at, data=data)
    return step


def add_note(
    session: Session,
    run: Run,
    key: str | None,
    text: str,
    *,
    by: Viewer,
    client_id: str | None = None,
    device_at: datetime | None = None,
) -> None:
    """Add a note to a step, or to the run itself; notes are never changed, so two never overwrite each other.

    Raises `Invalid` for an empty text or one with an identity number, `RunEnded`, `NotFound`.
    """
    run = lock(session, run, by=by)
    if key is not None:
        _find_step(session, run, key)
    if is_known(session, run, client_id):
        return
    refuse_ended(run)
    text = clean_text("text", text, NOTE_MAX)
    if not text:
        raise Invalid("text", "Skriv något i anteckningen.")
    data = {"text": text}
    log(
        session,
        run,
        EventKind.NOTED,
        by=by,
        key=key or "",
        client_id=client_id,
        device_at=device_at,
        data=data,
    )


def lock(session: Session, run: Run, *, by: Viewer) -> Run:
    """The run as it is now, held until the transaction ends: changes of one run come one after the other.

    Raises `NotFound` when `by` does not see it.
    """
    query = select(Run).where(Run.id == run.id, is_seen_by(by)).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def is_known(session: Session, run: Run, client_id: str | None) -> bool:
    """Whether a change with this id was stored before. Raises `Invalid` for an id that cannot be one."""
    if not client_id:
        return False
    check_client_id(client_id)
    query = select(RunEvent.id).where(RunEvent.run_id == run.id, RunEvent.client_id == client_id)
    return session.scalar(query) is not None


def check_client_id(client_id: str) -> None:
    """Raise `Invalid` for an id that is too long or holds odd characters."""
    if not CLIENT_ID.fullmatch(client_id):
        raise Invalid("client_id", "Formuläret är felaktigt. Ladda om sidan och försök igen.")


def refuse_ended(run: Run) -> None:
    """Raise `RunEnded` for a run that is over."""
    if run.is_ended:
        raise RunEnded(current=run)


def require_lead(run: Run, by: Viewer) -> None:
    """Raise `Forbidden` for who is not Krisledare in the run's unit."""
    if not holds(by, Permission.LEAD, run.unit_id):
        raise Forbidden("Det här gör den som är Krisledare i enheten.")


def log(
    session: Session,
    run: Run,
    kind: EventKind,
    *,
    by: Viewer,
    client_id: str | None,
    device_at: datetime | None,
    data: dict[str, Any],
    key: str = "",
) -> RunEvent:
    """Add a line to the log."""
    line = RunEvent(
        run_id=run.id,
        client_id=client_id or uuid4().hex,
        kind=kind.value,
        step_key=key,
        actor_id=by.user_id,
        actor_name=by.name,
        device_at=device_at,
        server_at=clock.now(),
        data=data,
    )
    session.add(line)
    session.flush()
    return line


def _find_step(session: Session, run: Run, key: str) -> RunStep:
    query = select(RunStep).where(RunStep.run_id == run.id, RunStep.key == key)
    step = session.scalars(query.execution_options(populate_existing=True)).first()
    if step is None:
        raise NotFound
    return step


def _skip_reason(run: Run, step: RunStep, reason: str, by: Viewer) -> str:
    if step.is_critical and not holds(by, Permission.LEAD, run.unit_id):
        raise Forbidden("Steget är kritiskt. Bara den som är Krisledare i enheten får hoppa över det.")
    reason = clean_line("orsak", reason, REASON_MAX)
    if not reason:
        raise Invalid("orsak", "Skriv varför steget inte är aktuellt.")
    return reason
