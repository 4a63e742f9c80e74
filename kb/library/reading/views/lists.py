"""The lists of guidance, case stories and checklists."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request

from kb.accounts.entry.signin import current_viewer
from kb.library.blueprint import bp
from kb.library.content.document import Kind
from kb.library.core import facets
from kb.library.core.facets import Facet
from kb.library.core.models.items import ContentItem
from kb.library.core.queries.cards import card_query, count_cards, list_cards
from kb.library.core.queries.topics import topic_names
from kb.web.guards import public
from kb.web.pagination import PER_PAGE, Page, page_number
from kb.web.sessions import reader

LISTS = {
    Kind.ARTICLE: ("Vägledning", "Gör så här först, bakgrunden sedan. Varje text säger vad den bygger på."),
    Kind.STORY: ("Berättelser", "Vad andra kommuner har varit med om, vad som hjälpte och vad de lärde sig."),
    Kind.CHECKLIST: ("Checklistor", "Ett steg i taget. Läs, skriv ut eller starta och bocka av tillsammans."),
    Kind.TEMPLATE: ("Mallar", "Meddelanden, svar och talepunkter att fylla i och använda som de är."),
    Kind.CLAIM: ("Svar på påståenden", "Sådant som sägs om socialtjänsten, och vad du kan svara."),
}

INDEXES = {
    Kind.ARTICLE: "library.article_index",
    Kind.STORY: "library.story_index",
    Kind.CHECKLIST: "library.checklist_index",
    Kind.TEMPLATE: "library.template_index",
    Kind.CLAIM: "library.claim_index",
}


@dataclass(frozen=True)
class Filter:
    """A facet with its values and their labels, and the one that is chosen, if any."""

    facet: Facet
    values: Mapping[str, str]
    chosen: str


@bp.get("/vagledning")
@public
def article_index() -> str:
    """All guidance."""
    return _index(Kind.ARTICLE)


@bp.get("/berattelser")
@public
def story_index() -> str:
    """All case stories."""
    return _index(Kind.STORY)


@bp.get("/checklistor")
@public
def checklist_index() -> str:
    """All checklists."""
    return _index(Kind.CHECKLIST)


def _index(kind: Kind) -> str:
    session, viewer = reader(), current_viewer()
    topics = topic_names(session)
    filters = [_filter(facet, topics) for facet in facets.LISTED]
    number = page_number(request.args.get("sida"))
    narrowed = {one.facet: one.chosen for one in filters}
    query = card_query(viewer, {facets.KIND: kind, **narrowed}).order_by(ContentItem.sort_key, ContentItem.id)
    total = count_cards(session, query)
    cards = list_cards(session, query.limit(PER_PAGE).offset((number - 1) * PER_PAGE))
    title, lead = LISTS[kind]
    return render_template(
        "library/index.html",
        title=title,
        lead=lead,
        kind=kind.value,
        index=INDEXES[kind],
        page=Page(cards, number, total),
        filters=filters,
        told=[one.facet.told(one.values[one.chosen]) for one in filters if one.chosen],
        narrowed={facet.name: value or None for facet, value in narrowed.items()},
        topics=topics,
    )


def _filter(facet: Facet, topics: Mapping[str, str]) -> Filter:
    values, asked = facet.values(topics), request.args.get(facet.name, "")
    return Filter(facet, values, asked if asked in values else "")
