"""The audit log in the administration: who did what, when."""

from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request, url_for

from kb import clock
from kb.audit.forms import EventFilterForm
from kb.audit.people import People
from kb.audit.permissions import Permission
from kb.audit.queries import EventFilter, EventRow, event_rows, event_select, export_rows
from kb.text.sheets import sheet
from kb.web.guards import requires
from kb.web.pagination import Page, page_number, paginate
from kb.web.sessions import reader

bp = Blueprint("audit", __name__, url_prefix="/administration")
PER_PAGE = 50
_WRONG = "Skriv datumet så här: 2026-11-30."


@bp.get("/handelser")
@requires(Permission.VIEW)
def event_index() -> tuple[str, int]:
    """One page of the log."""
    form = _form()
    wanted = form.wanted() if not form.errors else EventFilter()
    query = event_select(reader(), wanted, _people())
    page = paginate(reader(), query, page_number(request.args.get("sida")), PER_PAGE)
    rows = event_rows(reader(), page.items, _people())
    html = render_template(
        "audit/event_index.html",
        form=form,
        page=page,
        rows=rows,
        links=_links(page),
        export=_address(".event_export"),
    )
    return html, 422 if form.errors else 200


@bp.get("/handelser.csv")
@requires(Permission.VIEW)
def event_export() -> Response:
    """The same events as a table for a spreadsheet."""
    form = _form()
    rows = export_rows(reader(), form.wanted(), _people()) if not form.errors else []
    response = Response(to_csv(rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="handelser-{clock.today().isoformat()}.csv"'
    )
    return response


def to_csv(rows: list[EventRow]) -> str:
    """The rows as a table for spreadsheets."""
    cells = (
        (clock.local(row.at).strftime("%Y-%m-%d %H:%M:%S"), row.title, row.actor, row.subject, row.details)
        for row in rows
    )
    return sheet(("Tid", "Händelse", "Vem", "Gäller", "Uppgifter"), cells)


def _form() -> EventFilterForm:
    form = EventFilterForm(formdata=request.args)
    form.validate()
    for field in (form.fran, form.till):
        if field.errors:
            field.errors = [_WRONG]
    return form


def _people() -> People:
    people: People = current_app.extensions["audit_people"]
    return people


def _links(page: Page[object]) -> dict[str, dict[str, str] | None]:
    def link(number: int) -> dict[str, str]:
        return {"url": _address(".event_index", number), "text": f"Händelse {page.span(number)}"}

    return {
        "prev": link(page.number - 1) if page.has_previous else None,
        "next": link(page.number + 1) if page.has_next else None,
    }


def _address(endpoint: str, number: int = 1) -> str:
    query = {key: value for key, value in request.args.items() if key != "sida" and value}
    if number > 1:
        query["sida"] = str(number)
    path = url_for(endpoint)  # what is asked for may bear any name, also those that url_for keeps for itself
    return f"{path}?{urlencode(query)}" if query else path
