"""A draft as readers will see it."""

from kb.accounts.entry.signin import current_viewer
from kb.errors import Invalid
from kb.library.blueprint import ITEM, bp
from kb.library.core.queries.drafts import draft_reading, get_item
from kb.library.permissions import Permission
from kb.library.reading.views.texts import render_reading
from kb.web.guards import requires
from kb.web.sessions import reader


@bp.get(f"{ITEM}/forhandsvisning")
@requires(Permission.DESK)
def draft_show(kind: str, public_id: str) -> str:
    """The newest revision as readers will see it, with a banner."""
    session, viewer = reader(), current_viewer()
    item = get_item(session, viewer, public_id, kind)
    if item.latest_revision is None:
        raise Invalid("base", "Texten har inget innehåll.")
    return render_reading(draft_reading(session, viewer, item, item.latest_revision), draft=True)
