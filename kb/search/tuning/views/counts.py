"""The editors' page of what people looked for."""

from flask import current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kb.accounts.entry.signin import current_viewer
from kb.accounts.viewer import Viewer
from kb.errors import NotFound
from kb.search.blueprint import bp
from kb.search.finding.query import normal_query
from kb.search.permissions import Permission
from kb.search.tuning import asked, hiding
from kb.text.wording import counted
from kb.web.guards import requires
from kb.web.registry import Contents
from kb.web.sessions import reader, transaction

PERIODS = {"vecka": (1, "Den här veckan"), "kvartal": (asked.WEEKS, "De senaste 12 veckorna")}
SHOWN = 5  # queries in the box
MONTH = 4  # weeks that the work list looks back


@bp.get("/redaktion/sokningar")
@requires(Permission.COUNTS)
def count_index() -> str:
    """What people looked for."""
    current_app.extensions["search"].counter.flush()
    session = reader()
    period = request.args.get("tid", "")
    period = period if period in PERIODS else "kvartal"
    return render_template(
        "search/count_index.html",
        lists=asked.get_lists(session, PERIODS[period][0]),
        weeks=asked.list_weeks(session),
        ignored=asked.list_ignored(session),
        periods=[
            (words, url_for(".count_index", tid=name), name == period) for name, (_, words) in PERIODS.items()
        ],
    )


@bp.get("/redaktion/sokningar/sokning")
@requires(Permission.COUNTS)
def count_show() -> str:
    """One query: its counts and what can be done about it."""
    query = normal_query(request.args.get("q", "")[:200])
    if not query:
        raise NotFound
    session = reader()
    return render_template(
        "search/count_show.html",
        query=query,
        counts=asked.get_asked(session, query),
        is_ignored=asked.is_ignored(session, query),
        search_url=url_for("search.hit_index", q=query),
        can_edit=current_viewer().can(Permission.EDIT),
    )


@bp.post("/redaktion/sokningar/dold")
@requires(Permission.EDIT)
def ignored_create() -> Response:
    """Leave a query out of the lists."""
    with transaction() as session:
        hiding.ignore_query(session, _query(), by=current_viewer())
    return _done("Sökningen visas inte längre i listorna.")


@bp.post("/redaktion/sokningar/dold/borttagning")
@requires(Permission.EDIT)
def ignored_delete() -> Response:
    """Take a query into the lists again."""
    with transaction() as session:
        hiding.show_query(session, _query(), by=current_viewer())
    return _done("Sökningen visas i listorna igen.")


@bp.post("/redaktion/sokningar/borttagning")
@requires(Permission.EDIT)
def count_delete() -> Response:
    """Remove all counts of a query."""
    with transaction() as session:
        hiding.remove_query(session, _query(), by=current_viewer())
    current_app.extensions["search"].suggester.forget()
    return _done("Sökningen är borttagen.")


def missed_searches(session: Session, _viewer: Viewer) -> Contents:
    """The box on the editors' work list."""
    rows = asked.list_without_hits(session, MONTH, limit=SHOWN)
    count = asked.count_without_hits(session, MONTH) if rows else 0
    return Contents(
        count=count,
        rows=[
            {
                "title": row.query,
                "url": url_for("search.count_show", q=row.query),
                "meta": f"{counted(row.without_hits, 'gång', 'gånger')} de senaste fyra veckorna",
            }
            for row in rows
        ],
        more_url=url_for("search.count_index", _anchor="utan-traff") if count > len(rows) else None,
    )


def _query() -> str:
    return request.form.get("query", "")[:200]


def _done(message: str) -> Response:
    flash(message)
    return redirect(url_for(".count_index"), 303)
