"""What the crisis binder (krispärm) holds: all that everybody may read and needs when there is neither net nor server.

Acute checklists first, then the other ones, guidance by when it is needed, texts to send, and the important numbers.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import ANONYMOUS
from kb.library.addresses import address
from kb.library.content.document import PHASE_NAMES, Document, Kind, Phase
from kb.library.content.lawtexts import basis
from kb.library.core.facets import KIND
from kb.library.core.models.items import ContentItem, ItemSlug, Revision
from kb.library.core.queries.cards import Card, card_query, list_cards
from kb.library.core.queries.lists import Number, list_numbers
from kb.library.core.queries.reading import Reading, get_reading
from kb.library.core.visibility import visible
from kb.library.reading import messages, presenting
from kb.text.order import swedish_key
from kb.text.sanitize import CLEANER_VERSION, clean
from kb.text.standalone import standalone
from kb.web.addresses import absolute, known_site

_PREFIX = {Kind.CHECKLIST: "c", Kind.ARTICLE: "v", Kind.TEMPLATE: "m"}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One text. `anchor` is its place in the file, `address` its page; HTML is safe and without ids."""

    anchor: str
    actions_title: str
    title: str
    summary: str
    labels: tuple[str, ...]
    address: str
    review: presenting.Review
    unverified: str
    actions: tuple[Mapping[str, Any], ...] = ()
    sections: tuple[Mapping[str, Any], ...] = ()
    parts: tuple[Any, ...] = ()
    secrecy: Markup
    body: Markup
    starts_from: str = ""
    sources: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Group:
    """Texts under one heading. `is_acute`: what is needed at once."""

    anchor: str
    title: str
    sheets: tuple[Sheet, ...]
    is_acute: bool = False


@dataclass(frozen=True)
class Binder:
    """Everything, as it was at a moment. `site` is the address of the server, empty where it has none of its own."""

    made_at: datetime
    site: str
    mark: str
    numbers: tuple[Number, ...]
    groups: tuple[Group, ...]

    @property
    def sheet_count(self) -> int:
        """How many texts there are."""
        return sum(len(group.sheets) for group in self.groups)


def gather(session: Session) -> Binder:
    """What the binder holds now: only what needs no sign-in, since the file lies on memory sticks and desks."""
    cards = {kind: _cards(session, kind) for kind in _PREFIX}
    places = _places(session, cards)
    return Binder(
        made_at=clock.now(),
        site=known_site(),
        mark=mark(session),
        numbers=tuple(list_numbers(session)),
        groups=tuple(
            replace(group, sheets=tuple(_sheet(session, card, places) for card in of))
            for group, of in _grouped(cards)
            if of
        ),
    )


def mark(session: Session) -> str:
    """What tells whether a binder is still what all may read: changed by each text and number that is changed."""
    texts = session.execute(
        select(
            ContentItem.id,
            ContentItem.published_revision_id,
            ContentItem.slug,
            ContentItem.valid_to,
            ContentItem.checked_on,
            ContentItem.reviewed_on,
            ContentItem.reviewed_by_name,
        )
        .where(visible(ANONYMOUS))
        .order_by(ContentItem.id)
    )
    numbers = [(row.label, row.number, row.note, row.is_local) for row in list_numbers(session)]
    words = repr([*map(tuple, texts), *numbers, known_site()])
    return hashlib.sha256(words.encode()).hexdigest()


def _places(session: Session, cards: Mapping[Kind, Iterable[Card]]) -> dict[str, str]:
    """The anchor of each text, by its address and by those that it had before."""
    by_id = {card.id: card for of in cards.values() for card in of}
    former = session.execute(select(ItemSlug.slug, ItemSlug.item_id))
    found = {
        address(by_id[row.item_id].kind, row.slug): _anchor(by_id[row.item_id].kind, by_id[row.item_id].slug)
        for row in former
        if row.item_id in by_id
    }
    return found | {address(card.kind, card.slug): _anchor(card.kind, card.slug) for card in by_id.values()}


def _cards(session: Session, kind: Kind) -> list[Card]:
    found = list_cards(session, card_query(ANONYMOUS, {KIND: kind}))
    return sorted(found, key=lambda card: swedish_key(card.title))


def _grouped(cards: Mapping[Kind, Iterable[Card]]) -> Iterator[tuple[Group, list[Card]]]:
    """The groups, each with its texts, in the order in which they are needed."""
    lists = list(cards[Kind.CHECKLIST])
    acute = [card for card in lists if Phase.DURING in card.phases]
    yield Group("akut", "Checklistor när det händer", (), is_acute=True), acute
    yield Group("checklistor", "Andra checklistor", ()), [card for card in lists if card not in acute]
    for phase in (Phase.DURING, Phase.AFTER, Phase.BEFORE):
        title = f"Vägledning: {PHASE_NAMES[phase].lower()}"
        yield (
            Group(f"vagledning-{phase}", title, ()),
            [card for card in cards[Kind.ARTICLE] if _first_phase(card) == phase],
        )
    yield Group("mallar", "Mallar för budskap", ()), list(cards[Kind.TEMPLATE])


def _first_phase(card: Card) -> str:
    """The phase under which guidance stands: the most pressing one; each text once."""
    return next((p for p in (Phase.DURING, Phase.AFTER) if p in card.phases), Phase.BEFORE)


def _anchor(kind: str, slug: str) -> str:
    return f"{_PREFIX[Kind(kind)]}-{slug}"


def _sheet(session: Session, card: Card, places: Mapping[str, str]) -> Sheet:
    reading = get_reading(session, ANONYMOUS, card.kind, card.slug)
    document, revision = reading.document, reading.revision
    return Sheet(
        anchor=_anchor(card.kind, card.slug),
        actions_title="Innan du skickar" if card.kind == Kind.TEMPLATE else "Gör så här",
        title=document.title,
        summary=document.summary,
        labels=tuple(document.labels),
        address=absolute(address(card.kind, card.slug)) if known_site() else "",
        review=presenting.full_review(reading.item, clock.today()),
        unverified=presenting.unverified_words(document),
        actions=_actions(document),
        sections=tuple(_sections(reading, places)),
        parts=tuple(messages.text_parts(document.text)) if document.text else (),
        secrecy=_prose(revision, document.secrecy, places),
        body=_prose(revision, document.body, places),
        starts_from=document.starts_from,
        sources=tuple(presenting.source_rows(document)),
    )


def _prose(revision: Revision, html: str, places: Mapping[str, str]) -> Markup:
    """Running text; what an older version of the cleaner let in is cleaned again."""
    return standalone(clean(html) if revision.cleaner < CLEANER_VERSION else html, places)


def _actions(document: Document) -> tuple[Mapping[str, Any], ...]:
    lines = [
        {"do": one.do, "detail": one.detail, "why": one.why, "verify": one.verify} for one in document.actions
    ]
    lines += [{"do": line, "detail": "", "why": "", "verify": False} for line in document.check_before]
    return tuple(lines)


def _sections(reading: Reading, places: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    for section in presenting.step_sections(reading):
        steps = [
            {
                **step,
                "legal": basis(step["legal"]) if step["legal"] else "",
                "guidance": _placed(step["guidance"], places),
            }
            for step in section["steps"]
        ]
        yield {**section, "steps": steps}


def _placed(guidance: Mapping[str, str] | None, places: Mapping[str, str]) -> Mapping[str, str] | None:
    """A link to guidance, to its place in the file; without one there it is no link."""
    if guidance is None:
        return None
    place = places.get(guidance["url"], "")
    return {"title": guidance["title"], "url": f"#{place}" if place else ""}
