"""The page of a topic."""

from flask import Response, redirect, render_template, url_for

from kb.accounts.entry.signin import current_viewer
from kb.library.blueprint import bp
from kb.library.content.document import PHASE_NAMES, Kind
from kb.library.core.facets import PHASE, TOPIC
from kb.library.core.models.items import ContentItem
from kb.library.core.queries.cards import Card, card_query, list_cards
from kb.library.core.queries.topics import get_topic
from kb.library.reading import messages, provisions
from kb.web.guards import public
from kb.web.landmarks import Landmark
from kb.web.sessions import reader


@bp.get("/amnen")
@public
def topic_index() -> Response:
    """Topics are all on the start page."""
    return redirect(url_for(Landmark.START, _anchor="karta"), 301)  # type: ignore[return-value]


@bp.get("/amnen/<slug>")
@public
def topic_show(slug: str) -> str:
    """A topic: its three phases beside each other, and the rules that apply."""
    session, viewer = reader(), current_viewer()
    topic = get_topic(session, slug)
    phases = []
    for phase, name in PHASE_NAMES.items():
        query = card_query(viewer, {TOPIC: slug, PHASE: phase})
        cards = list_cards(session, query.order_by(ContentItem.sort_key, ContentItem.id))
        rows = a_way_in(cards, topic.leads.get(phase, {}))
        phases.append({"phase": phase.value, "name": name, "rows": rows, "total": len(cards)})
    return render_template(
        "library/topic_show.html",
        topic=topic,
        phases=phases,
        templates=messages.list_messages(session, viewer, Kind.TEMPLATE, slug),
        claims=messages.list_messages(session, viewer, Kind.CLAIM, slug),
        statutes=provisions.statute_rows(provisions.list_provisions(session, viewer, slug)),
    )


def a_way_in(cards: list[Card], leads: dict[str, str]) -> list[Card]:
    """A few cards that lead from the first action over deeper guidance to a story; the topic's own choices first."""
    chosen: list[Card] = []
    for kind, most in ((Kind.CHECKLIST, 2), (Kind.ARTICLE, 3), (Kind.STORY, 1)):
        own = [card for card in cards if card.kind == kind]
        own.sort(key=lambda card: card.slug != leads.get(kind))
        chosen += own[:most]
    return chosen
