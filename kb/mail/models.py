"""Messages to people: stored first, sent by a job, emptied when they are no longer needed."""

import re
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb import clock
from kb.db import Base, UtcDateTime

_LINK = re.compile(r"(/lank/)[\w-]+")


def tokens_in(text: str) -> list[str]:
    """The tokens of the one-time links in a text."""
    return [found.removeprefix("/lank/") for found in re.findall(r"/lank/[\w-]+", text)]


def hide_links(text: str) -> str:
    """A text as others than its receiver may have it: whoever holds a one-time link can become who it is for."""
    return _LINK.sub(r"\1[dold]", text)


class MailMessage(Base):
    """One message. `body` is None once it was sent, handled by an administrator, or its link has expired.

    `renewal` names the job (`job`, `payload`) that makes the message anew when it expires before it could be sent.
    """

    __tablename__ = "mail_message"
    __table_args__ = (Index("ix_mail_message_created_at", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_urlsafe(12))
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)
    renewal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def shown_body(self) -> str | None:
        """The text for people who are not its receiver: one-time links are hidden."""
        return None if self.body is None else hide_links(self.body)

    @property
    def is_kept(self) -> bool:
        """Whether somebody still has to see to it that the message arrives."""
        return self.sent_at is None and self.handled_at is None and self.body is not None

    @property
    def is_current(self) -> bool:
        """Whether what it says still holds: it has its text, and its link works."""
        return self.body is not None and (self.expires_at is None or self.expires_at > clock.now())
