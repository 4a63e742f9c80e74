"""What the front pages are composed of: the others' queries, put together."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.errors import NotFound, Unreadable
from kb.library.content.document import PHASE_NAMES, Action, Kind, Phase
from kb.library.core.addresses import present_slugs
from kb.library.core.facets import KIND, PHASE, TOPIC
from kb.library.core.models.items import ContentItem
from kb.library.core.queries.cards import Card, card_query, count_cards, list_cards
from kb.library.core.queries.lists import list_situations
from kb.library.core.queries.reading import Reading, get_reading
from kb.library.core.queries.topics import TopicView, count_map, get_topic, list_topics
from kb.library.core.visibility import shown_since
from kb.text.order import swedish_key

FIRST_HOUR = "intern-information-forsta-timmen"
MAX_ACTIONS = 7
MESSAGES = (Kind.TEMPLATE, Kind.CLAIM)
OTHER = TopicView(
    slug="annat",
    name="Något annat",
    icon="klocka",
    intro="Vet du inte vad det är än? Börja med den första timmen. Den gäller i de flesta lägen.",
    leads={},
)


# What happens across topics: its texts in their order for each phase; the first of a kind leads.
FILMED = TopicView(
    slug="filmad",
    name="Filmad eller uthängd",
    icon="oga",
    intro="Blir du filmad just nu? Fråga lugnt vad som spelas in, och skydda andra. Är du redan uthängd: "
    "låt någon annan läsa och svara, och spara bevisen.",
    leads={},
)
TEXTS_WHEN_FILMED = {
    Phase.DURING: (
        "uthangning-i-sociala-medier",
        "medarbetare-filmas",
        "uthangd-pa-natet",
        "filmad-eller-inspelad",
        "akut-hot-mot-medarbetare",
        "vad-far-vi-saga-offentligt",
    ),
    Phase.AFTER: (
        "uthangd-pa-natet",
        "skydda-personuppgifter-snabbt",
        "polisanmalan-steg",
        "skyddade-personuppgifter",
        "filmad-eller-inspelad",
        "stod-och-atergang-efter-hot",
        "aterkomst-medarbetare",
    ),
}


@dataclass(frozen=True)
class Situation:
    """The page of a topic in a phase: what to do at once, what to start, what to read, how many texts to say."""

    topic: TopicView
    phase: Phase
    actions: tuple[Action, ...]
    checklist: Card | None
    article: Card | None
    cards: tuple[Card, ...]
    is_general: bool
    templates: int = 0
    claims: int = 0


def start_parts(session: Session, viewer: Viewer) -> dict[str, Any]:
    """What the start page shows of the library."""
    return {
        "situations": list_situations(session, viewer),
        "newest": newest(session, viewer),
        "map_rows": library_map(session, viewer),
    }


def library_map(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    """Rows for the picture of the library: topic × phase with counts of each kind."""
    counts = count_map(session, viewer)
    return [
        {
            "topic": {"slug": topic.slug, "name": topic.name, "icon": topic.icon},
            "cells": [_cell(counts, topic.slug, phase) for phase in PHASE_NAMES],
        }
        for topic in list_topics(session)
    ]


def _cell(counts: dict[tuple[str, str, str], int], topic: str, phase: Phase) -> dict[str, Any]:
    numbers = {f"n_{kind.value}": counts.get((topic, phase.value, kind.value), 0) for kind in Kind}
    return {"phase": phase.value, **numbers}


def newest(session: Session, viewer: Viewer, limit: int = 3) -> list[Card]:
    """What was published last."""
    query = card_query(viewer).order_by(
        shown_since(ContentItem.published_at).desc(), ContentItem.published_at.desc(), ContentItem.id.desc()
    )
    return list_cards(session, query.limit(limit))


def get_situation(session: Session, viewer: Viewer, phase: Phase, slug: str) -> Situation:
    """What a topic in a phase calls for. Raises `NotFound` for an unknown topic."""
    if slug == OTHER.slug and phase == Phase.DURING:
        return _general(session, viewer)
    if slug == FILMED.slug and phase in TEXTS_WHEN_FILMED:
        return _filmed(session, viewer, phase)
    topic = get_topic(session, slug)
    query = card_query(viewer, {TOPIC: slug, PHASE: phase})
    found = list_cards(session, query.order_by(ContentItem.sort_key, ContentItem.id))
    cards = [card for card in found if card.kind not in MESSAGES]
    wanted = topic.leads.get(phase, {})
    checklist = _lead(cards, Kind.CHECKLIST, wanted)
    article = _lead(cards, Kind.ARTICLE, wanted)
    if checklist is None and phase == Phase.DURING:
        checklist = _first_hour(session, viewer)
    rest = tuple(sorted(_without(cards, checklist, article), key=_reading_order))
    actions = _opening(session, viewer, phase, checklist, article)
    templates, claims = (_count(session, viewer, phase, slug, kind) for kind in MESSAGES)
    return Situation(topic, phase, actions, checklist, article, rest, False, templates, claims)


def _count(session: Session, viewer: Viewer, phase: Phase, topic: str, kind: Kind) -> int:
    """How many templates or claims there are on the topic; they are needed while it happens."""
    if phase != Phase.DURING:
        return 0
    return count_cards(session, card_query(viewer, {TOPIC: topic, KIND: kind}))


def _general(session: Session, viewer: Viewer) -> Situation:
    checklist = _first_hour(session, viewer)
    cards = list_cards(session, card_query(viewer, {PHASE: Phase.DURING, KIND: Kind.CHECKLIST}))
    rest = tuple(sorted(_without(cards, checklist), key=_reading_order))
    return Situation(OTHER, Phase.DURING, _actions(session, viewer, checklist), checklist, None, rest, True)


def _filmed(session: Session, viewer: Viewer, phase: Phase) -> Situation:
    """The texts named for it that the viewer may read."""
    slugs = list(present_slugs(session, TEXTS_WHEN_FILMED[phase]).values())
    query = card_query(viewer).where(ContentItem.slug.in_(slugs))
    cards = sorted(list_cards(session, query), key=lambda card: slugs.index(card.slug))
    checklist, article = _lead(cards, Kind.CHECKLIST, {}), _lead(cards, Kind.ARTICLE, {})
    rest = tuple(_without(cards, checklist, article))
    return Situation(
        FILMED, phase, _opening(session, viewer, phase, checklist, article), checklist, article, rest, True
    )


def _opening(
    session: Session, viewer: Viewer, phase: Phase, checklist: Card | None, article: Card | None
) -> tuple[Action, ...]:
    """What the page says first: the steps while it happens, the guidance before and after."""
    return _actions(session, viewer, checklist if phase == Phase.DURING else article or checklist)


def _without(cards: list[Card], *leads: Card | None) -> list[Card]:
    """The cards that do not lead the page."""
    ids = {card.id for card in leads if card}
    return [card for card in cards if card.id not in ids]


def _first_hour(session: Session, viewer: Viewer) -> Card | None:
    slug = present_slugs(session, (FIRST_HOUR,))[FIRST_HOUR]
    query = card_query(viewer).where(ContentItem.slug == slug)
    return next(iter(list_cards(session, query)), None)


def _lead(cards: list[Card], kind: Kind, wanted: dict[str, str]) -> Card | None:
    """The card that the topic names for this kind, else the first of the kind."""
    own = [card for card in cards if card.kind == kind]
    return next((card for card in own if card.slug == wanted.get(kind)), own[0] if own else None)


def _actions(session: Session, viewer: Viewer, card: Card | None) -> tuple[Action, ...]:
    """At most seven actions: those of a guidance, or the first steps of a checklist."""
    if card is None:
        return ()
    try:
        reading: Reading = get_reading(session, viewer, card.kind, card.slug)
    except (NotFound, Unreadable):
        return ()
    if card.kind == Kind.ARTICLE:
        return reading.document.actions[:MAX_ACTIONS]
    steps = [
        Action(do=_with_condition(step.condition, step.text), why=step.why, verify=step.verify)
        for step in reading.document.steps()
    ]
    return tuple(steps[:MAX_ACTIONS])


def _with_condition(condition: str, text: str) -> str:
    """The step with its condition before it, once: a step that begins with "Om" says itself when it holds."""
    if not condition or text.startswith("Om "):
        return text
    return f"{condition.rstrip('.:')}: {text[:1].lower()}{text[1:]}"


def _reading_order(card: Card) -> tuple[int, tuple[str, str]]:
    order = {Kind.CHECKLIST: 0, Kind.ARTICLE: 1, Kind.STORY: 2}
    return order[Kind(card.kind)], swedish_key(card.title)
