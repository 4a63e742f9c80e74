"""What is new or changed: a page and a feed."""

from datetime import date
from itertools import groupby

from flask import Response, make_response, render_template

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.accounts.viewer import ANONYMOUS
from kb.library.blueprint import bp
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.queries.lists import list_changes
from kb.library.reading import presenting
from kb.web.addresses import absolute, external_url
from kb.web.guards import public
from kb.web.sessions import reader


@bp.get("/andrat")
@public
def change_index() -> str:
    """What is new or changed, and why."""
    changes = list_changes(reader(), current_viewer())
    days = [(day, list(rows)) for day, rows in groupby(changes, key=_day_of)]
    return render_template("library/change_index.html", days=days)


def _day_of(change: tuple[ContentItem, Revision]) -> date:
    return clock.local(presenting.shown_at(*change)).date()


@bp.get("/andrat.atom")
@public
def change_feed() -> Response:
    """The same as an Atom feed: only what is open to everybody."""
    changes = list_changes(reader(), ANONYMOUS, 30)
    rows = [(item, revision, presenting.shown_at(item, revision)) for item, revision in changes]
    updated = max((moment for _item, _revision, moment in rows), default=clock.now())
    xml = render_template(
        "library/change_feed.xml", rows=rows, updated=updated, absolute=absolute, external_url=external_url
    )
    response = make_response(xml)
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    return response
