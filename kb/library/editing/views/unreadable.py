"""The page of a text whose stored content cannot be read: what it is, and the way out for those who can mend it."""

from flask import Response, make_response, render_template, request, url_for

from kb.accounts.entry.signin import current_viewer
from kb.errors import NotFound, Unreadable
from kb.library.blueprint import bp
from kb.library.core.models.items import ContentItem
from kb.library.core.projection import find_by_slug
from kb.library.core.queries.drafts import get_item
from kb.library.permissions import Permission
from kb.web.sessions import reader


@bp.errorhandler(Unreadable)
def unreadable_show(error: Unreadable) -> Response:
    """Say which revision it is; editors and reviewers get the way to the history."""
    item = _item() if current_viewer().can(Permission.DESK) else None
    html = render_template(
        "library/unreadable.html",
        message=error.message,
        heading=item.title if item else "",
        history_url=url_for(".revision_index", kind=item.kind, public_id=item.public_id) if item else None,
    )
    return make_response(html, 409)


def _item() -> ContentItem | None:
    """The item that the address names, if the viewer may know of it."""
    named = request.view_args or {}
    try:
        public_id = named.get("public_id", "")
        if not public_id and "slug" in named:
            found = find_by_slug(reader(), named["slug"])
            public_id = found.public_id if found else ""
        return get_item(reader(), current_viewer(), public_id) if public_id else None
    except NotFound:
        return None
