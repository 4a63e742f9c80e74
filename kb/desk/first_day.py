"""*Kom igång*: what the first administrator does on the first day. Each step ticks itself by what is really there."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from kb.accounts.models import Membership, Unit, User
from kb.accounts.roles import Role
from kb.accounts.services.units import FIRST_UNIT
from kb.audit.models import AuditEvent
from kb.library.core.models.lists import ImportantNumber
from kb.mail.models import MailMessage
from kb.web.landmarks import Landmark

# Addresses that lead nowhere from another computer.
OWN_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Step:
    """One thing to do, where it is done, and whether it is."""

    title: str
    text: str
    page: Landmark
    link: str
    is_done: bool


def first_day_steps(session: Session, *, base_url: str, has_mail_server: bool) -> list[Step]:
    """The steps in the order in which they are best done; links lead to `base_url`."""
    return [*_setting_up(session, base_url, has_mail_server), *_beginning(session)]


def _setting_up(session: Session, base_url: str, has_mail_server: bool) -> list[Step]:
    """What the site needs to know of the organisation."""
    return [
        Step(
            "Ange adressen som läsarna använder",
            f"Länkar i inbjudningar, mejl och utskrifter går till {base_url}. Den som sköter driften anger "
            "RADRUM_BASE_URL. Gör det innan du bjuder in någon.",
            Landmark.OPERATIONS,
            "Drift",
            urlsplit(base_url).hostname not in OWN_MACHINE,
        ),
        Step(
            "Ge enheten sitt namn",
            f"Den första enheten heter {FIRST_UNIT} tills du ger den ett annat namn. Lägg till fler om ni är flera.",
            Landmark.UNITS,
            "Enheter",
            _exists(session, Unit.name != FIRST_UNIT),
        ),
        Step(
            "Lägg in era egna nummer",
            "Chef i beredskap, socialjouren, säkerhetsavdelningen: de ska finnas när någon behöver dem.",
            Landmark.OWN_NUMBERS,
            "Viktiga nummer",
            _exists(session, ImportantNumber.is_local.is_(True)),
        ),
        Step(
            "Koppla en e-postserver",
            "Den som sköter driften anger RADRUM_SMTP_URL. Utan den sparas mejlen, och du får ge länkar för hand.",
            Landmark.MAIL,
            "E-post",
            has_mail_server,
        ),
    ]


def _beginning(session: Session) -> list[Step]:
    """What is done for the first time."""
    return [
        Step(
            "Skicka ett provmejl",
            "Klart när ett mejl har gått iväg till e-postservern. Se efter att det också kom fram.",
            Landmark.MAIL,
            "Skicka provmejlet",
            _exists(session, MailMessage.sent_at.is_not(None)),
        ),
        Step(
            "Bjud in en andra person som granskare",
            "Ingen godkänner sin egen text. Klart när personen har skapat sitt konto.",
            Landmark.INVITE,
            "Bjud in",
            _has_second_reviewer(session),
        ),
        Step(
            "Läs och bekräfta en första text",
            "Läs Det händer nu och texterna bakom. En granskare öppnar en text i arbetslistan, under Inte granskade "
            "av er, och väljer Texten stämmer.",
            Landmark.NOW,
            "Det händer nu",
            _exists(session, AuditEvent.name.in_(["item.confirmed", "item.approved"])),
        ),
        Step(
            "Gör en säkerhetskopia",
            "Den som sköter driften kör ops backup, och lägger filen på en annan dator.",
            Landmark.OPERATIONS,
            "Drift",
            _exists(session, AuditEvent.name == "ops.backup"),
        ),
    ]


def _exists(session: Session, condition: ColumnElement[bool]) -> bool:
    return session.scalar(select(condition).where(condition).limit(1)) is not None


def _has_second_reviewer(session: Session) -> bool:
    """Whether two people can sign in, of whom one reviews."""
    can_enter = and_(User.is_closed.is_(False), User.password_hash.is_not(None))
    people = session.scalar(select(func.count(User.id)).where(can_enter)) or 0
    reviewers = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.role == Role.REVIEWER.value, can_enter)
    )
    return people >= 2 and session.scalars(reviewers).first() is not None
