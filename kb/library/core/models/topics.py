"""The table of topics."""

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    String,
    Table,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from kb.db import Base, SortKey
from kb.text.order import sort_key

item_topic = Table(
    "item_topic",
    Base.metadata,
    Column("item_id", ForeignKey("content_item.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topic.id"), primary_key=True, index=True),
)


class Topic(Base):
    """A subject, such as threats or lex Sarah. An organisation may add its own.

    `leads` names, for a phase, the checklist and the guidance (slugs) that its page opens with.
    """

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    sort_key: Mapped[str] = mapped_column(SortKey, default="", server_default="")
    icon: Mapped[str] = mapped_column(String(32), default="fraga")
    intro: Mapped[str] = mapped_column(Text, default="")
    leads: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    position: Mapped[int] = mapped_column(default=100)

    @validates("name")
    def _sorted(self, _name: str, name: str) -> str:
        self.sort_key = sort_key(name)
        return name
