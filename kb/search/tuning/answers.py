"""Promoted answers as editors keep them: texts that they put first for a query."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.audit.services import record
from kb.errors import Invalid, NotFound
from kb.library.content.references import slug_of
from kb.library.core.models.items import ContentItem
from kb.library.core.visibility import visible
from kb.search.finding.query import normal_query
from kb.search.finding.searching import touch
from kb.search.finding.weights import MOST_PROMOTED
from kb.search.models import PromotedAnswer
from kb.search.tuning.counting import may_point_out
from kb.text.order import swedish_key


def list_promoted(session: Session, viewer: Viewer) -> list[tuple[PromotedAnswer, ContentItem | None]]:
    """All promoted answers by query and place, each with its text where the viewer may see it."""
    query = select(PromotedAnswer, ContentItem).outerjoin(
        ContentItem, (ContentItem.id == PromotedAnswer.item_id) & visible(viewer)
    )
    rows = [(answer, item) for answer, item in session.execute(query)]
    return sorted(rows, key=lambda row: (swedish_key(row[0].query), row[0].position, row[0].id))


def get_promoted(session: Session, answer_id: int) -> PromotedAnswer:
    """One promoted answer. Raises `NotFound`."""
    answer = session.get(PromotedAnswer, answer_id)
    if answer is None:
        raise NotFound
    return answer


def get_text(session: Session, viewer: Viewer, answer: PromotedAnswer) -> ContentItem | None:
    """The text of an answer, where the viewer may see it."""
    return session.scalar(select(ContentItem).where(ContentItem.id == answer.item_id, visible(viewer)))


def check_promoted(
    session: Session, answer_id: int | None, *, query: str, address: str, by: Viewer
) -> tuple[str, ContentItem]:
    """The normalised query and the text that an address means. Raises `Invalid` for what cannot be saved."""
    normal = normal_query(query)
    if not normal:
        raise Invalid("query", "Skriv en sökning med bokstäver eller siffror.")
    if may_point_out(query):
        raise Invalid("query", "Skriv inga person- eller telefonnummer.")
    item = session.scalar(select(ContentItem).where(ContentItem.slug == slug_of(address), visible(by)))
    if item is None:
        raise Invalid("address", f"Det finns ingen publicerad text med adressen ”{address}”.")
    others = select(PromotedAnswer).where(
        PromotedAnswer.query == normal, PromotedAnswer.id != (answer_id or 0)
    )
    answers = session.scalars(others).all()
    if any(answer.item_id == item.id for answer in answers):
        raise Invalid("address", "Texten är redan ett utvalt svar på den sökningen.")
    if len(answers) >= MOST_PROMOTED:
        raise Invalid("query", f"Högst {MOST_PROMOTED} svar kan väljas ut för en sökning.")
    return normal, item


def save_promoted(
    session: Session, answer_id: int | None, *, query: str, address: str, position: int, note: str, by: Viewer
) -> PromotedAnswer:
    """Add or change a promoted answer; `position` 0 means last. Raises `Invalid`, `NotFound`."""
    normal, item = check_promoted(session, answer_id, query=query, address=address, by=by)
    answer = get_promoted(session, answer_id) if answer_id else PromotedAnswer(created_by=by.name)
    answer.query, answer.item_id, answer.note = normal, item.id, note.strip()
    answer.position = position or _last(session, normal) + 1
    session.add(answer)
    if answer_id:
        record(session, "promoted.changed", actor=by.actor, query=normal, slug=item.slug)
    else:
        record(session, "promoted.added", actor=by.actor, query=normal, slug=item.slug)
    touch(session)
    return answer


def remove_promoted(session: Session, answer_id: int, *, by: Viewer) -> None:
    """Take a promoted answer away. Raises `NotFound`."""
    answer = get_promoted(session, answer_id)
    slug = session.scalar(select(ContentItem.slug).where(ContentItem.id == answer.item_id))
    record(session, "promoted.removed", actor=by.actor, query=answer.query, slug=slug or "")
    session.delete(answer)
    touch(session)


def _last(session: Session, query: str) -> int:
    return session.scalar(select(func.max(PromotedAnswer.position)).where(PromotedAnswer.query == query)) or 0
