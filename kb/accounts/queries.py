"""Reading accounts: who is signed in, who belongs where, what the administration shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.addresses import normal_email
from kb.accounts.lifetimes import idle_limit
from kb.accounts.models import INVITATION, Membership, OneTimeLink, SignIn, Unit, User
from kb.accounts.roles import INCLUDES, ROLE_NAMES, Role
from kb.accounts.secrets.tokens import hash_token
from kb.accounts.viewer import Viewer
from kb.errors import NotFound
from kb.text.order import swedish_key


@dataclass(frozen=True)
class Found:
    """A living sign-in with its viewer."""

    sign_in_id: int
    last_seen_at: datetime
    viewer: Viewer
    idle_limit: timedelta
    password_at: datetime


@dataclass(frozen=True)
class Member:
    """A person in a unit with the roles held there."""

    user_id: int
    public_id: str
    name: str
    email: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class UserRow:
    """A person in the administrators' list; `places` are lines such as "Barn och familj: Läsare"."""

    public_id: str
    name: str
    email: str
    is_closed: bool
    can_sign_in: bool
    last_sign_in_at: datetime | None
    places: tuple[str, ...]


@dataclass(frozen=True)
class People:
    """How many accounts there are."""

    users: int
    closed: int
    invitations: int


# Put together once: it is asked at every request of who is signed in.
_SIGN_IN = (
    select(SignIn, User, Membership.unit_id, Membership.role)
    .join(User, User.id == SignIn.user_id)
    .outerjoin(Membership, Membership.user_id == User.id)
    .where(SignIn.token_hash == bindparam("token"), User.is_closed.is_(False))
)


def find_sign_in(session: Session, token: str) -> Found | None:
    """The living sign-in that `token` opens, with its viewer (one query); None when it is dead."""
    rows = session.execute(_SIGN_IN, {"token": hash_token(token)}).all()
    if not rows:
        return None
    sign_in: SignIn = rows[0][0]
    viewer = _viewer(rows[0][1], [(unit_id, role) for _, _, unit_id, role in rows if unit_id is not None])
    if not sign_in.is_alive(clock.now(), viewer.held_roles):
        return None
    limit = idle_limit(viewer.held_roles, is_shared=sign_in.is_shared)
    return Found(sign_in.id, sign_in.last_seen_at, viewer, limit, sign_in.password_at)


def owner_of(session: Session, token: str) -> int | None:
    """Whose sign-in `token` belongs to, alive or dead; None when it is not known."""
    return session.scalar(select(SignIn.user_id).where(SignIn.token_hash == hash_token(token)))


def get_viewer(session: Session, user_id: int) -> Viewer | None:
    """The viewer that an open account is; None when it is closed or unknown."""
    user = session.get(User, user_id)
    if user is None or user.is_closed:
        return None
    held = session.execute(select(Membership.unit_id, Membership.role).where(Membership.user_id == user.id))
    return _viewer(user, [(unit_id, role) for unit_id, role in held])


def viewer_by_email(session: Session, email: str) -> Viewer | None:
    """The viewer whose open account has this address; None when there is none."""
    user = user_by_email(session, email)
    return get_viewer(session, user.id) if user else None


def user_by_email(session: Session, email: str) -> User | None:
    """The account with this address, closed or not."""
    return session.scalars(select(User).where(User.email == normal_email(email))).first()


def get_user(session: Session, public_id: str) -> User:
    """The account with this public id. Raises `NotFound`."""
    user = session.scalars(select(User).where(User.public_id == public_id)).first()
    if user is None:
        raise NotFound("Kontot finns inte.")
    return user


def get_unit(session: Session, public_id: str) -> Unit:
    """The unit with this public id. Raises `NotFound`."""
    unit = session.scalars(select(Unit).where(Unit.public_id == public_id)).first()
    if unit is None:
        raise NotFound("Enheten finns inte.")
    return unit


def get_invitation(session: Session, public_id: str) -> OneTimeLink:
    """The invitation with this public id. Raises `NotFound`."""
    query = select(OneTimeLink).where(OneTimeLink.public_id == public_id, OneTimeLink.purpose == INVITATION)
    link = session.scalars(query).first()
    if link is None:
        raise NotFound("Inbjudan finns inte.")
    return link


def list_units(session: Session) -> Sequence[Unit]:
    """All units in Swedish order."""
    return session.scalars(select(Unit).order_by(Unit.sort_key, Unit.id)).all()


def unit_names(session: Session) -> dict[int, str]:
    """The name of each unit by its id."""
    return {unit.id: unit.name for unit in list_units(session)}


def unit_members(session: Session, unit_id: int) -> list[Member]:
    """The people with an open account and a role in the unit, in Swedish order."""
    query = (
        select(User, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.unit_id == unit_id, User.is_closed.is_(False))
    )
    held: dict[int, tuple[User, set[Role]]] = {}
    for user, role in session.execute(query):
        held.setdefault(user.id, (user, set()))[1].add(Role(role))
    members = [Member(u.id, u.public_id, u.name, u.email, frozenset(roles)) for u, roles in held.values()]
    return sorted(members, key=lambda member: swedish_key(member.name))


def colleagues_with(session: Session, viewer: Viewer, needed: Role) -> list[str]:
    """Who in the viewer's units holds a role, or one that includes it; nobody when the viewer does."""
    if not viewer.unit_ids or viewer.has_role(needed):
        return []
    members = (member for unit_id in sorted(viewer.unit_ids) for member in unit_members(session, unit_id))
    names = {m.user_id: m.name for m in members if any(needed in INCLUDES[role] for role in m.roles)}
    return sorted(names.values(), key=swedish_key)


def count_members(session: Session) -> dict[int, int]:
    """How many people with an open account each unit has."""
    query = (
        select(Membership.unit_id, func.count(Membership.user_id.distinct()))
        .join(User, User.id == Membership.user_id)
        .where(User.is_closed.is_(False))
        .group_by(Membership.unit_id)
    )
    return {unit_id: count for unit_id, count in session.execute(query)}


def person_names(session: Session, user_ids: Iterable[int]) -> dict[int, str]:
    """The names of these people by id, closed accounts included."""
    wanted = set(user_ids)
    if not wanted:
        return {}
    query = select(User.id, User.name).where(User.id.in_(wanted))
    return {user_id: name for user_id, name in session.execute(query)}


def find_people(session: Session, text: str) -> list[str]:
    """The public ids of the people whose name or address contains `text`."""
    return [row.public_id for row in list_users(session, text)]


def list_users(session: Session, text: str = "") -> list[UserRow]:
    """The people whose name or address contains `text`, in Swedish order, with their roles."""
    wanted = text.strip().casefold()
    units = unit_names(session)
    held: dict[int, dict[int, set[Role]]] = {}
    for user_id, unit_id, role in session.execute(
        select(Membership.user_id, Membership.unit_id, Membership.role)
    ):
        held.setdefault(user_id, {}).setdefault(unit_id, set()).add(Role(role))
    users = [u for u in session.scalars(select(User)) if wanted in f"{u.name} {u.email}".casefold()]
    return [
        _user_row(u, held.get(u.id, {}), units)
        for u in sorted(users, key=lambda u: (u.is_closed, swedish_key(u.name)))
    ]


def roles_of(session: Session, user: User) -> dict[int, set[Role]]:
    """The roles of a person by unit id."""
    held: dict[int, set[Role]] = {}
    query = select(Membership.unit_id, Membership.role).where(Membership.user_id == user.id)
    for unit_id, role in session.execute(query):
        held.setdefault(unit_id, set()).add(Role(role))
    return held


def role_words(roles: Iterable[Role]) -> str:
    """The roles as words, in the order in which they are always shown."""
    held = set(roles)
    return ", ".join(name for role, name in ROLE_NAMES.items() if role in held)


def alive_sign_ins(session: Session, user_id: int) -> list[SignIn]:
    """The browsers where a person is signed in now, the last used first."""
    alive = _alive(session, select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None)))
    return sorted(alive, key=lambda row: row.last_seen_at, reverse=True)


def open_invitations(session: Session) -> Sequence[OneTimeLink]:
    """Invitations that nobody has used yet, the newest first."""
    query = (
        select(OneTimeLink)
        .where(
            OneTimeLink.purpose == INVITATION,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
        )
        .order_by(OneTimeLink.id.desc())
    )
    return session.scalars(query).all()


def count_people(session: Session) -> People:
    """How many accounts are open and closed, and how many invitations wait."""
    return People(
        users=_count(session, select(func.count()).where(User.is_closed.is_(False))),
        closed=_count(session, select(func.count()).where(User.is_closed.is_(True))),
        invitations=len(open_invitations(session)),
    )


def count_units(session: Session) -> int:
    """How many units there are."""
    return _count(session, select(func.count()).select_from(Unit))


def has_named_unit(session: Session, besides: str) -> bool:
    """Whether a unit has another name than this one."""
    return session.scalar(select(Unit.id).where(Unit.name != besides).limit(1)) is not None


def has_second_reviewer(session: Session) -> bool:
    """Whether two people can sign in, of whom one reviews."""
    can_enter = and_(User.is_closed.is_(False), User.password_hash.is_not(None))
    people = session.scalar(select(func.count(User.id)).where(can_enter)) or 0
    reviewers = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.role == Role.REVIEWER.value, can_enter)
    )
    return people >= 2 and session.scalars(reviewers).first() is not None


def count_sign_ins(session: Session) -> int:
    """How many browsers are signed in."""
    return len(_alive(session, select(SignIn).where(SignIn.ended_at.is_(None))))


def _alive(session: Session, query: Select[SignIn]) -> list[SignIn]:
    found = session.scalars(query).all()
    held: dict[int, set[Role]] = {row.user_id: set() for row in found}
    roles = select(Membership.user_id, Membership.role).where(Membership.user_id.in_(held))
    for user_id, role in session.execute(roles):
        held[user_id].add(Role(role))
    return [row for row in found if row.is_alive(clock.now(), held[row.user_id])]


def _viewer(user: User, held: Iterable[tuple[int, str]]) -> Viewer:
    roles: dict[int, set[Role]] = {}
    for unit_id, role in held:
        roles.setdefault(unit_id, set()).add(Role(role))
    frozen = {unit_id: frozenset(own) for unit_id, own in roles.items()}
    return Viewer(user_id=user.id, public_id=user.public_id, name=user.name, email=user.email, roles=frozen)


def _user_row(user: User, held: dict[int, set[Role]], units: dict[int, str]) -> UserRow:
    places = sorted(
        (f"{units[unit_id]}: {role_words(roles)}" for unit_id, roles in held.items()), key=swedish_key
    )
    return UserRow(
        user.public_id,
        user.name,
        user.email,
        user.is_closed,
        user.password_hash is not None,
        user.last_sign_in_at,
        tuple(places),
    )


def _count(session: Session, query: object) -> int:
    return int(session.scalar(query) or 0)  # type: ignore[call-overload]
