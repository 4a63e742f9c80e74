"""Reading: lists of guidance, stories and checklists, pages of all kinds, topics, numbers, glossary, what is new."""

from datetime import date
from itertools import groupby

from flask import Blueprint, Response, make_response, redirect, render_template, request

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.accounts.queries import colleagues_with
from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS
from kb.errors import NotFound
from kb.library.content import lawtexts
from kb.library.content.document import BASIS_NAMES, KIND_PATHS, MODE_NAMES, PHASE_NAMES, Kind, shown_title
from kb.library.core import queries
from kb.library.core.models import ContentItem, Revision
from kb.library.core.queries import Card, Ended, Filter, Moved, Reading, Upcoming, Withdrawn
from kb.library.core.shelf import kept
from kb.library.permissions import Permission
from kb.library.reading import glossary, messages, presenting, provisions
from kb.text.order import initial
from kb.web.addresses import absolute
from kb.web.guards import public
from kb.web.pagination import PER_PAGE, Page, page_number
from kb.web.sessions import reader

bp = Blueprint("library", __name__)
BASIS_WORDS = {str(basis): name for basis, name in BASIS_NAMES.items()}
MODE_WORDS = {str(mode): name for mode, name in MODE_NAMES.items()}
LISTS = {
    Kind.ARTICLE: ("Vägledning", "Gör så här först, bakgrunden sedan. Varje text säger vad den bygger på."),
    Kind.STORY: ("Berättelser", "Vad andra kommuner har varit med om, vad som hjälpte och vad de lärde sig."),
    Kind.CHECKLIST: ("Checklistor", "Ett steg i taget. Läs, skriv ut eller starta och bocka av tillsammans."),
    Kind.TEMPLATE: ("Mallar", "Meddelanden, svar och talepunkter att fylla i och använda som de är."),
    Kind.CLAIM: ("Svar på påståenden", "Sådant som sägs om socialtjänsten, och vad du kan svara."),
}

PAGES = {
    Kind.ARTICLE: "library/article_show.html",
    Kind.STORY: "library/story_show.html",
    Kind.CHECKLIST: "library/checklist_show.html",
    Kind.TEMPLATE: "library/template_show.html",
    Kind.CLAIM: "library/claim_show.html",
}


# Lists


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
    topics = queries.topic_names(session)
    topic = request.args.get("amne", "")
    phase = request.args.get("skede", "")
    chosen = Filter(
        kind=kind, topic=topic if topic in topics else "", phase=phase if phase in set(PHASE_NAMES) else ""
    )
    number = page_number(request.args.get("sida"))
    query = queries.card_query(viewer, chosen).order_by(ContentItem.sort_key, ContentItem.id)
    total = queries.count_cards(session, query)
    cards = queries.list_cards(session, query.limit(PER_PAGE).offset((number - 1) * PER_PAGE))
    title, lead = LISTS[kind]
    return render_template(
        "library/index.html",
        title=title,
        lead=lead,
        kind=kind.value,
        path=f"/{KIND_PATHS[kind]}",
        page=Page(cards, number, total),
        chosen=chosen,
        topics=topics,
        phases=PHASE_NAMES,
    )


# One item


@bp.get("/vagledning/<slug>")
@public
def article_show(slug: str) -> Response:
    """One piece of guidance."""
    return show(Kind.ARTICLE, slug)


@bp.get("/berattelser/<slug>")
@public
def story_show(slug: str) -> Response:
    """One case story."""
    return show(Kind.STORY, slug)


@bp.get("/checklistor/<slug>")
@public
def checklist_show(slug: str) -> Response:
    """One checklist."""
    return show(Kind.CHECKLIST, slug)


def show(kind: Kind, slug: str) -> Response:
    """The page of an item, or where it went."""
    viewer = current_viewer()

    def build() -> dict[str, object]:
        return page_parts(queries.get_reading(reader(), viewer, kind, slug))

    try:
        parts = kept(reader(), viewer, ("item", kind, slug), build)
    except Moved as moved:
        return redirect(moved.path, 301)  # type: ignore[return-value]
    except (Upcoming, Withdrawn) as hidden:
        if viewer.can(Permission.DESK) and not is_withdrawn(hidden):
            reading = queries.get_reading(reader(), viewer, kind, slug, any_day=True)
            return make_response(render_reading(reading, notice=presenting.hidden_words(reading.item)))
        return gone_page(hidden)
    starters = colleagues_with(reader(), viewer, Role.STAFF)
    return make_response(render_template(PAGES[kind], draft=False, notice="", starters=starters, **parts))


def is_withdrawn(hidden: NotFound) -> bool:
    """Whether somebody took the text away; otherwise only its days keep it from readers."""
    return isinstance(hidden, Withdrawn) and not isinstance(hidden, Ended)


def gone_page(hidden: NotFound) -> Response:
    """Why a text is gone, and what to read instead. Of one that is yet to come nothing is told: it raises that."""
    if not isinstance(hidden, Withdrawn):
        raise hidden
    html = render_template(
        "library/withdrawn.html",
        item=hidden.item,
        replacement=hidden.replacement,
        has_ended=isinstance(hidden, Ended),
        related=presenting.related_rows(hidden.related)[:3] if isinstance(hidden, Ended) else [],
    )
    return make_response(html, 410)


def render_reading(reading: Reading, *, draft: bool = False, notice: str = "") -> str:
    """The page of an item; `draft` marks a preview, `notice` says why readers do not see it."""
    starters = colleagues_with(reader(), current_viewer(), Role.STAFF)
    return render_template(
        PAGES[Kind(reading.document.kind)],
        draft=draft,
        notice=notice,
        starters=starters,
        **page_parts(reading),
    )


def page_parts(reading: Reading) -> dict[str, object]:
    """What the template of an item needs."""
    kind = Kind(reading.document.kind)
    return {**_common(reading, kind), **_OWN[kind](reading)}


def _common(reading: Reading, kind: Kind) -> dict[str, object]:
    document = reading.document
    names = queries.topic_names(reader())
    prose = presenting.shown_html(reading.revision, document.body)
    return {
        "item": presenting.head_of(reading.item),
        "doc": document,
        "unverified": presenting.unverified_words(document),
        "kind": kind.value,
        "topics": [{"text": names[t], "url": f"/sok?amne={t}"} for t in document.topics if t in names],
        "audiences": presenting.audience_tags(document),
        "review": presenting.full_review(reading.item, clock.today()),
        "prose": prose,
        "contents": [{"id": i, "title": t} for i, t in prose.headings],
        "sources": presenting.source_rows(document),
        "provisions": provisions.provision_rows(reader(), document, reading.item.id),
        "terms": _terms(reading),
        "related": presenting.around(reading),
        "address": absolute(reading.item.path),
        "printed_on": clock.today(),
    }


def _terms(reading: Reading) -> list[glossary.Term]:
    return glossary.terms_in(reader(), current_viewer(), reading.document, reading.revision.digest)


def _article(reading: Reading) -> dict[str, object]:
    checklist = next(
        (
            link
            for link in (*reading.links, *reading.backlinks)
            if link.kind == Kind.CHECKLIST and link.step_count
        ),
        None,
    )
    return {"actions": reading.document.actions, "checklist": checklist}


def _story(reading: Reading) -> dict[str, object]:
    document, revision = reading.document, reading.revision
    parts = [("fore", document.before), ("under", document.during), ("efter", document.after)]
    return {
        "parts": [(phase, presenting.plain_prose(revision, html)) for phase, html in parts if html],
        "lessons": presenting.lesson_rows(reading),
        "basis": BASIS_WORDS.get(document.basis),
        "related": presenting.related_rows(
            [link for link in (*reading.links, *reading.backlinks) if link.place != "lesson"]
        ),
    }


def _checklist(reading: Reading) -> dict[str, object]:
    stops, loose = presenting.timeline(reading.document)
    return {
        "sections": presenting.step_sections(reading),
        "stops": stops,
        "loose": loose,
        "mode": MODE_WORDS.get(reading.document.mode),
        "qr": presenting.qr_path(absolute(reading.item.path)),
    }


def _template(reading: Reading) -> dict[str, object]:
    document, revision = reading.document, reading.revision
    body = presenting.shown_html(revision, document.body)
    return {
        "channel": messages.channel_name(document),
        "parts": messages.text_parts(document.text),
        "secrecy": presenting.shown_html(revision, document.secrecy, beside=body.html).html,
    }


def _claim(reading: Reading) -> dict[str, object]:
    document = reading.document
    return {
        "heading": shown_title(document.kind, document.title),
        "wordings": document.claim or (document.title,),
    }


_OWN = {
    Kind.ARTICLE: _article,
    Kind.STORY: _story,
    Kind.CHECKLIST: _checklist,
    Kind.TEMPLATE: _template,
    Kind.CLAIM: _claim,
}


# Topics


@bp.get("/amnen")
@public
def topic_index() -> Response:
    """Topics are all on the start page."""
    return redirect("/#karta", 301)  # type: ignore[return-value]


@bp.get("/amnen/<slug>")
@public
def topic_show(slug: str) -> str:
    """A topic: its three phases beside each other, and the rules that apply."""
    session, viewer = reader(), current_viewer()
    topic = queries.get_topic(session, slug)
    phases = []
    for phase, name in PHASE_NAMES.items():
        query = queries.card_query(viewer, Filter(topic=slug, phase=phase))
        cards = queries.list_cards(session, query.order_by(ContentItem.sort_key, ContentItem.id))
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


# Legal provisions


@bp.get("/lagrum")
@public
def provision_index() -> str:
    """The provisions that the texts rely on, by statute."""
    found = provisions.list_provisions(reader(), current_viewer())
    return render_template("library/provision_index.html", statutes=provisions.statute_rows(found))


@bp.get("/lagrum/<slug>")
@public
def provision_show(slug: str) -> str:
    """One section of a statute, and the texts that rely on it."""
    found = provisions.get_provision(reader(), current_viewer(), slug)
    law, today = found.provision, clock.today()
    is_over = bool(law.in_force_to) and law.in_force_to < today.isoformat()
    return render_template(
        "library/provision_show.html",
        law=law,
        is_over=is_over,
        state=provisions.comparison(law.statute, law.checked_on),
        statute=lawtexts.statutes().get(law.statute),
        held=None if is_over else lawtexts.section_text(law.statute, law.section, today),
        official=lawtexts.official_address(law.statute),
        rows=[presenting.card_row(card) for card in found.cards],
        wordings=found.wordings,
    )


# Small lists


@bp.get("/viktiga-nummer")
@public
def number_index() -> str:
    """The important numbers."""
    return render_template(
        "library/number_index.html",
        numbers=queries.list_numbers(reader()),
        address=absolute("/viktiga-nummer"),
        printed_on=clock.today(),
    )


@bp.get("/ordlista")
@public
def glossary_index() -> str:
    """The glossary, in Swedish order."""
    groups: dict[str, list[glossary.Term]] = {}
    for term in glossary.list_terms(reader(), current_viewer()):
        groups.setdefault(initial(term.term), []).append(term)
    return render_template("library/glossary_index.html", groups=groups)


@bp.get("/andrat")
@public
def change_index() -> str:
    """What is new or changed, and why."""
    changes = queries.list_changes(reader(), current_viewer())
    days = [(day, list(rows)) for day, rows in groupby(changes, key=_day_of)]
    return render_template("library/change_index.html", days=days)


def _day_of(change: tuple[ContentItem, Revision]) -> date:
    return clock.local(presenting.shown_at(*change)).date()


@bp.get("/andrat.atom")
@public
def change_feed() -> Response:
    """The same as an Atom feed: only what is open to everybody."""
    changes = queries.list_changes(reader(), ANONYMOUS, 30)
    rows = [(item, revision, presenting.shown_at(item, revision)) for item, revision in changes]
    updated = max((moment for _item, _revision, moment in rows), default=clock.now())
    xml = render_template("library/change_feed.xml", rows=rows, updated=updated, absolute=absolute)
    response = make_response(xml)
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    return response
