"""How the installation is doing: each capability registers in its `start` the parts that it answers for."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy.orm import Session

from kb.db import Database


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What the page about operations says of a part: words and values; `warnings` are what is wrong and what to do."""

    rows: Sequence[tuple[str, str]]
    warnings: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the installation. Lower places are asked first.

    `figures` stand on the page about operations, under the title. `problems` is a thorough look, in words; nothing
    when all is well. `is_ready` is asked often and says whether the site can do what it should, as far as it depends
    on this part.
    """

    title: str
    place: int
    figures: Callable[[Session], Figures] | None = None
    problems: Callable[[Database], Iterable[str]] | None = None
    is_ready: Callable[[Database], bool] | None = None


@dataclass
class Health:
    """What `app.extensions["health"]` holds."""

    parts: list[Part] = field(default_factory=list)

    def add(self, *parts: Part) -> None:
        """Take in parts of a capability."""
        self.parts = sorted([*self.parts, *parts], key=lambda part: part.place)

    def figures(self, session: Session) -> list[tuple[str, Figures]]:
        """Title and figures of every part that has some."""
        return [(part.title, part.figures(session)) for part in self.parts if part.figures]

    def problems(self, database: Database) -> list[str]:
        """Everything that a thorough look finds wrong."""
        return [words for part in self.parts if part.problems for words in part.problems(database)]

    def unready(self, database: Database) -> list[str]:
        """The parts that cannot be used just now, as machines are told; empty when the site can do all it should."""
        return [part.title.lower() for part in self.parts if part.is_ready and not part.is_ready(database)]


def health_of(app: Flask) -> Health:
    """The health of an application."""
    found: Health = app.extensions["health"]
    return found


def init_app(app: Flask) -> None:
    """Make the register."""
    app.extensions["health"] = Health()
