"""What the library puts on the work list."""

from flask import url_for
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.library.editing import editorial, worklist
from kb.library.editing.worklist import ReviewNeed
from kb.library.permissions import Permission
from kb.library.services import shipping
from kb.text.wording import counted
from kb.web.registry import Board, Box, Contents

SHOWN = 10


def _drafts(session: Session, viewer: Viewer) -> Contents:
    drafts = worklist.list_own_drafts(session, viewer)
    return Contents(
        count=len(drafts), rows=editorial.draft_rows(drafts, worklist.latest_requests(session, drafts))
    )


def _waiting(session: Session, viewer: Viewer) -> Contents:
    waiting = worklist.list_waiting_for_review(session, viewer)
    return Contents(count=len(waiting), rows=editorial.waiting_rows(waiting))


def _withdrawals(session: Session, viewer: Viewer) -> Contents | None:
    asked = worklist.list_withdrawals(session, viewer)
    can_review = viewer.can(Permission.REVIEW)
    rows = editorial.withdrawal_rows(asked, viewer.user_id, can_review=can_review)
    return Contents(count=len(rows), rows=rows) if rows else None


def _new_versions(session: Session, viewer: Viewer) -> Contents | None:
    count = len(shipping.list_offers(session, viewer))
    if not count:
        return None
    return Contents(
        count=count,
        text="Rådrum har rättat texter som ni har granskat, ändrat eller läst in. Läsarna ser er version tills ni "
        "bestämmer.",
        link=(
            f"Se vad som är nytt i {counted(count, 'text', 'texter')}",
            url_for("library.shipped_version_index"),
        ),
    )


def _due(session: Session, viewer: Viewer) -> Contents:
    today = clock.today()
    due = worklist.list_review_due(session, viewer, today)
    only_writes = viewer.can(Permission.EDIT) and not viewer.can(Permission.REVIEW)
    all_of_them = url_for("library.item_index", granskning=ReviewNeed.SOON)
    return Contents(
        count=len(due),
        rows=editorial.due_rows(due[:SHOWN], today, can_edit=only_writes),
        more_url=all_of_them if len(due) > SHOWN else None,
    )


def _unconfirmed(session: Session, viewer: Viewer) -> Contents:
    count = worklist.count_unconfirmed(session, viewer)
    return Contents(
        count=count,
        text="Texter som följer med Rådrum eller är inlästa. De är kontrollerade mot källor, men ingen hos er har "
        "granskat dem.",
        link=(
            f"Visa {'texten' if count == 1 else f'alla {count}'}",
            url_for("library.item_index", granskning=ReviewNeed.MISSING),
        ),
    )


BOXES = tuple(
    Box(board=Board.DESK, key=key, title=title, permission=permission, place=place, read=read)
    for key, title, permission, place, read in (
        ("utkast", "Mina utkast", Permission.EDIT, 10, _drafts),
        ("att-granska", "Att granska", Permission.REVIEW, 20, _waiting),
        ("borttagningar", "Borttagningar att bekräfta", Permission.DESK, 30, _withdrawals),
        ("nya-versioner", "Nya versioner från Rådrum", Permission.DESK, 40, _new_versions),
        ("gar-ut", "Granskning på gång att gå ut", Permission.DESK, 50, _due),
        ("inte-granskade", "Inte granskade av er", Permission.DESK, 60, _unconfirmed),
    )
)
