"""The table of follow-ups: what remains of a run, also when it has ended."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.accounts.models import User
from kb.db import Base, UtcDateTime
from kb.runs.models import Run, new_public_id


class FollowUp(Base):
    """Something to do on a day to come.

    `is_duty`: it stands for a step that the law asks for (`step_key`, `provision`) and was open when the run ended;
    it is closed with a note only. `mail_role` is the role in the run's unit that is mailed on the day, or empty;
    `mailed_at` says that the mail of the day was asked for. `moves` counts how often it was given another day.
    """

    __tablename__ = "run_follow_up"
    __table_args__ = (
        Index("ix_run_follow_up_done_at_due_at", "done_at", "due_at"),
        Index("ix_run_follow_up_mailed_at_mail_at", "mailed_at", "mail_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id, ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    is_duty: Mapped[bool] = mapped_column(default=False)
    step_key: Mapped[str] = mapped_column(String(200), default="")
    provision: Mapped[str] = mapped_column(Text, default="")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    mail_role: Mapped[str] = mapped_column(String(20), default="")
    mail_at: Mapped[datetime] = mapped_column(UtcDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moves: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    done_by_name: Mapped[str] = mapped_column(String(100), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    run: Mapped[Run] = relationship()

    @property
    def is_done(self) -> bool:
        """Whether it is closed."""
        return self.done_at is not None
