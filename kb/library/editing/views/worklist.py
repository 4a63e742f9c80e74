"""The editors' start page and their list of all content."""

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.library.content.document import KIND_NAMES
from kb.library.core import queries
from kb.library.core.models import ContentItem, Withdrawal
from kb.library.editing import editorial, worklist
from kb.library.editing.worklist import ItemFilter
from kb.library.permissions import Permission
from kb.library.reading.views.reading import bp
from kb.library.services import shipping
from kb.web.filters import swedish_date, swedish_moment
from kb.web.guards import requires
from kb.web.pagination import page_number, paginate
from kb.web.sessions import reader

LIST = "/redaktion/innehall"
SHOWN = 10
ORDER_NAMES = {worklist.NEWEST: "Senast ändrad först"}
REVIEW_NAMES = {"snart": "Går ut inom 30 dagar eller är försenad", "saknas": "Inte granskad av er"}


def side_items(current: str) -> list[dict[str, Any]]:
    """The menu of the editors' pages; `current` is the address of this one."""
    viewer = current_viewer()
    items: list[dict[str, Any]] = [
        {"title": "Arbetslista", "url": "/redaktion"},
        {"title": "Allt innehåll", "url": LIST},
        {"title": "Nya versioner", "url": "/redaktion/nya-versioner"},
    ]
    if viewer.can(Permission.EDIT):
        items.append({"title": "Skriv ny text", "url": "/redaktion/ny"})
        items.append({"title": "Vanliga lägen", "url": "/redaktion/lagen"})
    if viewer.can("search.counts"):
        items.append({"title": "Sökningar", "url": "/redaktion/sokningar"})
    if viewer.can("search.edit"):
        items.append({"title": "Synonymer", "url": "/redaktion/synonymer"})
        items.append({"title": "Utvalda svar", "url": "/redaktion/utvalda-svar"})
    return [item | {"current": item["url"] == current} for item in items]


@bp.get("/redaktion")
@requires(Permission.DESK)
def worklist_show() -> str:
    """What waits for the person who is signed in, the oldest first."""
    session, viewer, today = reader(), current_viewer(), clock.today()
    can_edit, can_review = viewer.can(Permission.EDIT), viewer.can(Permission.REVIEW)
    drafts = worklist.list_own_drafts(session, viewer)
    waiting = worklist.list_waiting_for_review(session, viewer) if can_review else []
    due = worklist.list_review_due(session, viewer, today)
    return render_template(
        "desk/redaktion.html",
        can_edit=can_edit,
        can_review=can_review,
        drafts=editorial.draft_rows(drafts, worklist.latest_requests(session, drafts)),
        waiting=editorial.waiting_rows(waiting),
        withdrawals=editorial.withdrawal_rows(
            worklist.list_withdrawals(session, viewer), viewer.user_id, can_review=can_review
        ),
        shipped_count=len(shipping.list_offers(session, viewer)),
        due=editorial.due_rows(due[:SHOWN], today, can_edit=can_edit and not can_review),
        due_count=len(due),
        unconfirmed=worklist.count_unconfirmed(session, viewer),
        side_label="Redaktion",
        side_items=side_items("/redaktion"),
        current_section="redaktion",
    )


@bp.get(LIST)
@requires(Permission.DESK)
def item_index() -> str:
    """All content in any state, narrowed by filters in the address."""
    session, viewer = reader(), current_viewer()
    topics = queries.topic_names(session)
    chosen = _chosen(topics)
    number = page_number(request.args.get("sida"))
    page = paginate(session, worklist.item_query(session, viewer, chosen, clock.today()), number)
    can_edit = viewer.can(Permission.EDIT)
    asked = worklist.open_withdrawals(session, page.items)
    return render_template(
        "desk/redaktion_innehall.html",
        rows=[_row(item, can_edit, asked.get(item.id)) for item in page.items],
        page=page,
        chosen=chosen,
        topics=topics,
        kinds={str(kind): name for kind, name in KIND_NAMES.items()},
        states=editorial.FILTER_NAMES,
        reviews=REVIEW_NAMES,
        orders=ORDER_NAMES,
        previous=_neighbour(page.number - 1, page.span(page.number - 1)) if page.has_previous else None,
        following=_neighbour(page.number + 1, page.span(page.number + 1)) if page.has_next else None,
        can_edit=can_edit,
        side_label="Redaktion",
        side_items=side_items(LIST),
        current_section="redaktion",
    )


def _chosen(topics: dict[str, str]) -> ItemFilter:
    def one_of(name: str, allowed: Any) -> str:
        value = request.args.get(name, "")
        return value if value in allowed else ""

    return ItemFilter(
        state=one_of("lage", editorial.FILTER_NAMES),
        kind=one_of("typ", {str(kind) for kind in KIND_NAMES}),
        topic=one_of("amne", topics),
        words=" ".join(request.args.get("ord", "").split())[:100],
        review=one_of("granskning", REVIEW_NAMES),
        order=one_of("ordning", ORDER_NAMES),
    )


def _neighbour(number: int, span: str) -> dict[str, str]:
    kept = {name: value for name, value in request.args.items() if name != "sida" and value}
    return {"url": f"{LIST}?{urlencode({**kept, 'sida': number})}", "text": f"Text {span}"}


def _row(item: ContentItem, can_edit: bool, asked: Withdrawal | None) -> dict[str, Any]:
    reviewed = item.reviewed_on if item.reviewed_by_name else None
    return {
        "title": editorial.title_of(item),
        "url": editorial.item_path(item, can_edit=can_edit),
        "kind": item.kind,
        "states": editorial.states_of(item, asked),
        "reviewed": swedish_date(reviewed) if reviewed else "Inte av er" if item.is_published else "",
        "changed": swedish_moment(item.updated_at),
    }
