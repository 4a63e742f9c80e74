"""Reading follow-ups: those of runs that the viewer sees, and no others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from kb import clock
from kb.accounts.roles import ROLE_NAMES, Role
from kb.accounts.viewer import Viewer
from kb.errors import NotFound
from kb.runs.followups.models import FollowUp
from kb.runs.models import Run
from kb.runs.queries import is_seen_by
from kb.text.wording import full_words, span_words
from kb.web.pagination import Page, paginate

SOON = timedelta(days=7)
LEFT = FollowUp.done_at.is_(None), Run.cancel_reason == ""  # nothing remains of what was started by mistake


@dataclass(frozen=True)
class FollowUpRow:
    """A follow-up in words. `late_words` says how long it has waited; empty while there is time."""

    public_id: str
    text: str
    run_title: str
    run_public_id: str
    place: str
    is_exercise: bool
    is_duty: bool
    provision: str
    is_done: bool
    due_words: str
    late_words: str
    mail_words: str
    done_words: str
    note: str


def get_follow_up(session: Session, viewer: Viewer, public_id: str) -> FollowUp:
    """The follow-up with this public id. Raises `NotFound`, also for one of a run that the viewer may not see."""
    found = session.scalars(_seen(viewer).where(FollowUp.public_id == public_id)).first()
    if found is None:
        raise NotFound
    return found


def list_open(session: Session, viewer: Viewer) -> Sequence[FollowUp]:
    """What remains in the runs that the viewer sees, the first one first."""
    query = _seen(viewer).where(*LEFT).order_by(FollowUp.due_at, FollowUp.id)
    return session.scalars(query).all()


def coming_soon(session: Session, viewer: Viewer, limit: int) -> list[FollowUpRow]:
    """What is late or to be done within a week, the first one first: for the start page."""
    now = clock.now()
    query = (
        _seen(viewer)
        .where(*LEFT, FollowUp.due_at <= now + SOON)
        .order_by(FollowUp.due_at, FollowUp.id)
        .limit(limit)
    )
    return rows(session.scalars(query), now)


def page_done(session: Session, viewer: Viewer, number: int) -> Page[FollowUpRow]:
    """A page of what is closed, the latest first."""
    query = _seen(viewer).where(FollowUp.done_at.is_not(None))
    page = paginate(session, query.order_by(FollowUp.done_at.desc(), FollowUp.id.desc()), number)
    return Page(rows(page.items, clock.now()), page.number, page.total)


def of_run(session: Session, viewer: Viewer, public_id: str, now: datetime | None) -> list[FollowUpRow]:
    """All of one run, in the order of their days; without `now` with whole dates."""
    query = _seen(viewer).where(Run.public_id == public_id).order_by(FollowUp.due_at, FollowUp.id)
    return rows(session.scalars(query), now)


def rows(found: Iterable[FollowUp], now: datetime | None) -> list[FollowUpRow]:
    """Follow-ups in words, as at `now`; without it with whole dates, for what is kept."""
    return [_row(follow_up, now) for follow_up in found]


def _seen(viewer: Viewer) -> Select[FollowUp]:
    query = select(FollowUp).join(Run, Run.id == FollowUp.run_id).where(is_seen_by(viewer))
    return query.options(joinedload(FollowUp.run).joinedload(Run.unit))


def _row(follow_up: FollowUp, now: datetime | None) -> FollowUpRow:
    run = follow_up.run
    due_words = full_words(follow_up.due_at, now)
    is_late = not follow_up.is_done and now is not None and follow_up.due_at < now
    return FollowUpRow(
        public_id=follow_up.public_id,
        text=follow_up.text,
        run_title=run.title,
        run_public_id=run.public_id,
        place=run.place or run.unit.name,
        is_exercise=run.is_exercise,
        is_duty=follow_up.is_duty,
        provision=follow_up.provision,
        is_done=follow_up.is_done,
        due_words=due_words[0].upper() + due_words[1:],
        late_words=f"Försenad {span_words(now - follow_up.due_at)}" if is_late and now else "",
        mail_words=f"Mejlas {ROLE_NAMES[Role(follow_up.mail_role)]}" if follow_up.mail_role else "",
        done_words=_done_words(follow_up, now),
        note=follow_up.note,
    )


def _done_words(follow_up: FollowUp, now: datetime | None) -> str:
    if follow_up.done_at is None:
        return ""
    return f"Klar {full_words(follow_up.done_at, now)}, {follow_up.done_by_name}"
