"""What is kept on phones: the open pages for everybody, and what goes on in a person's own units."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kb.accounts.queries import list_units
from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS, Viewer
from kb.desk.queries import FILMED, OTHER
from kb.language.words import fold, normalise, query_words
from kb.library.addresses import address
from kb.library.content.document import Kind, Phase, shown_title
from kb.library.core.facets import KIND, PHASE
from kb.library.core.indexable import get_indexable
from kb.library.core.models.items import ContentItem
from kb.library.core.models.links import Link
from kb.library.core.queries.topics import list_topics
from kb.library.core.shelf import kept, read_stamp
from kb.library.core.visibility import visible
from kb.runs.queries import list_going
from kb.search.finding.wordlists import STOP_WORDS
from kb.web.addresses import page_address
from kb.web.landmarks import Landmark

MOST_RUNS = 20  # 60 kB each on the phone, the newest first


@dataclass(frozen=True)
class Kept:
    """A page that is kept under `url`, fetched from `source`; a new `stamp` says that it is to be fetched anew.

    `label` is the kind of page in words; one without a title is not listed.
    """

    url: str
    stamp: str
    title: str = ""
    label: str = ""
    source: str = ""

    def as_plain(self) -> dict[str, str]:
        """As it is sent to the worker."""
        return asdict(self)


def open_pages(session: Session) -> list[Kept]:
    """What a phone has for everybody: front pages and numbers, then the acute checklists with their guidance."""
    search = Kept(page_address("offline.word_index"), _digest(read_stamp(session)))
    return [*_front_pages(session), *_texts(session), search]


def own_pages(session: Session, viewer: Viewer, stamp: str) -> list[Kept]:
    """The runs that the viewer sees and that go on; `stamp` tells one state of who looks and what may be kept."""
    return [
        Kept(
            url=page_address(Landmark.RUN, public_id=run.public_id),
            source=page_address(Landmark.RUN_COPY, public_id=run.public_id),
            stamp=_digest(stamp, run.sequence, read_stamp(session)),
            title=f"Övning: {run.title}" if run.is_exercise else run.title,
            label="Pågår",
        )
        for run in list_going(session, viewer, MOST_RUNS)
    ]


def own_units(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    """The units where the viewer starts checklists, for the form that starts one on the phone."""
    mine = viewer.units_with(Role.STAFF)
    return [{"id": unit.public_id, "name": unit.name} for unit in list_units(session) if unit.id in mine]


def _front_pages(session: Session) -> list[Kept]:
    """They hold a little of many texts: each change of the library makes them new."""
    stamp = _digest(read_stamp(session))
    pages: list[tuple[Landmark, str, dict[str, str]]] = [
        (Landmark.START, "Start", {}),
        (Landmark.NOW, "Det händer nu", {}),
        (Landmark.NUMBERS, "Viktiga nummer", {}),
    ]
    topics = [*list_topics(session), FILMED, OTHER]
    pages += [(Landmark.TOPIC_NOW, f"Det händer nu: {topic.name}", {"slug": topic.slug}) for topic in topics]
    return [Kept(page_address(endpoint, **values), stamp, title, "Sida") for endpoint, title, values in pages]


def _kept_texts() -> Select[*tuple[Any, ...]]:
    """The acute checklists that everybody may read, and the guidance that their steps lead to."""
    acute = select(ContentItem.id).where(
        visible(ANONYMOUS), KIND.holds(Kind.CHECKLIST), PHASE.holds(Phase.DURING)
    )
    named = select(Link.target_id).where(Link.item_id.in_(acute), Link.place == "step")
    return (
        select(
            ContentItem.id,
            ContentItem.kind,
            ContentItem.slug,
            ContentItem.title,
            ContentItem.published_revision_id,
        )
        .where(visible(ANONYMOUS), ContentItem.id.in_(acute) | ContentItem.id.in_(named))
        .order_by(ContentItem.kind, ContentItem.sort_key, ContentItem.id)
    )


def _texts(session: Session) -> list[Kept]:
    """Those texts, and for each checklist what starts it."""
    texts = session.execute(_kept_texts()).all()
    pages = [
        Kept(
            address(row.kind, row.slug),
            _digest(row.published_revision_id),
            shown_title(row.kind, row.title),
            Kind(row.kind).label,
        )
        for row in texts
    ]
    starts = [
        Kept(page_address(Landmark.START_HERE, slug=row.slug), _digest(row.published_revision_id))
        for row in texts
        if row.kind == Kind.CHECKLIST
    ]
    return [*pages, *starts]


def search_index(session: Session) -> list[dict[str, str]]:
    """What the phone searches: of each text that it keeps the title, and folded the words of title, summary, labels."""
    return kept(session, ANONYMOUS, "phone-search", lambda: _search_rows(session))


def _search_rows(session: Session) -> list[dict[str, str]]:
    ids = [row.id for row in session.execute(_kept_texts())]
    return [
        {
            "url": address(item.kind, item.slug),
            "title": shown_title(item.kind, item.title),
            "label": Kind(item.kind).label,
            "head": " ".join(folded(item.title)),
            "words": " ".join(dict.fromkeys(folded(" ".join((item.summary, *item.labels))))),
        }
        for item in get_indexable(session, ids)
    ]


def folded(text: str) -> list[str]:
    """The words of a text as the phone compares them: small letters without marks, no small words."""
    words = query_words(normalise(text).lower())
    return [fold(word) for word in words if word not in STOP_WORDS]


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
