"""Words for the public ids of people, units and messages, for the audit log."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.models import Unit, User
from kb.mail.models import MailMessage


def names_by_public_id(session: Session, public_ids: Iterable[str]) -> dict[str, str]:
    """The names behind these public ids; what is none of ours is left out. Of a message only who gets it."""
    wanted = set(public_ids)
    if not wanted:
        return {}
    people = session.execute(select(User.public_id, User.name).where(User.public_id.in_(wanted)))
    units = session.execute(select(Unit.public_id, Unit.name).where(Unit.public_id.in_(wanted)))
    mail = session.execute(
        select(MailMessage.public_id, MailMessage.to).where(MailMessage.public_id.in_(wanted))
    )
    messages = {public_id: f"till {to}" for public_id, to in mail}
    return {public_id: name for public_id, name in [*people, *units]} | messages
