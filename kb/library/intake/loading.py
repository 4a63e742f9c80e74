"""Loading records into the library: all or nothing of each, again and again without harm, never over people's work."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.audit.services import record as audit
from kb.db import Database
from kb.errors import Invalid
from kb.library.content.bounds import problems
from kb.library.content.document import Document, Source
from kb.library.core.models.items import ContentItem
from kb.library.core.models.topics import Topic
from kb.library.core.projection import find_by_slug
from kb.library.core.workflow import Course, Origin, State, Way
from kb.library.intake.parsing import parse_record
from kb.library.intake.records import Record, read_records, said_about
from kb.library.services.drafts import new_item
from kb.library.services.publication import put_public
from kb.library.services.revisions import add_revision
from kb.library.services.shipping import offer
from kb.text.characters import normal
from kb.text.incoming.tidy import one_line
from kb.text.slugs import slugify

BATCH = 50
DEFAULT_OWNER = "Redaktionen"


@dataclass
class Report:
    """What a load did. `kept` are items that people here have edited; `failed` are (place, reason).

    `offered` are shipped texts whose new version waits for people here to decide.
    """

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The numbers, for the audit log and the last line."""
        names = ("created", "updated", "unchanged", "kept", "offered", "failed")
        return {name: len(getattr(self, name)) for name in names}


def no_progress(_done: int, _total: int) -> None:
    """Show nothing."""


def load(
    database: Database,
    path: Path,
    *,
    publish: bool,
    by: Viewer,
    progress: Callable[[int, int], None] = no_progress,
) -> Report:
    """Load everything below `path`; commits in batches, each record in a savepoint of its own.

    Raises `Invalid` when `path` holds nothing to load. `progress(done, total)` is called as it goes.
    """
    return load_records(
        database, read_records(path), source=path.name, publish=publish, by=by, progress=progress
    )


def load_records(
    database: Database,
    records: Sequence[Record],
    *,
    source: str,
    publish: bool,
    by: Viewer,
    origin: Origin = Origin.LOADED,
    progress: Callable[[int, int], None] = no_progress,
) -> Report:
    """Load records that are already read; `source` is what the audit log says."""
    report = Report()
    for start in range(0, len(records), BATCH):
        with database.transaction() as session:
            load_batch(session, records[start : start + BATCH], report, publish=publish, by=by, origin=origin)
        progress(min(start + BATCH, len(records)), len(records))
    with database.transaction() as session:
        counts: dict[str, Any] = report.counts()
        audit(session, "library.loaded", actor=by.actor, source=source, **counts)
    return report


def load_batch(
    session: Session,
    records: Iterable[Record],
    report: Report,
    *,
    publish: bool,
    by: Viewer,
    origin: Origin = Origin.LOADED,
) -> None:
    """Load some records into the caller's transaction and add to the report."""
    topics = allowed_topics(session)
    for record in records:
        if record.data is None:
            where = f"{record.field}: " if record.field not in ("", "fil") else ""
            report.failed.append((record.place, f"{where}{record.error}"))
            continue
        try:
            with session.begin_nested():
                outcome, slug = _load_one(session, record, topics, publish=publish, by=by, origin=origin)
            getattr(report, outcome).append(slug)
            report.said += [(record.place, sentence) for sentence in said_about(record)]
        except Invalid as error:
            report.failed.append((record.place_of(error.field), f"{error.field}: {error.message}"))


def allowed_topics(session: Session) -> dict[str, str]:
    """What may stand for a topic in a record (slug or slugified name) → its slug."""
    found: dict[str, str] = {}
    for slug, name in session.execute(select(Topic.slug, Topic.name)):
        found |= {slug: slug, slugify(name): slug}
    return found


def _load_one(
    session: Session, record: Record, topics: dict[str, str], *, publish: bool, by: Viewer, origin: Origin
) -> tuple[str, str]:
    assert record.data is not None
    slug, document = parse_record(record.data, topics=topics)
    document = replace(
        document,
        owner=document.owner or DEFAULT_OWNER,
        sources=document.sources or (Source(title=f"Inläst från {_shown(record.file)}"),),
    )
    found = problems(document)
    if publish and found:
        raise Invalid(found[0].field, found[0].message)
    item, outcome = find_by_slug(session, slug), "created"
    if item is not None:
        outcome = _with_what_is_here(session, item, document, slug, publish=publish, origin=origin)
        if outcome != "updated":
            return outcome, slug
    item = item or new_item(session, document, slug)
    item.origin = origin
    _store(session, item, document, publish=publish, by=by)
    return outcome, slug


def _with_what_is_here(
    session: Session, item: ContentItem, document: Document, slug: str, *, publish: bool, origin: Origin
) -> str:
    """What becomes of a record whose address a text has: "updated" when it is to be stored."""
    if item.kind != document.kind:
        raise Invalid("slug", f"Adressen ”{slug}” används redan av en text av annan typ.")
    if origin == Origin.SHIPPED:
        outcome = offer(session, item, document)
        if outcome:
            return outcome
    elif item.is_edited_here or item.slug != slug:
        return "kept"
    is_here = item.loaded_digest == document.digest and (item.is_published or not publish)
    return "unchanged" if is_here else "updated"


def _shown(file: str) -> str:
    """A file's name as a line of text: it may hold line ends, and bytes that are no characters."""
    return one_line(normal(file.encode(errors="replace").decode()))


def _store(session: Session, item: ContentItem, document: Document, *, publish: bool, by: Viewer) -> None:
    revision = item.latest_revision
    if revision is None or revision.digest != document.digest:
        revision = add_revision(session, item, document, by=by, reason=Way.LOADED.label, way=Way.LOADED)
    item.loaded_digest = document.digest
    if publish:
        item.reviewed_by_id = item.reviewed_by_name = item.reviewed_on = None
        item.workflow = State.REST
        put_public(session, item, revision, by=by, way=Course.LOADED)
    else:
        item.workflow = State.DRAFT
