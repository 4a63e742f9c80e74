"""The page of a text of any kind, and what stands there when it is gone."""

from flask import Response, make_response, redirect, render_template, url_for

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.accounts.queries import colleagues_with
from kb.accounts.roles import Role
from kb.errors import NotFound
from kb.library.addresses import address
from kb.library.blueprint import bp
from kb.library.content.document import BASIS_NAMES, MODE_NAMES, Kind, shown_title
from kb.library.core.queries.reading import Ended, Moved, Reading, Upcoming, Withdrawn, get_reading
from kb.library.core.queries.topics import topic_names
from kb.library.core.shelf import kept
from kb.library.permissions import Permission
from kb.library.reading import glossary, messages, presenting, provisions
from kb.web.addresses import absolute
from kb.web.guards import public
from kb.web.landmarks import Landmark
from kb.web.sessions import reader

BASIS_WORDS = {str(basis): name for basis, name in BASIS_NAMES.items()}

MODE_WORDS = {str(mode): name for mode, name in MODE_NAMES.items()}

PAGES = {
    Kind.ARTICLE: "library/article_show.html",
    Kind.STORY: "library/story_show.html",
    Kind.CHECKLIST: "library/checklist_show.html",
    Kind.TEMPLATE: "library/template_show.html",
    Kind.CLAIM: "library/claim_show.html",
}


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
        return page_parts(get_reading(reader(), viewer, kind, slug))

    try:
        parts = kept(reader(), viewer, ("item", kind, slug), build)
    except Moved as moved:
        return redirect(address(moved.kind, moved.slug), 301)  # type: ignore[return-value]
    except (Upcoming, Withdrawn) as hidden:
        if viewer.can(Permission.DESK) and not is_withdrawn(hidden):
            reading = get_reading(reader(), viewer, kind, slug, any_day=True)
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
    names = topic_names(reader())
    prose = presenting.shown_html(reading.revision, document.body)
    return {
        "item": presenting.head_of(reading.item),
        "doc": document,
        "unverified": presenting.unverified_words(document),
        "kind": kind.value,
        "topics": [
            {"text": names[t], "url": url_for(Landmark.SEARCH, amne=t)} for t in document.topics if t in names
        ],
        "audiences": presenting.audience_tags(document),
        "review": presenting.full_review(reading.item, clock.today()),
        "prose": prose,
        "contents": [{"id": i, "title": t} for i, t in prose.headings],
        "sources": presenting.source_rows(document),
        "provisions": provisions.provision_rows(reader(), document, reading.item.id),
        "terms": _terms(reading),
        "related": presenting.around(reading),
        "full_address": _full_address(reading),
        "printed_on": clock.today(),
    }


def _full_address(reading: Reading) -> str:
    return absolute(address(reading.item.kind, reading.item.slug))


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
        "qr": presenting.qr_path(_full_address(reading)),
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
        "translations": messages.translations_of(document),
    }


_OWN = {
    Kind.ARTICLE: _article,
    Kind.STORY: _story,
    Kind.CHECKLIST: _checklist,
    Kind.TEMPLATE: _template,
    Kind.CLAIM: _claim,
}
