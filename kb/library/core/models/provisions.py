"""The table of sections of statutes."""

from sqlalchemy import (
    Column,
    ForeignKey,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from kb.db import Base

item_provision = Table(
    "item_provision",
    Base.metadata,
    Column("item_id", ForeignKey("content_item.id", ondelete="CASCADE"), primary_key=True),
    Column("provision_id", ForeignKey("legal_provision.id"), primary_key=True, index=True),
)


class LegalProvision(Base):
    """A section of a statute in one wording. `slug` is its address and stays, whatever comes beside it."""

    __tablename__ = "legal_provision"
    __table_args__ = (UniqueConstraint("statute", "section", "in_force_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    statute: Mapped[str] = mapped_column(String(160))
    short: Mapped[str] = mapped_column(String(32), default="")
    section: Mapped[str] = mapped_column(String(80))
    in_force_from: Mapped[str] = mapped_column(String(10), default="")
    in_force_to: Mapped[str] = mapped_column(String(10), default="")
    checked_on: Mapped[str] = mapped_column(String(10), default="")
