"""The table of links from text to text."""

from sqlalchemy import (
    ForeignKey,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from kb.db import Base
from kb.library.core.models.items import ContentItem

REPLACED = "replaced"  # the place of a link to what comes instead; no way between texts that readers have


class Link(Base):
    """A relation from a published item to another: related, replaced, from a step, from a lesson, or in the text.

    `target_slug` is what the writer named; `target_id` is the item it means, once there is one.
    """

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey(ContentItem.id, ondelete="CASCADE"), index=True)
    place: Mapped[str] = mapped_column(String(16))
    place_key: Mapped[str] = mapped_column(String(80), default="")
    position: Mapped[int] = mapped_column(default=0)
    target_slug: Mapped[str] = mapped_column(String(100), index=True)
    target_id: Mapped[int | None] = mapped_column(ForeignKey(ContentItem.id, ondelete="SET NULL"), index=True)
    target_step: Mapped[str] = mapped_column(String(80), default="")
