"""Taking a published text away takes two: one asks, another confirms. At once it takes one, who is confirmed after."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.errors import Conflict, Forbidden, Refused
from kb.jobs.outbox import enqueue
from kb.library.core.models.items import ContentItem
from kb.library.core.models.reviewing import Withdrawal
from kb.library.core.workflow import Course, Outcome, State, Status
from kb.library.permissions import Permission
from kb.library.services.noting import named_slug, note_event
from kb.library.services.publication import check_withdrawal, index, withdraw


def open_withdrawal(session: Session, item: ContentItem) -> Withdrawal | None:
    """The withdrawal of the item that nobody has decided on."""
    query = select(Withdrawal).where(Withdrawal.item_id == item.id, Withdrawal.outcome == Outcome.OPEN)
    return session.scalars(query.order_by(Withdrawal.id.desc())).first()


def request_withdrawal(
    session: Session, item: ContentItem, *, reason: str, replacement: ContentItem | None, by: Viewer
) -> Withdrawal:
    """Ask for a text to be taken away; readers see it until another person confirms.

    Asking again changes nothing. Raises `Conflict` when somebody else has asked, and as `check_withdrawal` does.
    """
    check_withdrawal(item, reason=reason, replacement=replacement)
    asked = open_withdrawal(session, item)
    if asked is not None and asked.asked_by_id == by.user_id:
        return asked
    if asked is not None:
        raise Conflict(f"{asked.asked_by_name} har redan begärt att texten tas bort: ”{asked.reason}”")
    made = _make(session, item, reason, replacement, by, is_urgent=False)
    note_event(
        session,
        "item.withdrawal_requested",
        item,
        by=by,
        replacement=named_slug(replacement),
    )
    return made


def withdraw_now(
    session: Session, item: ContentItem, *, reason: str, replacement: ContentItem | None, by: Viewer
) -> Withdrawal:
    """Take a text away at once, by one person. It stays in the reviewers' work list until another has confirmed.

    Done again by the same person it changes nothing.
    """
    done = open_withdrawal(session, item)
    if done is not None and done.is_urgent and done.asked_by_id == by.user_id:
        return done
    withdraw(session, item, reason=reason, replacement=replacement, by=by, way=Course.AT_ONCE)
    asked = open_withdrawal(session, item)
    if asked is not None:
        _decide(asked, Outcome.SUPERSEDED, by)
    return _make(session, item, reason, replacement, by, is_urgent=True)


def confirm_withdrawal(session: Session, item: ContentItem, *, seen: int, by: Viewer) -> None:
    """Agree: what was asked for is done, what was done at once stands. `seen` is the id of the withdrawal.

    Raises `Forbidden` for the person who asked and for those who may not review.
    """
    if _has_decided(session, seen, by, Outcome.CONFIRMED):
        return
    asked = _decided_by_another(session, item, seen, by)
    if not asked.is_urgent:
        replacement = session.get(ContentItem, asked.replacement_id) if asked.replacement_id else None
        withdraw(session, item, reason=asked.reason, replacement=replacement, by=by, way=Course.CONFIRMED)
    _decide(asked, Outcome.CONFIRMED, by)
    note_event(session, "item.withdrawal_confirmed", item, by=by)


def decline_withdrawal(session: Session, item: ContentItem, *, seen: int, by: Viewer) -> None:
    """Keep a text that somebody wanted away; the person who asked may take the wish back too."""
    if _has_decided(session, seen, by, Outcome.DECLINED, Outcome.TAKEN_BACK):
        return
    asked = _asked(session, item, seen)
    if asked.is_urgent:
        raise Refused("Texten är redan borttagen. Lägg tillbaka den i stället.")
    is_own = asked.asked_by_id == by.user_id
    if not is_own:
        _may_decide(by)
    _decide(asked, Outcome.TAKEN_BACK if is_own else Outcome.DECLINED, by)
    note_event(session, "item.withdrawal_declined", item, by=by)


def put_back(session: Session, item: ContentItem, *, seen: int, by: Viewer) -> None:
    """Let readers see again what was taken away at once, as it was.

    Raises `Forbidden` for the person who took it away and for those who may not review.
    """
    if _has_decided(session, seen, by, Outcome.PUT_BACK):
        return
    asked = _decided_by_another(session, item, seen, by)
    if not asked.is_urgent:
        raise Refused("Texten är inte borttagen.")
    item.status = Status.PUBLISHED
    item.withdrawn_at = item.withdrawn_reason = item.replacement_id = None
    if item.latest_revision_id == item.published_revision_id:
        item.workflow = State.REST
    _decide(asked, Outcome.PUT_BACK, by)
    index(session, item)
    note_event(session, "item.put_back", item, by=by)


def _make(
    session: Session,
    item: ContentItem,
    reason: str,
    replacement: ContentItem | None,
    by: Viewer,
    *,
    is_urgent: bool,
) -> Withdrawal:
    made = Withdrawal(
        item_id=item.id,
        reason=reason.strip(),
        replacement_id=replacement.id if replacement else None,
        is_urgent=is_urgent,
        asked_by_id=by.user_id,
        asked_by_name=by.name,
        asked_at=clock.now(),
    )
    session.add(made)
    session.flush()
    enqueue(session, "library.mail_withdrawal", {"withdrawal": made.id})
    return made


def _has_decided(session: Session, seen: int, by: Viewer, *outcomes: Outcome) -> bool:
    """Whether the person has decided so already: the second of two clicks is not told that it failed."""
    asked = session.get(Withdrawal, seen)
    return asked is not None and asked.outcome in outcomes and asked.decided_by_id == by.user_id


def _asked(session: Session, item: ContentItem, seen: int) -> Withdrawal:
    asked = open_withdrawal(session, item)
    if asked is None or asked.id != seen:
        raise Refused("Begäran är redan avgjord.")
    return asked


def _decided_by_another(session: Session, item: ContentItem, seen: int, by: Viewer) -> Withdrawal:
    asked = _asked(session, item, seen)
    _may_decide(by)
    if asked.asked_by_id == by.user_id:
        raise Forbidden("Du har själv begärt det. En annan person behöver bekräfta.")
    return asked


def _may_decide(by: Viewer) -> None:
    if not by.can(Permission.REVIEW):
        raise Forbidden("Den som bekräftar behöver få granska texter.")


def _decide(asked: Withdrawal, outcome: Outcome, by: Viewer) -> None:
    asked.outcome = outcome
    asked.decided_by_id, asked.decided_by_name, asked.decided_at = by.user_id, by.name, clock.now()
