"""The job table: work that a change asks for, stored in the same transaction as the change."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from kb.db import Base, UtcDateTime


class Payload(TypeDecorator[dict[str, Any]]):
    """A JSON object; None for what is none, so that one spoilt row does not keep the others from being read."""

    impl = JSON
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any]:
        """As JSON, but what cannot be read is None."""
        read = super().result_processor(dialect, coltype) or (lambda value: value)

        def process(value: Any) -> dict[str, Any] | None:
            try:
                found = read(value)
            except (json.JSONDecodeError, TypeError, UnicodeDecodeError):
                return None
            return found if isinstance(found, dict) else None

        return process


class Job(Base):
    """One thing to do. Finished jobs are removed; those that are given up stay, set aside, with their last error."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_queue_run_at", "queue", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    queue: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(Payload)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    set_aside_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)


class JobSchedule(Base):
    """When something that recurs is to be done next, by one worker of all; it is being done until `leased_until`."""

    __tablename__ = "job_schedule"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
