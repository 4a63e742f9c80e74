"""What answers a query beside texts: each capability registers in its `start` what it can answer; search asks them all.

An answer is plain words and addresses, so that search draws it without knowing what it is about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from kb.language.asking import Question


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A few lines over the hits: what kind of thing it is, its name and page, and what it says.

    `numbers` are (label, number, when to call). `links` lead on. `page` is the page that the query asked for by name,
    or where what it asked for stands: it is a row of what the terminal gives.
    """

    label: str
    icon: str
    title: str
    url: str
    text: str = ""
    note: str = ""
    numbers: tuple[tuple[str, str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    page: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Answerer:
    """What answers questions; those with lower places first. `answer` must cost little: it is asked at each search.

    It takes session, viewer and question, and answers only what is asked for and may be seen.
    """

    place: int
    answer: Callable[[Session, Any, Question], Sequence[Answer]]


@dataclass(frozen=True, kw_only=True)
class PageName:
    """A page by its name, as it is suggested while somebody types."""

    title: str
    url: str
    icon: str


@dataclass(frozen=True, kw_only=True)
class PageNames:
    """Pages that may be asked for by name, for those who may open them; lower places first."""

    place: int
    read: Callable[[Session, Any], Sequence[PageName]]


@dataclass(frozen=True, kw_only=True)
class Emphasis:
    """What goes on where the viewer works: what it is called, its page, the slugs of the topics that it is about."""

    title: str
    url: str
    topics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Emphasiser:
    """What says that texts on some topics are needed more just now, by the viewer and nobody else."""

    read: Callable[[Session, Any], Sequence[Emphasis]]


@dataclass
class Answering:
    """What `app.extensions["answering"]` holds."""

    answerers: list[Answerer] = field(default_factory=list)
    names: list[PageNames] = field(default_factory=list)
    emphasisers: list[Emphasiser] = field(default_factory=list)

    def add(self, *parts: Answerer | PageNames | Emphasiser) -> None:
        """Take in what a capability answers."""
        for part in parts:
            if isinstance(part, Answerer):
                self.answerers = sorted([*self.answerers, part], key=lambda one: one.place)
            elif isinstance(part, PageNames):
                self.names = sorted([*self.names, part], key=lambda one: one.place)
            else:
                self.emphasisers.append(part)

    def answers(self, session: Session, viewer: Any, question: Question) -> list[Answer]:
        """All that answers, in order; nothing for an empty question."""
        if question.is_empty:
            return []
        return [one for part in self.answerers for one in part.answer(session, viewer, question)]

    def page_names(self, session: Session, viewer: Any) -> list[PageName]:
        """The pages that may be asked for by name."""
        return [one for part in self.names for one in part.read(session, viewer)]

    def emphases(self, session: Session, viewer: Any) -> list[Emphasis]:
        """What goes on where the viewer works."""
        return [one for part in self.emphasisers for one in part.read(session, viewer)]


def answering_of(app: Flask) -> Answering:
    """What answers in an application; made when the first capability asks."""
    found: Answering = app.extensions.setdefault("answering", Answering())
    return found
