"""Tables of runs: a checklist that is followed, with its own copy of the steps and an append-only log."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from kb.accounts.models import Unit, User
from kb.db import Base, UtcDateTime
from kb.library.core.models.items import ContentItem, Revision
from kb.runs.operations import StepState, Times


def new_public_id() -> str:
    """A name for the outside world that says nothing about how many runs there are."""
    return secrets.token_urlsafe(12)


class Run(Base):
    """One checklist being followed in one unit. `conditions` are the answers at the start: [{condition, answer}].

    `event_at` is when it happened, or when the unit was told: the zero of all deadlines. `log_count` and `log_head` say
    how many lines the log has and the hash of the last (see `kb.runs.log.chain`).
    """

    __tablename__ = "run"
    __table_args__ = (
        Index("ix_run_unit_id_ended_at", "unit_id", "ended_at"),
        UniqueConstraint("started_by_id", "client_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    client_id: Mapped[str] = mapped_column(String(120))
    item_id: Mapped[int | None] = mapped_column(ForeignKey(ContentItem.id, ondelete="SET NULL"), index=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey(Revision.id, ondelete="SET NULL"))
    slug: Mapped[str] = mapped_column(String(100))
    version: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(String(200))
    starts_from: Mapped[str] = mapped_column(Text, default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    place: Mapped[str] = mapped_column(String(120), default="")
    is_exercise: Mapped[bool] = mapped_column(default=False)
    conditions: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    event_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    started_by_name: Mapped[str] = mapped_column(String(100))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    ended_by_name: Mapped[str] = mapped_column(String(100), default="")
    closing_note: Mapped[str] = mapped_column(Text, default="")
    diary_number: Mapped[str] = mapped_column(String(60), default="")
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    log_count: Mapped[int] = mapped_column(default=0)
    log_head: Mapped[str] = mapped_column(String(64), default="")

    unit: Mapped[Unit] = relationship()
    sections: Mapped[list["RunSection"]] = relationship(order_by="RunSection.position", passive_deletes=True)
    steps: Mapped[list["RunStep"]] = relationship(order_by="RunStep.position", passive_deletes=True)
    events: Mapped[list["RunEvent"]] = relationship(order_by="RunEvent.number", passive_deletes=True)

    @property
    def times(self) -> Times:
        """What deadlines are counted from."""
        return Times(self.event_at, self.started_at)

    @property
    def is_cancelled(self) -> bool:
        """Whether it was taken back, since it should not have been started."""
        return self.cancel_reason != ""

    @property
    def is_ended(self) -> bool:
        """Whether it is over; nothing can be changed then."""
        return self.ended_at is not None


class RunSection(Base):
    """Steps that belong together, with the pause point after them."""

    __tablename__ = "run_section"
    __table_args__ = (UniqueConstraint("run_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id, ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(Text)
    pause: Mapped[str] = mapped_column(Text, default="")


class RunStep(Base):
    """One step, copied from the template's version, and where it stands. `position` counts from 1 over the run."""

    __tablename__ = "run_step"
    __table_args__ = (
        UniqueConstraint("run_id", "key"),
        Index("ix_run_step_run_id_position", "run_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id, ondelete="CASCADE"))
    section_id: Mapped[int] = mapped_column(ForeignKey(RunSection.id, ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text, default="")
    deadline: Mapped[str] = mapped_column(Text, default="")
    deadline_sort: Mapped[str] = mapped_column(String(16), default="ingen")
    minutes: Mapped[int | None] = mapped_column()
    is_critical: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(Text, default="")
    legal: Mapped[str] = mapped_column(Text, default="")
    guidance_slug: Mapped[str] = mapped_column(String(100), default="")
    guidance_title: Mapped[str] = mapped_column(String(200), default="")
    condition: Mapped[str] = mapped_column(Text, default="")
    verify: Mapped[bool] = mapped_column(default=False)

    state: Mapped[str] = mapped_column(String(8), default=StepState.OPEN.value)
    state_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state_device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    state_by_name: Mapped[str] = mapped_column(String(100), default="")
    skip_reason: Mapped[str] = mapped_column(Text, default="")
    assigned_role: Mapped[str] = mapped_column(String(80), default="")
    assigned_user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    @property
    def is_ruled_out(self) -> bool:
        """Whether the answer at the start made it not applicable (people who skip a step always give a reason)."""
        return self.state == StepState.SKIPPED and not self.skip_reason


class RunEvent(Base):
    """One line of the log. `id` is the sequence; rows are only ever added, and go only when the run is disposed of.

    `number` counts the lines of the run from 1; `hash` seals the line, with the hash of the one before it.
    """

    __tablename__ = "run_event"
    __table_args__ = (UniqueConstraint("run_id", "client_id"), UniqueConstraint("run_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id, ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column()
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(16))
    step_key: Mapped[str] = mapped_column(String(200), default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    actor_name: Mapped[str] = mapped_column(String(100))
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    server_at: Mapped[datetime] = mapped_column(UtcDateTime)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class RunMember(Base):
    """A person outside the unit who was invited to the run."""

    __tablename__ = "run_member"
    __table_args__ = (UniqueConstraint("run_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id, ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(foreign_keys=[user_id])


@event.listens_for(RunEvent, "before_update")
def _refuse_change(_mapper: Mapper[RunEvent], _connection: Connection, line: RunEvent) -> None:
    raise RuntimeError(f"line {line.id} of a run's log must not be changed")
