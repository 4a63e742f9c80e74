"""Mailing what is to be remembered, once; and what a person chooses to be mailed about.

A follow-up or step is marked in the transaction that stores its messages, so neither can be without the other, whenever
a worker is killed: in one database each is asked for exactly once, whatever the clock does later. What goes out is at
least once (see `kb.mail.jobs`): a server that breaks off, and a backup from before the day that is put back after it,
send again, with the Message-ID that the first one had, by which the receiving side can tell that it is one. A duty that
is told twice costs less than one that is told never.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kb import clock
from kb.accounts.viewer import Viewer
from kb.errors import Forbidden
from kb.library.content.document import Deadline
from kb.machines import moment
from kb.runs.deadlines import late_words
from kb.runs.followups.models import FollowUp
from kb.runs.followups.queries import LEFT
from kb.runs.models import Run, RunStep
from kb.runs.operations import StepState, due, is_step_late
from kb.runs.reminders import letters
from kb.runs.reminders.models import LateNotice, MailChoice
from kb.runs.reminders.queries import Choice, people_of, who_chose

BATCH = 100


def choose(session: Session, choice: Choice, *, by: Viewer) -> None:
    """Let the person be mailed about this, and nothing else."""
    if by.user_id is None:
        raise Forbidden
    row = session.get(MailChoice, by.user_id) or MailChoice(user_id=by.user_id)
    row.late_steps, row.follow_ups, row.changed_at = choice.late_steps, choice.follow_ups, clock.now()
    session.add(row)
    session.flush()


def mail_follow_ups(session: Session) -> int:
    """Ask for the mails of the follow-ups whose day has come, at most `BATCH`; returns how many follow-ups."""
    now = moment(session)
    query = (
        select(FollowUp)
        .join(Run, Run.id == FollowUp.run_id)
        .where(*LEFT, FollowUp.mailed_at.is_(None), FollowUp.mail_at <= now)
        .order_by(FollowUp.mail_at, FollowUp.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=FollowUp)
    )
    found = session.scalars(query).all()
    for follow_up in found:
        _mail(session, follow_up, now)
    session.flush()
    return len(found)


def mail_late_steps(session: Session) -> int:
    """Ask for the mails about steps that have become late since it was last looked; returns how many steps."""
    now = moment(session)
    late = _untold(session, now)
    chose = who_chose(session, MailChoice.late_steps)
    for run, steps in late.items():
        session.add_all(LateNotice(step_id=step.id, noticed_at=now) for step in steps)
        told = [(step.position, late_words(due(step, run.times), now)) for step in steps]
        for person in people_of(session, run):
            if person.user_id in chose:
                letters.mail_late_steps(session, run, told, person)
    session.flush()
    return sum(map(len, late.values()))


def _mail(session: Session, follow_up: FollowUp, now: datetime) -> None:
    chose, role = who_chose(session, MailChoice.follow_ups), follow_up.mail_role
    for person in people_of(session, follow_up.run):
        if person.user_id in chose or (role and person.holds(role)):
            letters.mail_follow_up(session, follow_up, person)
    follow_up.mailed_at = now


def _untold(session: Session, now: datetime) -> dict[Run, Sequence[RunStep]]:
    """The late steps of runs that go on, without those that have been told."""
    query = (
        select(RunStep, Run)
        .join(Run, Run.id == RunStep.run_id)
        .outerjoin(LateNotice, LateNotice.step_id == RunStep.id)
        .where(
            Run.ended_at.is_(None),
            RunStep.state == StepState.OPEN.value,
            RunStep.deadline_sort == Deadline.RELATIVE.value,
            LateNotice.step_id.is_(None),
        )
        .options(joinedload(Run.unit))
        .order_by(Run.id, RunStep.position)
    )
    found: dict[Run, list[RunStep]] = defaultdict(list)
    for step, run in session.execute(query):
        if is_step_late(step, run.times, now):
            found[run].append(step)
    return dict(found)
