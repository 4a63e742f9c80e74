"""History: what readers may know of a text's versions, and all revisions for editors."""

from typing import Any

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.library.content.document import KIND_PATHS, Kind
from kb.library.core import queries
from kb.library.core.models import Revision
from kb.library.core.queries import Moved, Withdrawn
from kb.library.core.visibility import can_read_revision
from kb.library.editing import editorial, worklist
from kb.library.editing.views.editing import ITEM
from kb.library.permissions import Permission
from kb.library.reading.views.reading import LISTS, bp, gone_page
from kb.web.guards import public, requires
from kb.web.sessions import reader

READ_IN = "Inläst"


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
        reading = queries.get_reading(session, viewer, kind, slug, any_day=viewer.can(Permission.DESK))
    except Moved as moved:
        return redirect(f"{moved.path}/historik", 301)
    except Withdrawn as gone:
        return gone_page(gone)
    versions = [
        revision
        for revision in queries.list_versions(session, reading.item)
        if can_read_revision(session, viewer, revision)
    ]
    old, new = _pair({revision.version or 0: revision for revision in versions})
    html = render_template(
        "library/history_show.html",
        item=reading.item,
        title=reading.document.title,
        list_name=LISTS[kind][0],
        list_path=f"/{KIND_PATHS[kind]}",
        versions=[_version_row(revision) for revision in versions],
        choices=[(revision.version, editorial.version_name(revision)) for revision in versions],
        **_comparison(old, new),
    )
    return make_response(html)


def _version_row(revision: Revision) -> dict[str, Any]:
    people = [READ_IN] if revision.way == "inlasning" else [revision.author_name]
    if revision.approved_by_name:
        people.append(f"granskad av {revision.approved_by_name}")
    return {
        "number": revision.version,
        "published_at": revision.published_at,
        "people": ", ".join(people),
        "reason": revision.reason if revision.reason != READ_IN else "",
    }


@bp.get(f"{ITEM}/historik")
@requires(Permission.DESK)
def revision_index(kind: str, public_id: str) -> str:
    """All revisions, for editors."""
    session, viewer = reader(), current_viewer()
    item = worklist.get_item(session, viewer, public_id, kind)
    revisions = worklist.list_revisions(session, viewer, item)
    old, new = _pair({revision.number: revision for revision in revisions if revision.readable})
    return render_template(
        "library/edit_history.html",
        item=item,
        heading=editorial.title_of(item),
        path=editorial.edit_path(item),
        back=editorial.item_path(item, can_edit=viewer.can(Permission.EDIT)),
        revisions=revisions,
        choices=[
            (revision.number, editorial.revision_name(revision))
            for revision in revisions
            if revision.readable
        ],
        can_edit=viewer.can(Permission.EDIT),
        **_comparison(old, new),
    )


def _pair(revisions: dict[int, Revision]) -> tuple[Revision | None, Revision | None]:
    """The two that are compared: those in the address, else the newest two."""
    numbers = sorted(revisions, reverse=True)
    chosen = [request.args.get(name, type=int) for name in ("fran", "till")]
    if all(number in revisions for number in chosen):
        old, new = sorted(number for number in chosen if number is not None)
        return revisions[old], revisions[new]
    if len(numbers) < 2:
        return None, None
    return revisions[numbers[1]], revisions[numbers[0]]


def _comparison(old: Revision | None, new: Revision | None) -> dict[str, Any]:
    if old is None or new is None:
        return {"old": None, "new": None, "rows": [], "changed": ""}
    session = reader()
    rows = editorial.compare(
        old.content, new.content, topics=queries.topic_names(session), units=worklist.unit_names(session)
    )
    return {"old": old, "new": new, "rows": rows, "changed": editorial.changed_words(rows)}
