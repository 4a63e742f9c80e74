"""One-time links: for the first administrator, for invitations and for new passwords."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts import lifetimes
from kb.accounts.models import ADMINISTRATOR, INVITATION, PASSWORD, OneTimeLink, Unit, User
from kb.accounts.notices import mark_seen
from kb.accounts.roles import Role
from kb.accounts.secrets.tokens import TOKEN_LENGTH, hash_token, new_token
from kb.accounts.services.units import ensure_first_unit
from kb.accounts.services.users import change_password, create_user, free_email, has_administrator
from kb.accounts.viewer import SYSTEM, Viewer
from kb.accounts.ways import Way
from kb.audit.services import record
from kb.errors import Gone, Invalid
from kb.mail.services import drop_letters

_NO_TOKEN = re.compile(r"[^A-Za-z0-9_-]")


def create_first_admin_link(session: Session, email: str = "") -> str | None:
    """A new link for the first administrator, ending older ones; None when there is an administrator."""
    if has_administrator(session):
        return None
    link = OneTimeLink(purpose=ADMINISTRATOR, email=email, roles=[Role.ADMIN.value])
    link.unit_id = ensure_first_unit(session).id
    return _issue(session, link, lifetime=lifetimes.INVITATION, by=SYSTEM)


def invite(session: Session, *, email: str, unit: Unit, roles: Iterable[Role], by: Viewer) -> str:
    """A link by which the holder of `email` makes an account with `roles` in `unit`; ends older ones.

    Raises `Invalid` for `email` or, without any, for `roles`.
    """
    email = free_email(session, email)
    granted = sorted({role.value for role in roles})
    if not granted:
        raise Invalid("roles", "Välj minst en roll.")
    link = OneTimeLink(purpose=INVITATION, email=email, unit_id=unit.id, roles=granted)
    token = _issue(session, link, lifetime=lifetimes.INVITATION, by=by)
    record(session, "account.invited", actor=by.actor, unit=unit.name)
    return token


def create_password_link(
    session: Session, user: User, *, by: Viewer, way: str = Way.SHOWN, is_mailed: bool = False
) -> str:
    """A link by which the person sets a new password. Raises `Invalid` for a closed account.

    It ends older ones; one that is mailed because anybody asked for it ends only those that were mailed like it.
    """
    if user.is_closed:
        raise Invalid("email", "Kontot är stängt. Öppna det först.")
    link = OneTimeLink(purpose=PASSWORD, email=user.email, user_id=user.id, roles=[], is_mailed=is_mailed)
    lifetime = lifetimes.MAILED_LINK if is_mailed else lifetimes.HANDED_LINK
    return _issue(session, link, lifetime=lifetime, by=by, way=Way.MAILED if is_mailed else way)


def find_link(session: Session, token: str, *, lock: bool = False) -> OneTimeLink:
    """The link that `token` opens, whatever a mail program left around it. Raises `Gone` for one that is no use."""
    query = select(OneTimeLink).where(OneTimeLink.token_hash == hash_token(_bare(token)))
    link = session.scalars(query.with_for_update() if lock else query).first()
    if link is None or not link.is_open(clock.now()) or not _still_holds(session, link):
        raise Gone("Länken fungerar inte längre.")
    return link


def withdraw_invitation(session: Session, link: OneTimeLink, *, by: Viewer) -> None:
    """Take back an invitation that was not used."""
    if link.is_open(clock.now()):
        link.expires_at = clock.now()
        _drop_letters(session, link)
        record(session, "account.link_withdrawn", actor=by.actor, purpose=link.purpose)


def use_link(session: Session, token: str, *, name: str, email: str, password: str) -> User:
    """Do what the link is for, once; `name` and `email` are read where the purpose asks for them.

    Raises `Gone` for a link that cannot be used, `Invalid` for a field; then the link stays unused.
    """
    link = find_link(session, token, lock=True)
    if link.purpose == PASSWORD:
        user = session.get_one(User, link.user_id)
        if user.password_hash is None:
            mark_seen(user)  # whatever was done with the account was done to make it
        change_password(session, user, password=password, by=_self(user), way=Way.LINK)
    else:
        address = email if link.purpose == ADMINISTRATOR else link.email
        roles = {link.unit_id: link.granted()} if link.unit_id is not None else {}
        user = create_user(
            session, name=name, email=address, password=password, roles=roles, by=SYSTEM, way=link.purpose
        )
    link.used_at = clock.now()
    _drop_letters(session, link)
    return user


def _drop_letters(session: Session, link: OneTimeLink) -> None:
    if link.email:
        drop_letters(session, link.email, lambda token: hash_token(token) == link.token_hash)


def _issue(
    session: Session, link: OneTimeLink, *, lifetime: timedelta, by: Viewer, way: str = Way.SHOWN
) -> str:
    now = clock.now()
    for older in _open_links(session, link, now):
        older.expires_at = now
    token = new_token()
    link.token_hash, link.created_by = hash_token(token), by.actor
    link.created_at, link.expires_at = now, now + lifetime
    session.add(link)
    session.flush()
    subject = session.get_one(User, link.user_id).public_id if link.user_id else None
    record(session, "account.link_created", actor=by.actor, subject=subject, purpose=link.purpose, way=way)
    return token


def _open_links(session: Session, link: OneTimeLink, now: datetime) -> Iterable[OneTimeLink]:
    """The links that `link` replaces; only one for a first administrator may be about."""
    query = select(OneTimeLink).where(
        OneTimeLink.purpose == link.purpose, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now
    )
    if link.purpose != ADMINISTRATOR:
        query = query.where(OneTimeLink.email == link.email)
    if link.is_mailed:
        query = query.where(OneTimeLink.is_mailed.is_(True))
    return session.scalars(query).all()


def _bare(token: str) -> str:
    """The token without the full stop, bracket or quotation mark that stood after it in the mail."""
    return _NO_TOKEN.sub("", token)[:TOKEN_LENGTH]


def _still_holds(session: Session, link: OneTimeLink) -> bool:
    """Whether what the link was made for has not been settled in another way."""
    if link.purpose == ADMINISTRATOR:
        return not has_administrator(session)
    if link.purpose == PASSWORD:
        user = session.get(User, link.user_id)
        return user is not None and not user.is_closed
    return session.scalars(select(User.id).where(User.email == link.email)).first() is None


def _self(user: User) -> Viewer:
    return Viewer(user_id=user.id, public_id=user.public_id, name=user.name, email=user.email)
