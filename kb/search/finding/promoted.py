"""Promoted answers: texts that editors put first for a query, where the reader may see them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.audit.services import record
from kb.errors import Invalid, NotFound
from kb.library.content.references import slug_of
from kb.library.core.models.items import ContentItem
from kb.library.core.visibility import visible
from kb.search.engine.snapshot import Ranked, Snapshot
from kb.search.finding.ranking import Filters, Ranking, chosen_mask, docs_of, visible_mask
from kb.search.models import PromotedAnswer
from kb.search.state import Kept, touch
from kb.search.tuning.counting import may_point_out, normal_query
from kb.text.order import swedish_key

MOST = 5


# Searching


def load_promoted(session: Session, state: int | None) -> Mapping[str, Sequence[int]]:
    """Normalised query → its promoted items in order, whoever may see them; from memory while nothing has changed."""
    return _kept.take(session, state)


def find_promoted(snapshot: Snapshot, item_ids: Iterable[int], filters: Filters) -> list[Ranked]:
    """Where promoted items stand in the index, in order; only what the viewer may see."""
    found: list[Ranked] = []
    for item_id in item_ids:
        for number, leaf in enumerate(snapshot.leaves):
            mask = leaf.mask("key", str(item_id)) & leaf.live & visible_mask(leaf, filters.seen)
            found += [(0.0, number, doc) for doc in docs_of(mask)]
    return found


def put_first(snapshot: Snapshot, ranking: Ranking, promoted: Sequence[Ranked], filters: Filters) -> Ranking:
    """The ranking with these first, counted in and narrowed like everything else."""
    matched = list(ranking.matched) or [0] * len(snapshot.leaves)
    for _order, leaf, doc in promoted:
        matched[leaf] |= 1 << doc
    allowed = [chosen_mask(leaf, filters.chosen) for leaf in snapshot.leaves]
    scores = {one[1:]: one for one in ranking.ranked}
    first = [scores.get(one[1:], one) for one in promoted if allowed[one[1]] >> one[2] & 1]
    taken = {one[1:] for one in first}
    rest = [one for one in ranking.ranked if one[1:] not in taken]
    acute = sum(one[1:] not in taken for one in ranking.ranked[: ranking.promoted])
    return Ranking(first + rest, matched, len(first) + acute, len(first))


def _read(session: Session) -> dict[str, list[int]]:
    rows = select(PromotedAnswer.query, PromotedAnswer.item_id)
    found: dict[str, list[int]] = defaultdict(list)
    for query, item_id in session.execute(rows.order_by(PromotedAnswer.position, PromotedAnswer.id)):
        found[query].append(item_id)
    return dict(found)


_kept = Kept(_read)


# Keeping


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
    if len(answers) >= MOST:
        raise Invalid("query", f"Högst {MOST} svar kan väljas ut för en sökning.")
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
