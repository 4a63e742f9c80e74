"""Accounts: units, users, their roles, sign-ins, one-time links and counted attempts."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from kb.accounts.lifetimes import LONGEST, idle_limit
from kb.accounts.roles import Role
from kb.db import Base, SortKey, UtcDateTime
from kb.text.order import sort_key

# What a one-time link is for.
ADMINISTRATOR = "administrator"
INVITATION = "inbjudan"
PASSWORD = "losenord"  # noqa: S105 - a purpose, not a secret


def new_public_id() -> str:
    """A name for the outside world that says nothing about how many rows there are."""
    return secrets.token_urlsafe(12)


class Unit(Base):
    """A part of the organisation (verksamhet, enhet) that people and runs belong to."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    sort_key: Mapped[str] = mapped_column(SortKey, default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @validates("name")
    def _sorted(self, _name: str, name: str) -> str:
        self.sort_key = sort_key(name)
        return name


class User(Base):
    """A person with an account. `email` is lower-case; without a password hash nobody can sign in yet."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(String(100))
    sort_key: Mapped[str] = mapped_column(SortKey, default="", server_default="")
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_closed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sign_ins_ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notices_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @validates("name")
    def _sorted(self, _name: str, name: str) -> str:
        self.sort_key = sort_key(name)
        return name


class Membership(Base):
    """One role of one person in one unit."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "unit_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    role: Mapped[str] = mapped_column(String(20))


class SignIn(Base):
    """A signed-in browser. The cookie holds a random token, the row only its hash."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(40))
    device: Mapped[str] = mapped_column(String(100))
    is_shared: Mapped[bool] = mapped_column(default=False)
    password_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def is_alive(self, now: datetime, roles: Iterable[Role]) -> bool:
        """Whether the browser of a person with these roles still counts as signed in."""
        idle = idle_limit(roles, is_shared=self.is_shared)
        return self.ended_at is None and now - self.last_seen_at < idle and now - self.created_at < LONGEST


class OneTimeLink(Base):
    """A link that works once: for the first administrator, an invitation or a new password."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    roles: Mapped[list[str]] = mapped_column(JSON)
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_mailed: Mapped[bool] = mapped_column(default=False)

    def is_open(self, now: datetime) -> bool:
        """Whether the link can still be used."""
        return self.used_at is None and now < self.expires_at

    def granted(self) -> set[Role]:
        """The roles an invitation gives."""
        return {Role(name) for name in self.roles}


class Attempt(Base):
    """How often something was tried within one span of time; the key is a keyed hash."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("key_hash", "started_at"),
        Index("ix_attempt_started_at", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    latest_at: Mapped[datetime] = mapped_column(UtcDateTime)
    count: Mapped[int] = mapped_column(default=0)


class KnownNetwork(Base):
    """A network from which an account has signed in; the key is a keyed hash of both."""

    __tablename__ = "known_network"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
