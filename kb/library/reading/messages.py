"""Message templates and answers to claims: what their pages and lists show."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.library.content.document import CHANNEL_NAMES, Document, Kind
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.queries.cards import Card, Filter, card_query, list_cards
from kb.library.core.visibility import visible
from kb.text.order import swedish_key

_PLACEHOLDER = re.compile(r"(\[[^\[\]]+\])")


@dataclass(frozen=True)
class Listed:
    """A template or a claim in a list."""

    card: Card
    document: Document

    @property
    def use(self) -> str:
        """What a template is used for, in words."""
        return channel_name(self.document)


def list_messages(session: Session, viewer: Viewer, kind: Kind, topic: str = "") -> list[Listed]:
    """The templates, or the claims, that the viewer may see, in Swedish order; what has to be reviewed comes last."""
    query = (
        select(ContentItem.id, Revision)
        .join(Revision, Revision.id == ContentItem.published_revision_id)
        .where(visible(viewer), ContentItem.kind == kind)
    )
    documents = {item_id: document for item_id, one in session.execute(query) if (document := one.readable)}
    cards = list_cards(session, card_query(viewer, Filter(kind=kind, topic=topic)))
    found = [Listed(card, documents[card.id]) for card in cards if card.id in documents]
    return sorted(found, key=lambda one: (one.card.freshness.is_late, swedish_key(one.card.title)))


def channel_name(document: Document) -> str:
    """What a template is used for, in words."""
    return next((name for channel, name in CHANNEL_NAMES.items() if channel == document.channel), "")


def text_parts(text: str) -> list[tuple[str, bool]]:
    """The text of a template in parts, and whether each is a placeholder: "[dag och klockslag]"."""
    return [(part, number % 2 == 1) for number, part in enumerate(_PLACEHOLDER.split(text)) if part]
