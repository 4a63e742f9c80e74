"""Why somebody does not find a text: what hinders, in words for who runs the site, each with what to do."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.models import Unit
from kb.accounts.viewer import Viewer
from kb.jobs.models import Job
from kb.jobs.queries import STALLED, list_jobs
from kb.library.content.document import Visibility
from kb.library.core.models.items import ContentItem
from kb.library.core.visibility import Validity, may_read, validity
from kb.library.core.workflow import State, Status
from kb.search.engine import changes
from kb.search.engine.changes import QUEUE
from kb.search.engine.indexer import Indexer
from kb.search.models import SearchChange
from kb.text.wording import swedish_date, swedish_moment

REPAIR = "Kör: python3 dev.py flask search repair"


def list_hindrances(indexer: Indexer, session: Session, viewer: Viewer, item: ContentItem) -> list[str]:
    """Everything that keeps `viewer` from finding the text just now; empty when nothing does."""
    if not item.is_published:
        words = dict.fromkeys((Status(item.status).label, State(item.workflow).label))
        words.pop(State.REST.label, None)
        return [f"Texten är inte publicerad: {', '.join(words).lower()}."]
    return [*_of_days(item), *_of_readers(session, viewer, item), *_of_index(indexer, session, item)]


def _of_days(item: ContentItem) -> Iterator[str]:
    match validity(item):
        case Validity.BEFORE:
            yield f"Texten gäller från {swedish_date(item.valid_from)}. Ingen läsare hittar den före den dagen."
        case Validity.AFTER:
            yield f"Texten gällde till och med {swedish_date(item.valid_to)}. Ingen läsare hittar den längre."


def _of_readers(session: Session, viewer: Viewer, item: ContentItem) -> Iterator[str]:
    if session.scalar(select(ContentItem.id).where(ContentItem.id == item.id, may_read(viewer))) is not None:
        return
    if item.visibility == Visibility.UNIT:
        unit = session.get(Unit, item.unit_id)
        yield f"Texten är bara för enheten {unit.name if unit else '(okänd)'}. Andra hittar den inte."
    else:
        yield "Texten är bara för den som har loggat in."


def _of_index(indexer: Indexer, session: Session, item: ContentItem) -> Iterator[str]:
    report = indexer.check()
    if report.damage:
        yield f"Sökindexet: {report.damage} {REPAIR}"
    elif item.id in report.missing:
        yield f"Texten finns inte i sökindexet. {REPAIR}"
    elif item.id in report.stale:
        yield f"Sökindexet har en äldre version av texten. {REPAIR}"
    elif report.unfindable:
        yield f"Ord saknas i sökindexet. {REPAIR}"
    else:
        return
    if not report.damage and (place := indexer.store.manifest().place) is not None:
        for change in changes.list_waiting(session, place, item.id):
            yield _of_change(change)
    for job in list_jobs(session, queue=QUEUE, set_aside_only=True):
        yield _of_job(job)


def _of_change(change: SearchChange) -> str:
    late = change.at < clock.now() - STALLED
    return f"Ändring {change.id}, som för in texten, väntar sedan {swedish_moment(change.at)}. " + (
        "Kör arbetsprocessen? Starta den med python3 dev.py flask jobs work, eller läs i dess logg vad "
        "som hindrar den."
        if late
        else "Det brukar ta några sekunder."
    )


def _of_job(job: Job) -> str:
    """A job of an earlier version that was set aside may be of any text: what it was about may be what is damaged."""
    return (
        f"Jobb {job.id} i indexets kö är lagt åt sidan: {job.last_error or ''} "
        f"Kör search repair och sedan jobs discard {job.id}."
    )
