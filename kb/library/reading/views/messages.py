"""Message templates and answers to claims: their lists, their pages, and a template as plain text."""

from flask import Response, make_response, redirect, render_template, request, url_for

from kb.accounts.entry.signin import current_viewer
from kb.library.addresses import address
from kb.library.blueprint import bp
from kb.library.content.document import CHANNEL_NAMES, Kind
from kb.library.core.queries.reading import Moved, Withdrawn, get_reading
from kb.library.core.queries.topics import topic_names
from kb.library.reading.messages import Listed, list_messages
from kb.library.reading.views.lists import LISTS
from kb.library.reading.views.texts import show
from kb.web.guards import public
from kb.web.sessions import reader


@bp.get("/mallar")
@public
def template_index() -> str:
    """All message templates by topic, narrowed to a topic and a channel."""
    topics = topic_names(reader())
    topic, channel = _chosen("amne", set(topics)), _chosen("kanal", {str(name) for name in CHANNEL_NAMES})
    found = [
        one
        for one in list_messages(reader(), current_viewer(), Kind.TEMPLATE, topic)
        if channel in ("", one.document.channel)
    ]
    title, lead = LISTS[Kind.TEMPLATE]
    return render_template(
        "library/template_index.html",
        title=title,
        lead=lead,
        total=len(found),
        groups=_by_topic(found, {topic: topics[topic]} if topic else topics),
        topics=topics,
        channels={str(name): words for name, words in CHANNEL_NAMES.items()},
        topic=topic,
        channel=channel,
    )


def _by_topic(found: list[Listed], topics: dict[str, str]) -> list[tuple[str, str, list[Listed]]]:
    """(slug, name, messages) of the topics that have any."""
    groups = [
        (slug, name, [one for one in found if slug in one.card.topics]) for slug, name in topics.items()
    ]
    return [group for group in groups if group[2]]


@bp.get("/pastaenden")
@public
def claim_index() -> str:
    """All claims with their short answers, narrowed to a topic."""
    topics = topic_names(reader())
    topic = _chosen("amne", set(topics))
    title, lead = LISTS[Kind.CLAIM]
    return render_template(
        "library/claim_index.html",
        title=title,
        lead=lead,
        rows=list_messages(reader(), current_viewer(), Kind.CLAIM, topic),
        topics=topics,
        topic=topic,
    )


def _chosen(name: str, allowed: set[str]) -> str:
    value = request.args.get(name, "")
    return value if value in allowed else ""


@bp.get("/mallar/<slug>")
@public
def template_show(slug: str) -> Response:
    """One message template."""
    return show(Kind.TEMPLATE, slug)


@bp.get("/pastaenden/<slug>")
@public
def claim_show(slug: str) -> Response:
    """One claim and its answer."""
    return show(Kind.CLAIM, slug)


@bp.get("/mallar/<slug>.txt")
@public
def template_text_show(slug: str) -> Response:
    """The bare text of a template."""
    try:
        reading = get_reading(reader(), current_viewer(), Kind.TEMPLATE, slug)
    except Moved as moved:
        is_template = moved.kind == Kind.TEMPLATE
        now = (
            url_for(".template_text_show", slug=moved.slug)
            if is_template
            else address(moved.kind, moved.slug)
        )
        return redirect(now, 301)  # type: ignore[return-value]
    except Withdrawn:
        return redirect(address(Kind.TEMPLATE, slug), 303)  # type: ignore[return-value]
    response = make_response(f"{reading.document.text}\n")
    response.mimetype = "text/plain"
    return response
