"""Reading handovers, and who leads a run: who confirmed the last one, else who started it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kb.accounts.viewer import Viewer
from kb.errors import NotFound
from kb.runs.handover.models import Handover, HandoverState
from kb.runs.models import Run
from kb.runs.queries import is_seen_by
from kb.text.wording import full_words


@dataclass(frozen=True)
class Lead:
    """Who leads a run, and what waits to be confirmed: to whom, by whom, since when."""

    user_id: int | None
    words: str
    waiting_id: str = ""
    waiting_words: str = ""


def get_handover(session: Session, viewer: Viewer, run_id: str, public_id: str) -> Handover:
    """The handover of this run. Raises `NotFound`, also for a run that the viewer may not see."""
    query = (
        select(Handover)
        .join(Run, Run.id == Handover.run_id)
        .where(Handover.public_id == public_id, Run.public_id == run_id, is_seen_by(viewer))
        .options(joinedload(Handover.run).joinedload(Run.unit))
    )
    found = session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


def waiting_of(session: Session, run: Run) -> Handover | None:
    """The handover of the run that nobody has answered yet."""
    return _last(session, run, HandoverState.OFFERED)


def lead_of(session: Session, run: Run, now: datetime | None) -> Lead:
    """Who leads the run now."""
    confirmed, waiting = _last(session, run, HandoverState.CONFIRMED), waiting_of(session, run)
    user_id, words = run.started_by_id, run.started_by_name
    if confirmed is not None:
        user_id, words = confirmed.answered_by_id or 0, confirmed.answered_by_name
    if waiting is None or run.is_ended:
        return Lead(user_id, words)
    since = full_words(waiting.offered_at, now)
    told = f"{waiting.offered_by_name} lämnade över till {waiting.to_words} {since}"
    return Lead(user_id, words, waiting.public_id, told)


def _last(session: Session, run: Run, state: HandoverState) -> Handover | None:
    query = select(Handover).where(Handover.run_id == run.id, Handover.state == state.value)
    return session.scalars(query.order_by(Handover.id.desc()).limit(1)).first()
