"""People: making accounts, giving roles, closing and opening, changing passwords."""

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.addresses import normal_email
from kb.accounts.models import Membership, OneTimeLink, Unit, User
from kb.accounts.roles import Role
from kb.accounts.secrets import passwords
from kb.accounts.services.sign_ins import end_all
from kb.accounts.viewer import Viewer
from kb.accounts.ways import Way
from kb.audit.services import record
from kb.errors import Invalid
from kb.text.characters import one_line

LONGEST_NAME = 100
LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\.]+(\.[^@\s<>,;:\"()\[\]\\.]+)+")
_TAKEN = "Det finns redan ett konto med den e-postadressen."
_KEEP_ONE = "Minst en administratör måste finnas kvar. Ge rollen till någon annan först."


def create_user(
    session: Session,
    *,
    name: str,
    email: str,
    password: str | None,
    roles: Mapping[int, Iterable[Role]],
    by: Viewer,
    way: str = Way.ADMINISTRATION,
) -> User:
    """Make an account; without a password a one-time link has to follow.

    Raises `Invalid` for `name`, `email` (also when it is taken) or `password`.
    """
    name, email = clean_name(name), free_email(session, email)
    if password is not None:
        passwords.check(password, email=email, name=name, organisation=_organisation(session))
    hashed = None if password is None else passwords.hash_password(password)
    user = User(name=name, email=email, password_hash=hashed, created_at=clock.now())
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:  # somebody made the same account at the same moment
        raise Invalid("email", _TAKEN) from error
    for unit_id, held in roles.items():
        session.add_all(
            Membership(user_id=user.id, unit_id=unit_id, role=role.value) for role in sorted(set(held))
        )
    record(session, "account.created", actor=by.actor, subject=user.public_id, way=way)
    session.flush()
    return user


def set_roles(
    session: Session, user: User, unit: Unit, roles: Iterable[Role], *, by: Viewer, besides: str | None = None
) -> bool:
    """Let `user` hold exactly `roles` in `unit`; False when nothing changed.

    Ends the person's sign-ins, except that of the token `besides` (one's own: roles are read at each request).

    Raises `Invalid` for `roles` when no administrator would be left.
    """
    wanted = set(roles)
    query = select(Membership).where(Membership.user_id == user.id, Membership.unit_id == unit.id)
    held = {Role(row.role): row for row in session.scalars(query)}
    if set(held) == wanted:
        return False
    for role in set(held) - wanted:
        session.delete(held[role])
    session.add_all(
        Membership(user_id=user.id, unit_id=unit.id, role=role.value) for role in wanted - set(held)
    )
    session.flush()
    if Role.ADMIN in held and not has_administrator(session, lock=True):
        raise Invalid("roles", _KEEP_ONE)
    end_all(session, user, reason="ändrade roller", by=by, besides=besides)
    words = sorted(role.value for role in wanted)
    record(
        session, "account.roles_changed", actor=by.actor, subject=user.public_id, unit=unit.name, roles=words
    )
    return True


def close_account(session: Session, user: User, *, by: Viewer) -> None:
    """Close an account: nobody can sign in with it; what the person did stays.

    Raises `Invalid` for the last administrator.
    """
    if user.is_closed:
        return
    administers = Membership.user_id == user.id, Membership.role == Role.ADMIN.value
    was_administrator = session.scalars(select(Membership.id).where(*administers)).first() is not None
    user.is_closed = True
    session.flush()
    if was_administrator and not has_administrator(session, lock=True):
        raise Invalid("account", _KEEP_ONE)
    end_all(session, user, reason="stängt konto", by=by)
    record(session, "account.closed", actor=by.actor, subject=user.public_id)


def reopen_account(session: Session, user: User, *, by: Viewer) -> None:
    """Open a closed account again, with the roles it had."""
    if user.is_closed:
        user.is_closed = False
        record(session, "account.reopened", actor=by.actor, subject=user.public_id)


def change_password(session: Session, user: User, *, password: str, by: Viewer, way: str) -> None:
    """Store a new password; ends all sign-ins and open links for another. Raises `Invalid` for `password`."""
    passwords.check(password, email=user.email, name=user.name, organisation=_organisation(session))
    user.password_hash = passwords.hash_password(password)
    end_all(session, user, reason="nytt lösenord", by=by)
    open_links = OneTimeLink.user_id == user.id, OneTimeLink.expires_at > clock.now()
    session.execute(update(OneTimeLink).where(*open_links).values(expires_at=clock.now()))
    record(session, "account.password_changed", actor=by.actor, subject=user.public_id, way=way)


def has_administrator(session: Session, *, lock: bool = False) -> bool:
    """Whether an open account holds the role of administrator. With `lock` others wait who ask the same."""
    query = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.role == Role.ADMIN.value, User.is_closed.is_(False))
    )
    if lock:
        query = query.with_for_update()
    return bool(session.scalars(query).all())


def clean_name(name: str) -> str:
    """The name with single spaces. Raises `Invalid` for `name`."""
    name = one_line(name)
    if not name:
        raise Invalid("name", "Skriv ditt namn.")
    if len(name) > LONGEST_NAME:
        raise Invalid("name", f"Namnet är för långt. Använd högst {LONGEST_NAME} tecken.")
    return name


def clean_email(email: str) -> str:
    """The address in its one spelling. Raises `Invalid` for `email` when it cannot be one."""
    email = normal_email(email)
    if not email:
        raise Invalid("email", "Skriv en e-postadress.")
    if len(email) > LONGEST_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise Invalid("email", "Skriv e-postadressen så här: namn@kommun.se.")
    return email


def free_email(session: Session, email: str) -> str:
    """The address in its one spelling. Raises `Invalid` for `email` when it cannot be one or has an account."""
    email = clean_email(email)
    if session.scalars(select(User.id).where(User.email == email)).first() is not None:
        raise Invalid("email", _TAKEN)
    return email


def _organisation(session: Session) -> list[str]:
    return list(session.scalars(select(Unit.name)))
