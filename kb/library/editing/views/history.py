"""All revisions of a text, for those who work at the desk."""

from flask import render_template, request

from kb.accounts.entry.signin import current_viewer
from kb.library.blueprint import ITEM, bp
from kb.library.core.queries.comparison import compare_two
from kb.library.core.queries.drafts import get_item
from kb.library.core.queries.versions import list_revisions
from kb.library.editing import editorial
from kb.library.permissions import Permission
from kb.web.guards import requires
from kb.web.sessions import reader


@bp.get(f"{ITEM}/historik")
@requires(Permission.DESK)
def revision_index(kind: str, public_id: str) -> str:
    """All revisions, for editors."""
    session, viewer = reader(), current_viewer()
    item = get_item(session, viewer, public_id, kind)
    revisions = list_revisions(session, viewer, item)
    numbered = {revision.number: revision for revision in revisions if revision.readable}
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
        **compare_two(session, numbered, [request.args.get(name, type=int) for name in ("fran", "till")]),
    )
