"""The table of handovers: who gives the lead of a run to whom, with the brief as it was then."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.accounts.models import User
from kb.db import Base, UtcDateTime
from kb.runs.models import Run, new_public_id
from kb.text.labels import Labelled


class HandoverState(Labelled):
    """Where a handover stands."""

    OFFERED = "erbjuden", "Inte bekräftad"
    CONFIRMED = "bekraftad", "Bekräftad"
    TAKEN_BACK = "atertagen", "Återtagen"


class Handover(Base):
    """The lead of a run, offered to somebody. `to_words` is a name or a role; `to_user_id` where it names one member.

    `answered_by_name` is the name or role with which it was confirmed, or who took it back.
    """

    __tablename__ = "run_handover"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id, ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(12), default=HandoverState.OFFERED.value)
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    offered_by_name: Mapped[str] = mapped_column(String(100))
    to_words: Mapped[str] = mapped_column(String(80))
    to_user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    message: Mapped[str] = mapped_column(Text, default="")
    brief: Mapped[dict[str, Any]] = mapped_column(JSON)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    answered_by_name: Mapped[str] = mapped_column(String(100), default="")

    run: Mapped[Run] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer, and can still get one."""
        return self.state == HandoverState.OFFERED and not self.run.is_ended
