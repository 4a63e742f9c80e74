"""Tables of texts: the item, what it is sorted and found by, and its revisions."""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from kb.accounts.models import Unit, User
from kb.db import Base, SortKey, UtcDateTime
from kb.errors import Unreadable
from kb.library.content.document import Document, Kind, Visibility, shown_title
from kb.library.core.models.provisions import LegalProvision, item_provision
from kb.library.core.models.stored import DocumentJson, parsed
from kb.library.core.models.topics import Topic, item_topic
from kb.library.core.workflow import Origin, State, Status, Way
from kb.text.order import sort_key


def new_public_id() -> str:
    """A random id for addresses and logs; says nothing about order or number."""
    return secrets.token_urlsafe(9)


class ContentItem(Base):
    """An item of any kind. The columns mirror the published document (before the first publication: the draft)."""

    __tablename__ = "content_item"
    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012
    __table_args__ = (Index("ix_content_item_status_kind", "status", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=new_public_id)
    kind: Mapped[str] = mapped_column(String(16))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(SortKey, default="", server_default="", index=True)
    summary: Mapped[str] = mapped_column(Text, default="")
    owner: Mapped[str] = mapped_column(String(120), default="")
    visibility: Mapped[str] = mapped_column(String(16), default=Visibility.OPEN.value)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    checked_on: Mapped[date | None] = mapped_column(Date)
    review_interval_months: Mapped[int] = mapped_column(default=12)
    step_count: Mapped[int] = mapped_column(default=0)

    status: Mapped[str] = mapped_column(String(16), default=Status.DRAFT.value)
    workflow: Mapped[str] = mapped_column(String(16), default=State.REST.value)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by_name: Mapped[str | None] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(default=0)
    is_edited_here: Mapped[bool] = mapped_column(default=False)
    loaded_digest: Mapped[str | None] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(16), default=Origin.WRITTEN.value)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    reviewed_by_name: Mapped[str | None] = mapped_column(String(120))
    reviewed_on: Mapped[date | None] = mapped_column(Date)
    latest_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revision.id", use_alter=True, ondelete="SET NULL")
    )
    published_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revision.id", use_alter=True, ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
    replacement_id: Mapped[int | None] = mapped_column(ForeignKey("content_item.id", ondelete="SET NULL"))

    topics: Mapped[list[Topic]] = relationship(secondary=item_topic, order_by=Topic.position)
    phase_rows: Mapped[list["ItemPhase"]] = relationship(
        cascade="all, delete-orphan", order_by="ItemPhase.position"
    )
    audience_rows: Mapped[list["ItemAudience"]] = relationship(cascade="all, delete-orphan")
    label_rows: Mapped[list["ItemLabel"]] = relationship(cascade="all, delete-orphan")
    provisions: Mapped[list["LegalProvision"]] = relationship(secondary=item_provision)
    latest_revision: Mapped["Revision | None"] = relationship(
        foreign_keys=[latest_revision_id], post_update=True
    )
    published_revision: Mapped["Revision | None"] = relationship(
        foreign_keys=[published_revision_id], post_update=True
    )
    replacement: Mapped["ContentItem | None"] = relationship(remote_side=[id], foreign_keys=[replacement_id])

    @validates("title")
    def _sorted(self, _name: str, title: str) -> str:
        self.sort_key = sort_key(title)
        return title

    @property
    def name(self) -> str:
        """The title as readers meet it."""
        return shown_title(self.kind, self.title)

    @property
    def is_published(self) -> bool:
        """Whether readers can see it."""
        return self.status == Status.PUBLISHED

    @property
    def phases(self) -> list[str]:
        """The phases in order."""
        return [row.phase for row in self.phase_rows]


class Article(ContentItem):
    """Guidance (vägledning)."""

    __mapper_args__ = {"polymorphic_identity": Kind.ARTICLE.value}  # noqa: RUF012


class CaseStory(ContentItem):
    """A case story (fallberättelse)."""

    __mapper_args__ = {"polymorphic_identity": Kind.STORY.value}  # noqa: RUF012


class Checklist(ContentItem):
    """A checklist (checklista)."""

    __mapper_args__ = {"polymorphic_identity": Kind.CHECKLIST.value}  # noqa: RUF012


class MessageTemplate(ContentItem):
    """A text to fill in and send (mall)."""

    __mapper_args__ = {"polymorphic_identity": Kind.TEMPLATE.value}  # noqa: RUF012


class Claim(ContentItem):
    """A claim that is spread, and the answer to it (påstående)."""

    __mapper_args__ = {"polymorphic_identity": Kind.CLAIM.value}  # noqa: RUF012


ITEM_CLASSES: dict[str, type[ContentItem]] = {
    Kind.ARTICLE.value: Article,
    Kind.STORY.value: CaseStory,
    Kind.CHECKLIST.value: Checklist,
    Kind.TEMPLATE.value: MessageTemplate,
    Kind.CLAIM.value: Claim,
}


class ItemPhase(Base):
    """One phase of an item."""

    __tablename__ = "item_phase"

    item_id: Mapped[int] = mapped_column(ForeignKey(ContentItem.id, ondelete="CASCADE"), primary_key=True)
    phase: Mapped[str] = mapped_column(String(16), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class ItemAudience(Base):
    """Whom an item is for."""

    __tablename__ = "item_audience"

    item_id: Mapped[int] = mapped_column(ForeignKey(ContentItem.id, ondelete="CASCADE"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(32), primary_key=True)


class ItemLabel(Base):
    """A free word on an item."""

    __tablename__ = "item_label"

    item_id: Mapped[int] = mapped_column(ForeignKey(ContentItem.id, ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(String(64), primary_key=True)


class ItemSlug(Base):
    """A former slug; its address leads on to the item."""

    __tablename__ = "item_slug"

    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey(ContentItem.id, ondelete="CASCADE"), index=True)


class Revision(Base):
    """One state of an item's content: who, when, why. `version` is set once it has been published."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey(ContentItem.id, ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    document: Mapped[dict[str, Any]] = mapped_column(DocumentJson)
    sort_key: Mapped[str] = mapped_column(SortKey, default="", server_default="")
    digest: Mapped[str] = mapped_column(String(64))
    cleaner: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    author_name: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text, default="")
    way: Mapped[str] = mapped_column(String(16), default=Way.WRITTEN.value)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    approved_by_name: Mapped[str | None] = mapped_column(String(120))
    version: Mapped[int | None] = mapped_column()
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @validates("document")
    def _sorted(self, _name: str, document: dict[str, Any]) -> dict[str, Any]:
        self.sort_key = sort_key(str(document.get("title", "")))
        return document

    @property
    def content(self) -> Document:
        """The document; immutable, so parsed once and kept. Raises `Unreadable`."""
        try:
            return parsed(self.digest, self.document)
        except (ValueError, RecursionError) as error:
            raise Unreadable(self._what_to_do()) from error

    def content_of(self, kind: str) -> Document:
        """The document of an item of this kind. Raises `Unreadable`, also for a row that holds another kind."""
        document = self.content
        if document.kind != kind:
            raise Unreadable(self._what_to_do())
        return document

    @property
    def readable(self) -> Document | None:
        """The document, or None where it cannot be read: for lists, which go on without it."""
        try:
            return self.content
        except Unreadable:
            return None

    def _what_to_do(self) -> str:
        version = f", publicerad som version {self.version}," if self.version else ""
        return (
            f"Revision {self.number} av texten{version} går inte att läsa: det som är lagrat är skadat eller skrivet "
            "av en annan version av Rådrum. Andra texter påverkas inte. En redaktör kan ta fram en äldre version i "
            "textens historik. Den som sköter driften kan köra flask ops check, som räknar upp allt som inte går att "
            "läsa, och hämta texten ur en säkerhetskopia."
        )
