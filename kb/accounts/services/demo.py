"""Accounts to try Rådrum with: one for each role, in two units, with new passwords each time."""

import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.models import Unit, User
from kb.accounts.roles import ROLE_NAMES, Role
from kb.accounts.services.units import create_unit
from kb.accounts.services.users import change_password, create_user, reopen_account, set_roles
from kb.accounts.viewer import SYSTEM
from kb.accounts.ways import Way

CHILDREN = "Barn och familj"
HOME_CARE = "Hemtjänst Väst"

_PEOPLE = (
    ("Lisbet Läsare", "lasare@demo.example", Role.READER, HOME_CARE),
    ("Milan Medarbetare", "medarbetare@demo.example", Role.STAFF, CHILDREN),
    ("Karin Krisledare", "krisledare@demo.example", Role.LEADER, CHILDREN),
    ("Rasmus Redaktör", "redaktor@demo.example", Role.EDITOR, CHILDREN),
    ("Greta Granskare", "granskare@demo.example", Role.REVIEWER, HOME_CARE),
    ("Adnan Administratör", "administrator@demo.example", Role.ADMIN, HOME_CARE),
)
_WORDS = (  # without å, ä and ö: easy on any keyboard
    "alm",
    "ask",
    "barr",
    "bark",
    "blad",
    "bris",
    "dagg",
    "fjord",
    "flod",
    "frost",
    "fura",
    "gran",
    "gryning",
    "hav",
    "hed",
    "holme",
    "kajak",
    "kanot",
    "karta",
    "klippa",
    "kompass",
    "korg",
    "kvist",
    "lada",
    "lind",
    "ljung",
    "ljus",
    "lykta",
    "mossa",
    "myr",
    "paraply",
    "penna",
    "piano",
    "pilgrim",
    "rot",
    "segel",
    "sjal",
    "skata",
    "sol",
    "spegel",
    "spira",
    "sten",
    "strand",
    "tall",
    "tegel",
    "trast",
    "trumma",
    "udde",
    "vagga",
    "vass",
    "vik",
    "vind",
)


@dataclass(frozen=True)
class DemoAccount:
    """What is printed about one account."""

    name: str
    email: str
    password: str
    roles: tuple[str, ...]
    unit: str


def create_demo(session: Session) -> list[DemoAccount]:
    """Make, or bring back, the demonstration units and accounts; existing ones get new passwords."""
    units = {name: _unit(session, name) for name in (CHILDREN, HOME_CARE)}
    return [_account(session, name, email, role, units[unit]) for name, email, role, unit in _PEOPLE]


def _unit(session: Session, name: str) -> Unit:
    found = session.scalars(select(Unit).where(Unit.name == name)).first()
    return found or create_unit(session, name=name, by=SYSTEM)


def _account(session: Session, name: str, email: str, role: Role, unit: Unit) -> DemoAccount:
    password = readable_password()
    user = session.scalars(select(User).where(User.email == email)).first()
    if user is None:
        create_user(
            session,
            name=name,
            email=email,
            password=password,
            roles={unit.id: {role}},
            by=SYSTEM,
            way=Way.DEMO,
        )
    else:
        reopen_account(session, user, by=SYSTEM)
        set_roles(session, user, unit, {role}, by=SYSTEM)
        change_password(session, user, password=password, by=SYSTEM, way=Way.DEMO)
    return DemoAccount(name, email, password, (ROLE_NAMES[role],), unit.name)


def readable_password() -> str:
    """Four words and a number: easy to type, not easy to guess (some 36 bits; for demonstration only)."""
    words = [secrets.choice(_WORDS) for _ in range(4)]
    return "-".join([*words, f"{secrets.randbelow(9000) + 1000}"])
