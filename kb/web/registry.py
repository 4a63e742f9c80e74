"""What capabilities hang into pages that are not theirs: lines of menus, boxes on the boards of the desk, first steps.

Each registers its own in its `start`; the desk and the layouts draw them. A page is named by its endpoint alone: its
guard says who may open it, and whoever may is shown the line.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Protocol

from flask import Flask, current_app, request
from sqlalchemy.orm import Session

from kb.web.addresses import page_path
from kb.web.guards import guard_of
from kb.web.sessions import reader


class Menu(StrEnum):
    """The menus that capabilities put lines into."""

    MAIN = "main"
    FOLDED = "folded"  # beside the main menu where that is folded away
    ACCOUNT = "account"
    DESK = "desk"
    DESK_BUTTONS = "desk_buttons"  # what to begin with, over the work list
    ADMINISTRATION = "administration"
    CALLS = "calls"  # in the footer, after the numbers to call
    MORE = "more"
    ABOUT = "about"


class Board(StrEnum):
    """The pages that are made of boxes."""

    DESK = "desk"
    ADMINISTRATION = "administration"


class Reader(Protocol):
    """Who looks: all that is known of accounts here."""

    def can(self, permission: Enum | str) -> bool:
        """Whether they hold a permission."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of a menu: the words and the endpoint of its page.

    It is shown to who may open the page; `to_all`: also to those who are asked to sign in first. Lower places stand
    first. `count` says how much waits there (session and viewer in); it costs every page with the menu.
    """

    menu: Menu
    title: str
    endpoint: str
    place: int
    to_all: bool = False
    icon: str = ""
    count: Callable[[Session, Any], int] | None = None


@dataclass
class Line:
    """An entry as it is drawn."""

    title: str
    url: str
    icon: str
    is_current: bool
    count: int | None


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What stands in a box now. `rows` are what the component `work_box` takes; `text` and a link stand in their place.

    `warning` (title, text) is said over all boxes.
    """

    count: int
    rows: Sequence[Mapping[str, Any]] = ()
    text: str = ""
    link: tuple[str, str] | None = None
    more_url: str | None = None
    warning: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box on a board, for those who hold `permission`; `read` takes session and viewer, and gives None for no box."""

    board: Board
    key: str
    title: str
    permission: Enum
    place: int
    read: Callable[[Session, Any], Contents | None]


@dataclass(frozen=True, kw_only=True)
class FirstStep:
    """Something that the first administrator does, on the page that `link` leads to; it ticks itself by `is_done`."""

    title: str
    text: str
    endpoint: str
    link: str
    place: int
    is_done: Callable[[Session], bool]


@dataclass(frozen=True)
class ShownStep:
    """A first step as it is drawn."""

    title: str
    text: str
    url: str
    link: str
    is_done: bool


@dataclass
class Registry:
    """What `app.extensions["registry"]` holds."""

    entries: dict[Menu, list[Entry]] = field(default_factory=lambda: {menu: [] for menu in Menu})
    boxes: dict[Board, list[Box]] = field(default_factory=lambda: {board: [] for board in Board})
    steps: list[FirstStep] = field(default_factory=list)
    needed: dict[str, Enum | None] = field(default_factory=dict)  # endpoint → permission of its page

    def add(self, *parts: Entry | Box | FirstStep) -> None:
        """Take in entries, boxes and first steps of a capability."""
        for part in parts:
            if isinstance(part, Entry):
                self.entries[part.menu].append(part)
                self.entries[part.menu].sort(key=lambda entry: entry.place)
            elif isinstance(part, Box):
                self.boxes[part.board].append(part)
                self.boxes[part.board].sort(key=lambda box: box.place)
            else:
                self.steps.append(part)
                self.steps.sort(key=lambda step: step.place)


def registry_of(app: Flask) -> Registry:
    """The registry of an application."""
    found: Registry = app.extensions["registry"]
    return found


def lines_of(name: str, viewer: Reader) -> list[Line]:
    """The lines of a menu that the viewer may follow, in their order."""
    registry = registry_of(current_app)
    needed = registry.needed
    mine = [
        entry
        for entry in registry.entries[Menu(name)]
        if entry.to_all or (permission := needed[entry.endpoint]) is None or viewer.can(permission)
    ]
    urls = [page_path(entry.endpoint) for entry in mine]
    current = current_url(urls, request.path)
    return [
        Line(e.title, url, e.icon, url == current, e.count(reader(), viewer) if e.count else None)
        for e, url in zip(mine, urls, strict=True)
    ]


def current_url(urls: Sequence[str], path: str) -> str | None:
    """The address among these at or above `path`; the one of a whole area only on its own page."""
    found = max((url for url in urls if path == url or path.startswith(f"{url}/")), key=len, default=None)
    is_area = any(url.startswith(f"{found}/") for url in urls)
    return None if is_area and path != found else found


def boxes_of(board: Board, session: Session, viewer: Reader) -> list[tuple[Box, Contents]]:
    """The boxes of a board that the viewer may see, with what stands in them now."""
    mine = [box for box in registry_of(current_app).boxes[board] if viewer.can(box.permission)]
    return [(box, contents) for box in mine if (contents := box.read(session, viewer)) is not None]


def first_steps(session: Session) -> list[ShownStep]:
    """The first steps of all capabilities in the order in which they are best done, and which are done."""
    return [
        ShownStep(step.title, step.text, page_path(step.endpoint), step.link, step.is_done(session))
        for step in registry_of(current_app).steps
    ]


def settle(app: Flask) -> None:
    """Look up who may open the pages of the entries. Raises `RuntimeError` naming all that lead to no page."""
    registry = registry_of(app)
    endpoints = {entry.endpoint for entries in registry.entries.values() for entry in entries}
    endpoints |= {step.endpoint for step in registry.steps}
    guards = {endpoint: guard_of(app, endpoint) for endpoint in endpoints}
    lost = sorted(endpoint for endpoint, guard in guards.items() if guard is None)
    if lost:
        raise RuntimeError(f"menu entries or first steps without a page: {', '.join(lost)}")
    registry.needed = {endpoint: guard.permission for endpoint, guard in guards.items() if guard}


def init_app(app: Flask) -> None:
    """Make the registry, and give templates `menu(name, viewer)`."""
    app.extensions["registry"] = Registry()
    app.jinja_env.globals["menu"] = lines_of
