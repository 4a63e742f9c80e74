"""The editors' list of all content."""

from typing import Any

from flask import render_template, request

from kb import clock
from kb.accounts.entry.signin import current_viewer
from kb.library.blueprint import bp
from kb.library.content.document import KIND_NAMES
from kb.library.core.models.items import ContentItem
from kb.library.core.models.reviewing import Withdrawal
from kb.library.core.queries.topics import topic_names
from kb.library.editing import editorial, worklist
from kb.library.editing.worklist import ItemFilter, ReviewNeed
from kb.library.permissions import Permission
from kb.text.wording import swedish_date, swedish_moment
from kb.web.addresses import page_address
from kb.web.guards import requires
from kb.web.pagination import page_number, paginate
from kb.web.sessions import reader

ORDER_NAMES = {worklist.NEWEST: "Senast ändrad först"}
REVIEW_NAMES = ReviewNeed.names()


@bp.get("/redaktion/innehall")
@requires(Permission.DESK)
def item_index() -> str:
    """All content in any state, narrowed by filters in the address."""
    session, viewer = reader(), current_viewer()
    topics = topic_names(session)
    chosen = _chosen(topics)
    number = page_number(request.args.get("sida"))
    page = paginate(session, worklist.item_query(session, viewer, chosen, clock.today()), number)
    can_edit = viewer.can(Permission.EDIT)
    asked = worklist.open_withdrawals(session, page.items)
    return render_template(
        "library/item_index.html",
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
    return {"url": page_address("library.item_index", **kept, sida=number), "text": f"Text {span}"}


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
