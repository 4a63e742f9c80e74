"""Tables of the small lists, and the row that says that something has changed."""

from sqlalchemy import (
    JSON,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from kb.db import Base, SortKey
from kb.text.order import sort_key


class GlossaryTerm(Base):
    """A term with its definition, the words that people use instead, and the item (slug) that explains it."""

    __tablename__ = "glossary_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(String(120), unique=True)
    sort_key: Mapped[str] = mapped_column(SortKey, default="", server_default="")
    definition: Mapped[str] = mapped_column(Text)
    synonyms: Mapped[list[str]] = mapped_column(JSON)
    item_slug: Mapped[str] = mapped_column(String(100), default="")

    @validates("term")
    def _sorted(self, _name: str, term: str) -> str:
        self.sort_key = sort_key(term)
        return term


class ImportantNumber(Base):
    """A telephone number that everybody needs; national ones are shipped, local ones kept by administrators."""

    __tablename__ = "important_number"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text, default="")
    is_local: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=100)


class CommonSituation(Base):
    """A short cut on the start page to what people most often need."""

    __tablename__ = "common_situation"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    icon: Mapped[str] = mapped_column(String(32))
    position: Mapped[int] = mapped_column(default=100)
    item_slug: Mapped[str] = mapped_column(String(100))


class LibraryState(Base):
    """One row: a random word that is new after every change of what readers see (see `kb.library.core.shelf`)."""

    __tablename__ = "library_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    stamp: Mapped[str] = mapped_column(String(32))
