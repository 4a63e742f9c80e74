"""The search page: everything in the address, works without JavaScript."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from flask import Response, current_app, make_response, render_template, request

from kb.accounts.entry.signin import current_viewer
from kb.accounts.viewer import Viewer
from kb.library.addresses import PAGES
from kb.library.content.document import PHASE_NAMES, Phase
from kb.library.core.facets import PHASE
from kb.library.core.models.items import ContentItem
from kb.library.core.queries.cards import Card, card_query, list_cards
from kb.library.core.queries.lists import list_situations
from kb.library.core.queries.topics import topic_names
from kb.library.core.visibility import shown_since
from kb.search import addresses
from kb.search.answering import emphasised, list_answers
from kb.search.blueprint import bp
from kb.search.finding import operators
from kb.search.finding.searching import RELEVANCE, REVIEWED, SearchRequest
from kb.search.results import SearchResult, search
from kb.search.tuning.counting import may_point_out
from kb.text.identity import looks_like_identity_number, looks_like_phone
from kb.web.addresses import page_path
from kb.web.answering import Emphasis, answering_of
from kb.web.guards import public
from kb.web.input import takes_any_query
from kb.web.landmarks import Landmark
from kb.web.origin import is_own_host
from kb.web.pagination import Page
from kb.web.sessions import reader

LATEST = 4
SITUATIONS = 5
LISTED = 500
MOST_GOING_ON = 2


@bp.get("/sok")
@public
@takes_any_query
def hit_index() -> Response:
    """Results, the start of a search, or the plain list while the index is being rebuilt."""
    asked = addresses.read(request.args.to_dict(flat=False))
    viewer = current_viewer()
    answering = answering_of(current_app)
    meant, going_on = emphasised(answering, reader(), viewer, asked)
    result = search(current_app.extensions["search"].indexer, reader(), viewer, meant)
    answers = list_answers(answering, reader(), viewer, asked, result)
    if result.is_unavailable:
        html = render_template(
            "search/rebuilding.html", asked=asked, answers=answers, topics=_by_topic(viewer)
        )
    elif result.total:
        shown = _found(asked, result)
        html = render_template(
            "search/hit_index.html", answers=answers, lifted=_lifted(asked, result, going_on), **shown
        )
    else:
        html = render_template("search/nothing.html", answers=answers, **_nothing(asked, result, viewer))
    _count(asked, result, has_answers=bool(answers))
    return _unkept(html, viewer)


@bp.get("/sok/forslag")
@public
@takes_any_query
def suggestion_index() -> Response:
    """Suggestions under the search field, a fragment; empty without any."""
    viewer = current_viewer()
    suggester = current_app.extensions["search"].suggester
    items = suggester.suggest(reader(), viewer, request.args.get("q", ""))
    return _unkept(render_template("search/_suggestions.html", items=items) if items else "", viewer)


def _unkept(html: str, viewer: Viewer) -> Response:
    """The answer, not kept by caches that others read from."""
    response = make_response(html)
    response.cache_control.private = True
    if viewer.is_signed_in:
        response.cache_control.no_store = True
    else:
        response.cache_control.no_cache = True
    return response


def _count(asked: SearchRequest, result: SearchResult, *, has_answers: bool) -> None:
    """Count a search, but not turning its pages, filtering or sorting. What was answered is not without hits."""
    first = asked.page == 1 and not asked.chosen and asked.sort == RELEVANCE
    if asked.query and first and request.method == "GET" and not result.is_unavailable:
        counter = current_app.extensions["search"].counter
        counter.note_search(asked.query, has_hits=result.total > 0 or has_answers)


@bp.after_app_request
def count_click(response: Response) -> Response:
    """Count a text that was opened from the hits of a query: the browser says which page led there."""
    if (
        request.referrer
        and request.method == "GET"
        and response.status_code in (200, 304)
        and _is_item_page()
    ):
        query = _query_of(request.referrer)
        if query:
            current_app.extensions["search"].counter.note_click(query)
    return response


def _is_item_page() -> bool:
    return request.endpoint in PAGES.values() and "Sec-Purpose" not in request.headers


def _query_of(referrer: str) -> str:
    """The query of the search page that led here; empty for any other page."""
    try:
        parts = urlsplit(referrer)
    except ValueError:
        return ""
    if parts.path != page_path(Landmark.SEARCH) or not is_own_host(parts.netloc):
        return ""
    return parse_qs(parts.query).get("q", [""])[0]


def _found(asked: SearchRequest, result: SearchResult) -> dict[str, Any]:
    asked = replace(asked, query=result.query.text)
    page = Page(result.hits, result.page, result.total)
    return {
        "asked": asked,
        "result": result,
        "page": page,
        "filters": _chosen(asked, result),
        "kept": ([("ordning", asked.sort)] if asked.sort != RELEVANCE else [])
        + ([("ordagrant", "1")] if asked.verbatim else [])
        + ([("ord", "1")] if asked.is_plain else [])
        + ([("oviktat", "1")] if asked.unlifted else []),
        "orders": [
            (words, addresses.write(replace(asked, sort=sort, page=1)), asked.sort == sort)
            for sort, words in ((RELEVANCE, "Relevans"), (REVIEWED, "Senast granskad"))
        ]
        if result.query.text
        else [],
        "previous": _to_page(asked, page, -1) if page.has_previous else None,
        "following": _to_page(asked, page, 1) if page.has_next else None,
        "notice": _notice(result),
        "meant": _meant(asked, result),
        "understood": _understood(asked, result),
    }


def _lifted(
    asked: SearchRequest, result: SearchResult, going_on: Sequence[Emphasis]
) -> dict[str, Any] | None:
    """What is said of texts that stand higher for what goes on, with the address that takes it away."""
    if not result.is_lifted or asked.sort != RELEVANCE:
        return None
    names = topic_names(reader())
    topics = dict.fromkeys(topic for one in going_on for topic in one.topics)
    return {
        "runs": [(one.title, one.url) for one in going_on[:MOST_GOING_ON]],
        "more": max(0, len(going_on) - MOST_GOING_ON),
        "topics": [names[topic] for topic in topics if topic in names],
        "url": addresses.write(replace(asked, unlifted=True, page=1)),
    }


def _nothing(asked: SearchRequest, result: SearchResult, viewer: Viewer) -> dict[str, Any]:
    """What is shown without hits: ways on, and without a query the latest of each phase."""
    asked = replace(asked, query=result.query.text)
    has_query = bool(result.query.text or asked.chosen)
    return {
        "asked": asked,
        "result": result,
        "filters": _chosen(asked, result),
        "kept": [(name, value) for name, values in asked.chosen.items() for value in values],
        "has_query": has_query,
        "unfiltered_url": addresses.unfiltered(asked),
        "words": [
            (one.word, one.count, addresses.write(SearchRequest(query=one.word))) for one in result.words
        ],
        "related": _related(viewer, result.asked.positive),
        "situations": list_situations(reader(), viewer, SITUATIONS) if has_query else [],
        "ask_url": _ask_url(result.query.text) if has_query else "",
        "latest": [] if has_query else [(phase.value, _latest(viewer, phase)) for phase in PHASE_NAMES],
        "notice": _notice(result),
        "meant": _meant(asked, result),
        "understood": _understood(asked, result),
        "looser": [
            (one.words, one.total, addresses.write(replace(asked, query=one.text, page=1)))
            for one in result.looser
        ],
    }


def _ask_url(query: str) -> str:
    """A mail to the editors with the query filled in (unless it points somebody out); empty without their address."""
    address = current_app.config["SETTINGS"].contact_email
    if not address:
        return ""
    asked = f": {query}" if query and not may_point_out(query) else ""
    fields = {
        "subject": f"Fråga till redaktionen{asked}",
        "body": f"Jag sökte i Rådrum men hittade inget{asked}.\n\nDet här behöver jag veta:\n",
    }
    return f"mailto:{quote(address, safe='@')}?{urlencode(fields, quote_via=quote)}"


def _related(viewer: Viewer, query: str) -> list[tuple[str, str, str]]:
    """Texts and queries that are near a query without hits: words, address, icon."""
    found = current_app.extensions["search"].suggester.related(reader(), viewer, query) if query else []
    return [
        (one.text, one.url, one.kind or "sok")
        if one.url
        else (f"Sök på ”{one.text}”", addresses.write(SearchRequest(query=one.text)), "sok")
        for one in found
    ]


def _meant(asked: SearchRequest, result: SearchResult) -> dict[str, str] | None:
    """What was probably meant, with the address that searches for it, or the way back to the words as typed."""
    if not result.corrected:
        return None
    other = replace(asked, query=result.corrected, verbatim=False, page=1)
    undone = replace(asked, verbatim=True, page=1)
    return {"text": result.corrected, "url": addresses.write(other if asked.verbatim else undone)}


def _understood(asked: SearchRequest, result: SearchResult) -> dict[str, str] | None:
    """How operators were read, with the address that takes them as plain words; nothing without any."""
    words = operators.understood(result.asked)
    return {"text": words, "url": addresses.write(replace(asked, is_plain=True, page=1))} if words else None


def _chosen(asked: SearchRequest, result: SearchResult) -> list[tuple[str, str]]:
    """The chosen filters: what it says and the address without it."""
    return [
        (option.label, addresses.without(asked, group.name, option.value))
        for group in result.facets
        for option in group.options
        if option.checked
    ]


def _to_page(asked: SearchRequest, page: Page[Any], step: int) -> dict[str, str]:
    number = page.number + step
    return {"url": addresses.write(replace(asked, page=number)), "text": f"Träff {page.span(number)}"}


def _notice(result: SearchResult) -> str:
    text = result.query.text
    if looks_like_identity_number(text) or looks_like_phone(text):
        return "Sökningen ser ut att innehålla ett person- eller telefonnummer. Den sparas inte. Sök utan numret."
    if result.query.was_cut:
        return "Din sökning var lång. Vi sökte på de första 40 orden, högst 400 tecken."
    unread = operators.notice(result.asked)
    if unread:
        return unread
    if text and result.query.is_empty:
        return "Skriv minst ett ord med bokstäver eller siffror."
    return ""


def _latest(viewer: Viewer, phase: Phase) -> list[Card]:
    query = card_query(viewer, {PHASE: phase}).order_by(
        shown_since(ContentItem.published_at).desc(), ContentItem.published_at.desc(), ContentItem.id
    )
    return list_cards(reader(), query.limit(LATEST))


def _by_topic(viewer: Viewer) -> list[tuple[str, list[Card]]]:
    """All that can be read, by topic, for the time when the index is away."""
    cards = list_cards(
        reader(), card_query(viewer).order_by(ContentItem.sort_key, ContentItem.id).limit(LISTED)
    )
    return [
        (name, [card for card in cards if slug in card.topics])
        for slug, name in topic_names(reader()).items()
    ]
