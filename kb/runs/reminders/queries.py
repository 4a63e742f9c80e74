"""Who is mailed about a run: those who see it, by what they have chosen and by their role in its unit."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from kb.accounts.models import User
from kb.accounts.queries import unit_members
from kb.accounts.roles import INCLUDES, Role
from kb.runs.models import Run, RunMember
from kb.runs.reminders.models import MailChoice


@dataclass(frozen=True)
class Choice:
    """What a person has chosen to be mailed about."""

    late_steps: bool = False
    follow_ups: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody who sees a run; `roles` are those held in its unit."""

    user_id: int
    public_id: str
    name: str
    email: str
    roles: frozenset[Role] = frozenset()

    def holds(self, role: str) -> bool:
        """Whether the person holds the role in the unit, or one that includes it."""
        return any(role in INCLUDES[own] for own in self.roles)


def get_choice(session: Session, user_id: int) -> Choice:
    """What the person has chosen."""
    row = session.get(MailChoice, user_id)
    return Choice(row.late_steps, row.follow_ups) if row else Choice()


def people_of(session: Session, run: Run) -> list[Person]:
    """Those with an open account who see the run now: Medarbetare and more in its unit, and the invited."""
    members = [
        Person(one.user_id, one.public_id, one.name, one.email, one.roles)
        for one in unit_members(session, run.unit_id)
    ]
    seeing = {person.user_id: person for person in members if person.holds(Role.STAFF)}
    query = select(User).join(RunMember, RunMember.user_id == User.id)
    for user in session.scalars(query.where(RunMember.run_id == run.id, User.is_closed.is_(False))):
        seeing.setdefault(user.id, Person(user.id, user.public_id, user.name, user.email))
    return list(seeing.values())


def who_chose(session: Session, what: InstrumentedAttribute[bool]) -> set[int]:
    """The ids of the people who have chosen this."""
    return set(session.scalars(select(MailChoice.user_id).where(what.is_(True))))
