"""Runs as answers to a search, for those who see them; and what goes on in a viewer's own units, for the ranking."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.models import Unit
from kb.accounts.roles import Role
from kb.accounts.viewer import Viewer
from kb.language.analysis import inside, term_of
from kb.language.asking import Question
from kb.language.namebook import NameBook
from kb.language.words import normalise, query_words
from kb.library.content.document import Kind
from kb.library.core.models.items import ContentItem
from kb.library.core.models.topics import Topic, item_topic
from kb.library.core.visibility import visible
from kb.runs.models import Run
from kb.runs.queries import is_seen_by
from kb.text.wording import full_words
from kb.web.addresses import page_address
from kb.web.answering import Answer, Emphasis, PageName
from kb.web.landmarks import Landmark

MOST = 2  # runs that answer one question
MOST_LOOKED_AT = 50
TITLE = "Pågående"
_LISTED = NameBook(
    (name, True)
    for name in (
        "pågående",
        "pågående checklistor",
        "pågående checklista",
        "pågående händelser",
        "vad pågår",
        "våra checklistor",
        "startade checklistor",
        "mina checklistor",
        "mina pågående checklistor",
        "min checklista",
        "vår checklista",
    )
)


@dataclass(frozen=True)
class _Going:
    public_id: str
    title: str
    unit: str
    is_exercise: bool
    started_at: datetime


def answer(session: Session, viewer: Viewer, question: Question) -> list[Answer]:
    """The runs that go on, that the viewer sees, and whose title holds every word of the question; or their list."""
    if _LISTED.find(question.named):
        url = page_address(Landmark.RUNS)
        text = "Checklistor som är startade i dina enheter."
        return [Answer(label="Sida", icon=Kind.CHECKLIST, title=TITLE, url=url, text=text, page=(url, TITLE))]
    asked = {term_of(word) for word in question.named}
    if not viewer.is_signed_in or not asked or question.wants_number or question.wants_meaning:
        return []
    found = [run for run in _going(session, viewer) if asked <= _terms(run.title)]
    return _with_the_rest([_answer(run) for run in found[:MOST]], len(found) - MOST)


def _with_the_rest(answers: list[Answer], more: int) -> list[Answer]:
    """The answers, the last one with the way to so many more."""
    if more > 0:
        link = (f"Fler pågår ({more} till)", page_address(Landmark.RUNS))
        answers[-1] = replace(answers[-1], links=(link,))
    return answers


def page_names(_session: Session, viewer: Viewer) -> list[PageName]:
    """The list of runs, for those who have one."""
    if not viewer.is_signed_in:
        return []
    return [PageName(title=TITLE, url=page_address(Landmark.RUNS), icon=Kind.CHECKLIST)]


def emphases(session: Session, viewer: Viewer) -> list[Emphasis]:
    """What goes on in the units where the viewer works, exercises left out: the newest first, each checklist once."""
    units = sorted(viewer.units_with(Role.STAFF))
    if not units:
        return []
    query = (
        select(Run.public_id, Run.title, Topic.slug)
        .join(ContentItem, ContentItem.id == Run.item_id)
        .join(item_topic, item_topic.c.item_id == ContentItem.id)
        .join(Topic, Topic.id == item_topic.c.topic_id)
        .where(Run.ended_at.is_(None), Run.is_exercise.is_(False), Run.unit_id.in_(units), visible(viewer))
        .order_by(Run.started_at.desc(), Run.id.desc(), Topic.position)
        .limit(MOST_LOOKED_AT)
    )
    found: dict[str, Emphasis] = {}
    for public_id, title, topic in session.execute(query):
        known = found.get(public_id)
        topics = (*known.topics, topic) if known else (topic,)
        url = page_address(Landmark.RUN, public_id=public_id)
        found[public_id] = Emphasis(title=title, url=url, topics=topics)
    return list(found.values())


def _going(session: Session, viewer: Viewer) -> list[_Going]:
    seen: ColumnElement[bool] = is_seen_by(viewer)
    query = (
        select(Run.public_id, Run.title, Unit.name, Run.is_exercise, Run.started_at)
        .join(Unit, Unit.id == Run.unit_id)
        .where(Run.ended_at.is_(None), seen)
        .order_by(Run.started_at.desc(), Run.id.desc())
        .limit(MOST_LOOKED_AT)
    )
    return [_Going(*row) for row in session.execute(query)]


def _terms(title: str) -> set[str]:
    words = query_words(normalise(title).lower())
    return {term_of(word) for word in words} | {part for word in words for part in inside(word)}


def _answer(run: _Going) -> Answer:
    since = full_words(run.started_at, clock.now())
    return Answer(
        label="Pågående övning" if run.is_exercise else "Pågår nu",
        icon="klocka",
        title=run.title,
        url=page_address(Landmark.RUN, public_id=run.public_id),
        text=f"{run.unit}. Startades {since}.",
    )
