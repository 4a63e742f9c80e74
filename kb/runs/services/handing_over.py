"""Handing over the lead of a run: offered with a brief, confirmed by the receiver, or taken back; all in the log."""

from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.queries import unit_members
from kb.accounts.viewer import Viewer
from kb.errors import Conflict, Forbidden, Invalid
from kb.runs.followups.queries import of_run
from kb.runs.handover.brief import make_brief
from kb.runs.handover.models import Handover, HandoverState
from kb.runs.handover.queries import lead_of, waiting_of
from kb.runs.models import Run
from kb.runs.operations import EventKind
from kb.runs.permissions import Permission, holds
from kb.runs.services.changing import Change, Sent, begin
from kb.runs.texts import ASSIGNED_MAX, MESSAGE_MAX, clean_line, clean_text


def require_hand(session: Session, run: Run, by: Viewer) -> None:
    """Raise `Forbidden` for who neither leads the run nor is Krisledare in its unit."""
    if not (holds(by, Permission.LEAD, run.unit_id) or lead_of(session, run, None).user_id == by.user_id):
        raise Forbidden("Det här gör den som leder genomförandet eller är Krisledare i enheten.")


def offer(session: Session, run: Run, *, to: str, message: str = "", sent: Sent) -> Handover | None:
    """Offer the lead to a person or a role, with the brief of this moment; what waits when the same was sent before.

    Raises as `begin`, `Forbidden` for who does not lead, `Invalid` for words that will not do, and while another offer
    waits.
    """
    change, by = begin(session, run, sent), sent.by
    run = change.run
    if change.is_repeated:
        return waiting_of(session, run)
    require_hand(session, run, by)
    to = clean_line("to", to, ASSIGNED_MAX)
    if not to:
        raise Invalid("to", "Skriv vem du lämnar över till, en person eller en roll.")
    if (waiting := waiting_of(session, run)) is not None:
        raise Invalid("to", f"En överlämning till {waiting.to_words} väntar redan. Ta tillbaka den först.")
    named = _member(session, run, to)
    if named == by.user_id:
        raise Invalid("to", "Du leder redan. Skriv någon annan än dig själv.")
    now = clock.now()
    handover = Handover(
        run_id=run.id,
        offered_at=now,
        offered_by_id=by.user_id,
        offered_by_name=by.name,
        to_words=to,
        to_user_id=named,
        message=clean_text("message", message, MESSAGE_MAX),
        brief=make_brief(run, of_run(session, by, run.public_id, None), now),
    )
    session.add(handover)
    session.flush()
    change.log(EventKind.HANDOVER_OFFERED, who=to)
    return handover


def confirm(session: Session, handover: Handover, *, name: str, sent: Sent) -> None:
    """Take over the lead, by name or role.

    Raises as `begin`, `Forbidden` for who offered it or is not who it was offered to, `Conflict` for one that does not
    wait any more, `Invalid` without a name.
    """
    change, by = _begin(session, handover, sent), sent.by
    if change is None:
        return
    if by.user_id == handover.offered_by_id:
        raise Forbidden(
            "Den som lämnar över kan inte själv bekräfta. Den som tar emot loggar in och gör det."
        )
    if handover.to_user_id not in (None, by.user_id):
        raise Forbidden(f"Överlämningen är till {handover.to_words}. Bara den personen kan bekräfta.")
    name = clean_line("name", name, ASSIGNED_MAX)
    if not name:
        raise Invalid("name", "Skriv ditt namn eller din roll.")
    _answer(handover, HandoverState.CONFIRMED, by, name if by.name in name else f"{by.name}, {name}"[:100])
    change.log(EventKind.HANDOVER_TAKEN, who=handover.offered_by_name, name=handover.answered_by_name)


def take_back(session: Session, handover: Handover, *, sent: Sent) -> None:
    """Take an offer back: who made it, or a Krisledare of the unit. Raises as `confirm`."""
    change, by = _begin(session, handover, sent), sent.by
    if change is None:
        return
    if by.user_id != handover.offered_by_id and not holds(by, Permission.LEAD, change.run.unit_id):
        raise Forbidden("Det här gör den som lämnade över, eller den som är Krisledare i enheten.")
    _answer(handover, HandoverState.TAKEN_BACK, by, by.name)
    change.log(EventKind.HANDOVER_BACK, who=handover.to_words)


def _begin(session: Session, handover: Handover, sent: Sent) -> Change | None:
    """Hold the run; None when the same was sent before."""
    change = begin(session, handover.run, sent)
    session.refresh(handover)
    if change.is_repeated:
        return None
    if handover.state != HandoverState.OFFERED:
        raise Conflict("Överlämningen är redan bekräftad eller återtagen.", current=handover)
    return change


def _answer(handover: Handover, state: HandoverState, by: Viewer, name: str) -> None:
    handover.state, handover.answered_at = state.value, clock.now()
    handover.answered_by_id, handover.answered_by_name = by.user_id, name


def _member(session: Session, run: Run, words: str) -> int | None:
    """The one member of the unit with this name."""
    found = [one for one in unit_members(session, run.unit_id) if one.name.casefold() == words.casefold()]
    return found[0].user_id if len(found) == 1 else None
