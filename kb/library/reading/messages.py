"""Message templates and answers to claims: what their pages and lists show."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.library.content.document import CHANNEL_NAMES, LANGUAGE_NAMES, Document, Kind, Language, Translation
from kb.library.content.translations import is_outdated
from kb.library.core.facets import KIND, TOPIC
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.queries.cards import Card, card_query, list_cards
from kb.library.core.visibility import visible
from kb.text.order import swedish_key

# Each language as those who speak it call it, and what stands with a text that nobody who does has read.
_OWN_WORDS: dict[Language, tuple[str, str]] = {
    Language.ARABIC: ("العربية", "ترجمة آلية، لم تتم مراجعتها"),
    Language.SOMALI: ("Soomaali", "Turjumaad mashiin, lama hubin"),
    Language.FINNISH: ("Suomi", "Konekäännös, ei tarkistettu"),
    Language.ENGLISH: ("English", "Machine translation, not reviewed"),
    Language.UKRAINIAN: ("Українська", "Машинний переклад, не перевірено"),
}
_RIGHT_TO_LEFT = frozenset({Language.ARABIC})
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


@dataclass(frozen=True)
class Translated:
    """A claim's short answer in another language, as its page shows it. `warning` is in that language."""

    language: str
    name: str
    own_name: str
    direction: str
    text: str
    warning: str
    reviewed_by: str
    is_outdated: bool


def translations_of(document: Document) -> list[Translated]:
    """The translations of a claim's short answer, in the order of the document."""
    return [_translated(document, one) for one in document.translations if one.language in LANGUAGE_NAMES]


def _translated(document: Document, one: Translation) -> Translated:
    own_name, warning = _OWN_WORDS[Language(one.language)]
    return Translated(
        language=one.language,
        name=LANGUAGE_NAMES[one.language],
        own_name=own_name,
        direction="rtl" if one.language in _RIGHT_TO_LEFT else "ltr",
        text=one.text,
        warning="" if one.reviewed_by else warning,
        reviewed_by=one.reviewed_by,
        is_outdated=is_outdated(document, one),
    )


def list_messages(session: Session, viewer: Viewer, kind: Kind, topic: str = "") -> list[Listed]:
    """The templates, or the claims, that the viewer may see, in Swedish order; what has to be reviewed comes last."""
    query = (
        select(ContentItem.id, Revision)
        .join(Revision, Revision.id == ContentItem.published_revision_id)
        .where(visible(viewer), ContentItem.kind == kind)
    )
    documents = {item_id: document for item_id, one in session.execute(query) if (document := one.readable)}
    cards = list_cards(session, card_query(viewer, {KIND: kind, TOPIC: topic}))
    found = [Listed(card, documents[card.id]) for card in cards if card.id in documents]
    return sorted(found, key=lambda one: (one.card.freshness.is_late, swedish_key(one.card.title)))


def channel_name(document: Document) -> str:
    """What a template is used for, in words."""
    return next((name for channel, name in CHANNEL_NAMES.items() if channel == document.channel), "")


def text_parts(text: str) -> list[tuple[str, bool]]:
    """The text of a template in parts, and whether each is a placeholder: "[dag och klockslag]"."""
    return [(part, number % 2 == 1) for number, part in enumerate(_PLACEHOLDER.split(text)) if part]
