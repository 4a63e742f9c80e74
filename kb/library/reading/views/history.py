"""What readers may know of the versions of a text."""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.library.addresses import history_address
from kb.library.blueprint import bp
from kb.library.content.document import Kind
from kb.library.core.models.items import Revision
from kb.library.core.queries.comparison import compare_two
from kb.library.core.queries.reading import Moved, Withdrawn, get_reading
from kb.library.core.queries.versions import list_versions
from kb.library.core.visibility import can_read_revision
from kb.library.core.workflow import Way
from kb.library.permissions import Permission
from kb.library.reading.views.lists import INDEXES, LISTS
from kb.library.reading.views.texts import gone_page
from kb.text.wording import swedish_date
from kb.web.guards import public
from kb.web.sessions import reader


@bp.get("/vagledning/<slug>/historik")
@public
def article_version_index(slug: str) -> Response:
    """The versions of a piece of guidance."""
    return _versions(Kind.ARTICLE, slug)


@bp.get("/berattelser/<slug>/historik")
@public
def story_version_index(slug: str) -> Response:
    """The versions of a case story."""
    return _versions(Kind.STORY, slug)


@bp.get("/checklistor/<slug>/historik")
@public
def checklist_version_index(slug: str) -> Response:
    """The versions of a checklist."""
    return _versions(Kind.CHECKLIST, slug)


@bp.get("/mallar/<slug>/historik")
@public
def template_version_index(slug: str) -> Response:
    """The versions of a message template."""
    return _versions(Kind.TEMPLATE, slug)


@bp.get("/pastaenden/<slug>/historik")
@public
def claim_version_index(slug: str) -> Response:
    """The versions of a claim and its answer."""
    return _versions(Kind.CLAIM, slug)


def _versions(kind: Kind, slug: str) -> Response:
    session, viewer = reader(), current_viewer()
    try:
        reading = get_reading(session, viewer, kind, slug, any_day=viewer.can(Permission.DESK))
    except Moved as moved:
        return redirect(history_address(moved.kind, moved.slug), 301)
    except Withdrawn as gone:
        return gone_page(gone)
    versions = [
        revision
        for revision in list_versions(session, reading.item)
        if can_read_revision(session, viewer, revision)
    ]
    numbered = {revision.version or 0: revision for revision in versions}
    html = render_template(
        "library/history_show.html",
        item=reading.item,
        title=reading.document.title,
        list_name=LISTS[kind][0],
        list_path=url_for(INDEXES[kind]),
        versions=[_version_row(revision) for revision in versions],
        choices=[(revision.version, _version_name(revision)) for revision in versions],
        **compare_two(session, numbered, [request.args.get(name, type=int) for name in ("fran", "till")]),
    )
    return make_response(html)


def _version_row(revision: Revision) -> dict[str, Any]:
    people = [Way.LOADED.label] if revision.way == Way.LOADED else [revision.author_name]
    if revision.approved_by_name:
        people.append(f"granskad av {revision.approved_by_name}")
    return {
        "number": revision.version,
        "published_at": revision.published_at,
        "people": ", ".join(people),
        "reason": revision.reason if revision.reason != Way.LOADED.label else "",
    }


def _version_name(revision: Revision) -> str:
    """ "Version 6, 3 april 2026" for a choice among published versions."""
    return f"Version {revision.version}, {swedish_date(revision.published_at)}"
