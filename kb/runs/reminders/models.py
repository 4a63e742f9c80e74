"""Tables of reminders: what each person has chosen to be mailed about, and which late steps have been told."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kb.accounts.models import User
from kb.db import Base, UtcDateTime
from kb.runs.models import RunStep


class MailChoice(Base):
    """What a person wants to be mailed about; nothing where there is no row."""

    __tablename__ = "run_mail_choice"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)
    late_steps: Mapped[bool] = mapped_column(default=False)
    follow_ups: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LateNotice(Base):
    """A step that was late and has been told, whoever had chosen to be: each step once."""

    __tablename__ = "run_late_notice"

    step_id: Mapped[int] = mapped_column(ForeignKey(RunStep.id, ondelete="CASCADE"), primary_key=True)
    noticed_at: Mapped[datetime] = mapped_column(UtcDateTime)
