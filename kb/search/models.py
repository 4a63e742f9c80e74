"""Tables of search: what people type and the standard term it stands for. The index is a cache of the library."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kb import clock
from kb.db import Base, UtcDateTime
from kb.library.core.models.items import ContentItem


class Synonym(Base):
    """A word or phrase that people type, and what it also finds. One way: `target` does not find `typed`.

    Both are kept as written. Whoever adds, changes or removes rows calls `kb.search.finding.searching.touch(session)`.
    """

    __tablename__ = "synonym"
    __table_args__ = (UniqueConstraint("typed", "target"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    typed: Mapped[str] = mapped_column(String(120))
    target: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    created_by: Mapped[str] = mapped_column(String(120), default="")


class SearchSetting(Base):
    """A number by name: the state of the synonyms, another at each change, tells processes to read them anew.

    `change` is the number of the last change (`SearchChange`), `history` another after each restored backup.
    """

    __tablename__ = "search_setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


class SearchChange(Base):
    """A text that changed. The index of every node follows these rows; see `kb.search.engine.changes`.

    `item_id` may be of an item that is gone. The `token` is of this change alone.
    """

    __tablename__ = "search_change"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[int]
    token: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SearchNode(Base):
    """An instance folder on this database: how far its index has come, when it last told so.

    `number` is of the last change that its index holds, None while it has no index. `key_print` is equal for equal
    secret keys, and says nothing else of them.
    """

    __tablename__ = "search_node"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    number: Mapped[int | None]
    generation: Mapped[str] = mapped_column(String(80))
    key_print: Mapped[str] = mapped_column(String(32))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PromotedAnswer(Base):
    """A text that editors put first for a query. `query` is normalised (`kb.search.finding.query.normal_query`)."""

    __tablename__ = "promoted_answer"
    __table_args__ = (UniqueConstraint("query", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(String(200))
    item_id: Mapped[int] = mapped_column(ForeignKey(ContentItem.id, ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    created_by: Mapped[str] = mapped_column(String(120), default="")


class SearchCount(Base):
    """How often a normalised query was asked in a week (`week_on` is its Monday), found nothing, led to a text."""

    __tablename__ = "search_count"
    __table_args__ = (UniqueConstraint("query", "week_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    week_on: Mapped[date] = mapped_column(Date, index=True)
    query: Mapped[str] = mapped_column(String(200))
    times: Mapped[int] = mapped_column(default=0)
    without_hits: Mapped[int] = mapped_column(default=0)
    clicks: Mapped[int] = mapped_column(default=0)


class IgnoredQuery(Base):
    """A query that editors do not want to see in their lists."""

    __tablename__ = "ignored_query"

    query: Mapped[str] = mapped_column(String(200), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
