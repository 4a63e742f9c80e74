"""The messages of reminders. A mail may be read by others, so it says where to look and nothing of what it is about."""

import hashlib
from collections.abc import Sequence

from sqlalchemy.orm import Session

from kb.mail.letters import compose
from kb.mail.services import send
from kb.runs.followups.models import FollowUp
from kb.runs.models import Run
from kb.runs.reminders.queries import Person
from kb.text.wording import swedish_date, swedish_time
from kb.web.addresses import external_url


def mail_follow_up(session: Session, follow_up: FollowUp, to: Person) -> None:
    """Say that something is to be followed up, and when; the same one, on the same day, is one message for ever."""
    letter = compose(
        "follow_up",
        name=to.name,
        unit=follow_up.run.unit.name,
        when=f"{swedish_date(follow_up.due_at)} klockan {swedish_time(follow_up.due_at)}",
        is_duty=follow_up.is_duty,
        is_exercise=follow_up.run.is_exercise,
        address=external_url("runs.follow_up_show", public_id=follow_up.public_id),
        choices=external_url("runs.mail_choice_edit"),
    )
    key = _key("follow-up", follow_up.public_id, follow_up.moves, to.public_id)
    send(session, to=to.email, subject=letter.subject, body=letter.body, key=key)


def mail_late_steps(session: Session, run: Run, late: Sequence[tuple[int, str]], to: Person) -> None:
    """Say which steps (number, words) of a run are late."""
    letter = compose(
        "late_steps",
        name=to.name,
        unit=run.unit.name,
        lines=[f"Steg {number} s{words[1:]}." for number, words in late],
        is_exercise=run.is_exercise,
        address=external_url("runs.run_show", public_id=run.public_id),
        choices=external_url("runs.mail_choice_edit"),
    )
    key = _key("late", run.public_id, *(number for number, _ in late), to.public_id)
    send(session, to=to.email, subject=letter.subject, body=letter.body, key=key)


def _key(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
