"""What a device without net has begun comes in: a run that was started there, under the name that the device gave it.

Sent again it is the same run. Where the unit follows the checklist already it is a question to who started it: the
device asks, and sends either what was done as changes of the other run, or that both are kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.errors import Conflict, Invalid
from kb.library.content.document import Kind
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.queries.reading import (
    Moved,
    Reading,
    Withdrawn,
    get_reading,
    links_around,
)
from kb.library.core.visibility import can_read_revision
from kb.runs.models import Run
from kb.runs.operations import EventKind
from kb.runs.services.changing import Sent, begin
from kb.runs.services.starting import hold_unit, start_run, started_before

DEVICE_ID = re.compile(r"[0-9a-f]{32}")
BOTH = "Startades utan nät, och båda behölls."


class SameGoing(Conflict):
    """The unit follows the checklist already; `runs` are those, the newest first: public id, and when they began."""

    message = "Samma checklista pågår redan i enheten."

    def __init__(self, runs: Sequence[tuple[str, datetime]]) -> None:
        super().__init__()
        self.runs = runs


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A run as a device began it. `how` is what `start_run` takes besides; `keeps_both`: beside one that goes on."""

    public_id: str
    unit_id: int
    is_exercise: bool = False
    keeps_both: bool = False
    how: dict[str, Any] = field(default_factory=dict)


def take_in(session: Session, reading: Reading, begun: Begun, *, sent: Sent) -> Run:
    """The run that a device began, made now or when it was sent before; it may have another name then.

    Raises `SameGoing` when the unit follows the checklist already and it is not said that both are kept, `Invalid` for
    a name that no device gives, and as `start_run`.
    """
    if not DEVICE_ID.fullmatch(begun.public_id) or not sent.client_id:
        raise Invalid("client_id", "Formuläret är felaktigt. Ladda om sidan och försök igen.")
    hold_unit(session, begun.unit_id)
    if before := started_before(session, sent):
        return before
    if session.scalar(select(Run.id).where(Run.public_id == begun.public_id)) is not None:
        raise Conflict("Genomförandet är redan startat av någon annan.")
    going = _going(session, reading, begun)
    if going and not begun.keeps_both:
        raise SameGoing(going)
    return start_run(
        session,
        reading,
        unit_id=begun.unit_id,
        is_exercise=begun.is_exercise,
        public_id=begun.public_id,
        because=BOTH if going else "",
        sent=sent,
        **begun.how,
    )


def join(session: Session, run: Run, *, sent: Sent) -> None:
    """Note that what somebody started without net goes on as part of this run. Raises as `begin`."""
    change = begin(session, run, sent)
    if not change.is_repeated:
        change.log(EventKind.JOINED)


def reading_of(session: Session, viewer: Viewer, slug: str, version: int) -> Reading:
    """The version of the checklist that the device had, also when another holds now or it was taken away meanwhile.

    The run says so, as any other run of that version. Raises as `get_reading`.
    """
    try:
        reading = get_reading(session, viewer, Kind.CHECKLIST, slug)
        if reading.revision.version == version:
            return reading
        item = reading.item
    except Moved as moved:
        if moved.slug == slug:
            raise
        return reading_of(session, viewer, moved.slug, version)
    except Withdrawn as withdrawn:
        item = withdrawn.item
        found = _of_version(session, viewer, item, version)
        if found is None:
            raise
        return found
    return _of_version(session, viewer, item, version) or reading


def _of_version(session: Session, viewer: Viewer, item: ContentItem, version: int) -> Reading | None:
    query = select(Revision).where(Revision.item_id == item.id, Revision.version == version)
    revision = session.scalars(query.order_by(Revision.id.desc())).first()
    if revision is None or revision.readable is None or not can_read_revision(session, viewer, revision):
        return None
    return Reading(item, revision, revision.content_of(item.kind), *links_around(session, viewer, item.id))


def _going(session: Session, reading: Reading, begun: Begun) -> list[tuple[str, datetime]]:
    query = select(Run.public_id, Run.started_at).where(
        Run.unit_id == begun.unit_id,
        Run.item_id == reading.item.id,
        Run.is_exercise.is_(begun.is_exercise),
        Run.ended_at.is_(None),
    )
    rows = session.execute(query.order_by(Run.started_at.desc(), Run.id.desc()))
    return [(public_id, started_at) for public_id, started_at in rows]
