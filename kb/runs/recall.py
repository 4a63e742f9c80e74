"""What became of a checklist after a run of it began: corrected, taken away, over. The run keeps its own steps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.viewer import Viewer
from kb.library.content.document import Document, Step
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.queries.reading import visible_replacement
from kb.library.core.visibility import can_read_revision, may_read, visible
from kb.library.core.workflow import Status
from kb.runs.deadlines import LONGEST
from kb.runs.models import Run, RunStep
from kb.text.wording import full_words, swedish_date

# What of a step may differ, in words; the text is shown itself.
_FIELDS = (
    ("role", "role", "vem som gör det"),
    ("deadline", "deadline", "tiden"),
    ("minutes", "minutes", "tiden"),
    ("is_critical", "critical", "om steget får hoppas över"),
    ("why", "why", "skälet"),
    ("legal", "legal", "lagrummet"),
    ("condition", "condition", "när steget gäller"),
)


@dataclass(frozen=True)
class Recall:
    """What happened to the checklist. `steps` say what differs from the run.

    `kind` and `slug` name the text to go on with, `link` says what it is; with `versions`, those two of it compared.
    """

    words: str
    reason: str
    is_gone: bool = False
    steps: tuple[str, ...] = ()
    kind: str = ""
    slug: str = ""
    versions: tuple[int, int] | None = None
    link: str = ""


def recalls_of(session: Session, viewer: Viewer, run: Run, now: datetime | None) -> tuple[Recall, ...]:
    """What happened to the checklist while the run went on, the latest first; nothing of what the viewer may not read.

    `now` is the moment that words are relative to; without it dates are whole, for the record.
    """
    query = select(ContentItem, visible(viewer)).where(ContentItem.id == run.item_id, may_read(viewer))
    row = session.execute(query).first()
    if row is None:
        return ()
    item, is_seen = row
    found = []
    if item.status == Status.WITHDRAWN and _was_on(run, item.withdrawn_at):
        found.append(_withdrawn(session, viewer, item, now))
    elif item.valid_to and clock.today() > item.valid_to and not run.is_ended:
        words = f"Checklistan gällde till och med {swedish_date(item.valid_to)}"
        found.append(Recall(words, "Använd den inte som om den gällde.", is_gone=True))
    return (*found, *_corrected(session, viewer, run, item, now, is_seen=is_seen))


def short_words(session: Session, viewer: Viewer, runs: Sequence[Run]) -> dict[int, str]:
    """Run id → "Checklistan är borttagen" or "Checklistan är ändrad", for lists of runs that go on."""
    going_on = [run for run in runs if not run.is_ended and run.item_id is not None]
    query = select(ContentItem.id, ContentItem.status, ContentItem.version).where(
        ContentItem.id.in_({run.item_id for run in going_on}), may_read(viewer)
    )
    items = {row.id: row for row in session.execute(query)} if going_on else {}
    words = {run.id: _short(run, items.get(run.item_id)) for run in going_on}
    return {number: said for number, said in words.items() if said}


def _short(run: Run, item: Any) -> str:
    if item is None:
        return ""
    if item.status == Status.WITHDRAWN:
        return "Checklistan är borttagen"
    return "Checklistan är ändrad" if item.version > run.version else ""


def _was_on(run: Run, moment: datetime | None) -> bool:
    """Whether the run went on at a moment after its start."""
    return moment is not None and (run.ended_at is None or moment <= run.ended_at)


def _withdrawn(session: Session, viewer: Viewer, item: ContentItem, now: datetime | None) -> Recall:
    when = f" {full_words(item.withdrawn_at, now)}" if item.withdrawn_at else ""
    instead = visible_replacement(session, viewer, item)
    recall = Recall(f"Checklistan togs bort{when}", item.withdrawn_reason or "", is_gone=True)
    if instead is None:
        return recall
    link = f"Använd i stället: {instead.name}"
    return replace(recall, kind=instead.kind, slug=instead.slug, link=link)


def _corrected(
    session: Session, viewer: Viewer, run: Run, item: ContentItem, now: datetime | None, *, is_seen: bool
) -> Iterator[Recall]:
    """The versions that were published meanwhile, the newest first; it says what differs from the run."""
    if item.version <= run.version:  # nearly always, and pages of runs are asked for again and again
        return
    for number, revision in enumerate(_later(session, viewer, run, item)):
        when = f" {full_words(revision.published_at, now)}" if revision.published_at else ""
        recall = Recall(f"Checklistan ändrades{when}, version {revision.version}", revision.reason)
        yield recall if number else _in_full(recall, run, item, revision, is_seen=is_seen)


def _later(session: Session, viewer: Viewer, run: Run, item: ContentItem) -> list[Revision]:
    """The versions that were published while the run went on and that the viewer may read, the newest first."""
    query = select(Revision).where(Revision.item_id == item.id, Revision.version > run.version)
    return [
        revision
        for revision in session.scalars(query.order_by(Revision.version.desc()))
        if _was_on(run, revision.published_at) and can_read_revision(session, viewer, revision)
    ]


def _in_full(recall: Recall, run: Run, item: ContentItem, newest: Revision, *, is_seen: bool) -> Recall:
    """With the steps that differ, and the whole difference for who sees the text."""
    document = newest.readable
    steps = tuple(differences(run.steps, document)) if document else ()
    if not is_seen:
        return replace(recall, steps=steps)
    named = replace(recall, kind=item.kind, slug=item.slug, versions=(run.version, newest.version or 0))
    return replace(named, steps=steps, link="Se hela ändringen")


def differences(steps: Sequence[RunStep], document: Document) -> Iterator[str]:
    """How the steps of a newer version differ from those of a run, a sentence each, in the order of the run."""
    newer: Mapping[str, Step] = {step.id: step for step in document.steps()}
    for step in steps:
        other = newer.get(step.key)
        if other is None:
            yield f"Steg {step.position} finns inte längre: ”{step.text}”"
        elif other.text != step.text:
            yield f"Steg {step.position} lyder nu: ”{other.text}”"
        elif changed := _changed(step, other):
            yield f"Steg {step.position} har ändrats ({', '.join(changed)}): ”{step.text}”"
    known = {step.key for step in steps}
    yield from (f"Nytt steg: ”{step.text}”" for step in newer.values() if step.id not in known)


def _changed(step: RunStep, other: Step) -> list[str]:
    """What differs, in words, each once."""
    newer = replace(other, minutes=None if other.minutes is None else min(other.minutes, LONGEST))
    differing = (words for mine, theirs, words in _FIELDS if getattr(step, mine) != getattr(newer, theirs))
    return list(dict.fromkeys(differing))
