"""Tables of what waits for people: notes of reviewers, shipped versions, withdrawals."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from kb.accounts.models import User
from kb.db import Base, UtcDateTime
from kb.errors import Unreadable
from kb.library.content.document import Document, from_dict
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.stored import DocumentJson


class ReviewNote(Base):
    """What a reviewer said about a revision."""

    __tablename__ = "review_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey(ContentItem.id, ondelete="CASCADE"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey(Revision.id, ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    author_name: Mapped[str] = mapped_column(String(120))
    verdict: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ShippedVersion(Base):
    """A new version of a shipped text that people here have vouched for; it waits for their decision."""

    __tablename__ = "shipped_version"

    item_id: Mapped[int] = mapped_column(ForeignKey(ContentItem.id, ondelete="CASCADE"), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(DocumentJson)
    digest: Mapped[str] = mapped_column(String(64))
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def content(self) -> Document:
        """The document as it was shipped. Raises `Unreadable`."""
        try:
            return from_dict(self.document)
        except (ValueError, RecursionError) as error:
            raise Unreadable("Den nya versionen från Rådrum går inte att läsa. Behåll er egen.") from error


class Withdrawal(Base):
    """Somebody wants a text taken away, or took it away at once; open until another person has decided.

    `outcome` is empty while it is open, else a value of `kb.library.core.workflow.Outcome`.
    """

    __tablename__ = "withdrawal"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey(ContentItem.id, ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    replacement_id: Mapped[int | None] = mapped_column(ForeignKey(ContentItem.id, ondelete="SET NULL"))
    is_urgent: Mapped[bool] = mapped_column(default=False)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    asked_by_name: Mapped[str] = mapped_column(String(120))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(16), default="", index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_by_name: Mapped[str | None] = mapped_column(String(120))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
