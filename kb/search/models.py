"""Tables of search: what people type and the standard term it stands for. The index is a cache of the library."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kb import clock
from kb.db import Base, UtcDateTime


class Synonym(Base):
    """A word or phrase that people type, and what it also finds. One way: `target` does not find `typed`.

    Both are kept as written. Whoever adds, changes or removes rows calls `kb.search.synonyms.touch(session)`.
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
    """A number by name: the state of the synonyms, another at each change, tells processes to read them anew."""

    __tablename__ = "search_setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
