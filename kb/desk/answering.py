"""The front pages by name: "det händer nu", "det har hänt", "förbered", alone or with a topic."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from kb.accounts.viewer import Viewer
from kb.desk.queries import FILMED, TEXTS_WHEN_FILMED
from kb.language.asking import Question
from kb.language.namebook import NameBook
from kb.library.content.document import Kind, Phase
from kb.library.core.queries.topics import TopicView, list_topics
from kb.library.core.shelf import kept
from kb.web.addresses import page_address
from kb.web.answering import Answer, PageName


@dataclass(frozen=True)
class _Front:
    title: str
    index: str
    show: str
    icon: str
    text: str
    names: tuple[str, ...]  # of the page; with a topic after or before them, of the page of the topic
    also: tuple[str, ...]  # words of the phase, which many texts answer


FRONTS = {
    Phase.DURING: _Front(
        "Det händer nu",
        "desk.now_index",
        "desk.now_show",
        "klocka",
        "Välj det som ligger närmast. Du får det första du ska göra direkt.",
        ("det händer nu", "händer nu", "pågår nu", "gör så här nu"),
        ("nu", "under", "akut"),
    ),
    Phase.AFTER: _Front(
        "Det har hänt",
        "desk.after_index",
        "desk.after_show",
        "historik",
        "Ta hand om varandra, anmäl, dokumentera och lär.",
        ("det har hänt", "har hänt", "gör så här efteråt"),
        ("efter", "efteråt"),
    ),
    Phase.BEFORE: _Front(
        "Förbered",
        "desk.before_index",
        "desk.before_show",
        Kind.CHECKLIST,
        "Rutiner, övningar och kontaktlistor som håller när det gäller.",
        ("förbered", "förbered er", "gör så här i förväg"),
        ("före", "innan", "förberedelser"),
    ),
}


@dataclass(frozen=True)
class _Named:
    """A front page, or its page of a topic; `is_page`: the words name the page and nothing else."""

    phase: Phase
    topic: str = ""
    topic_name: str = ""
    intro: str = ""
    is_page: bool = True


def answer(session: Session, viewer: Viewer, question: Question) -> list[Answer]:
    """The front pages that are named."""
    book = kept(session, viewer, "front pages", lambda: _book(session))
    return [_answer(named) for named in book.find(question.words)[:1]]


def page_names(_session: Session, _viewer: Viewer) -> list[PageName]:
    """The three front pages by name."""
    return [
        PageName(title=front.title, url=page_address(front.index), icon=front.icon)
        for front in FRONTS.values()
    ]


def _answer(named: _Named) -> Answer:
    front = FRONTS[named.phase]
    url = page_address(front.show, slug=named.topic) if named.topic else page_address(front.index)
    title = f"{front.title}: {named.topic_name}" if named.topic else front.title
    return Answer(
        label="Sida",
        icon=front.icon,
        title=title,
        url=url,
        text=named.intro or front.text,
        page=(url, title) if named.is_page else None,
    )


def _book(session: Session) -> NameBook[_Named]:
    """All names, for the topics that there are."""
    names: list[tuple[str, _Named]] = []
    for phase, front in FRONTS.items():
        names += [(name, _Named(phase)) for name in front.names]
        names += [(name, _Named(phase, is_page=False)) for name in front.also]
        for topic in (*list_topics(session), *([FILMED] if phase in TEXTS_WHEN_FILMED else [])):
            named = _Named(phase, topic.slug, topic.name, _first_sentence(topic))
            names += [(f"{name} {topic.name}", named) for name in front.names]
            names += [(f"{topic.name} {name}", named) for name in front.names]
    return NameBook(names)


def _first_sentence(topic: TopicView) -> str:
    first = topic.intro.partition(". ")[0].rstrip(".?")
    return f"{first}." if first else ""
