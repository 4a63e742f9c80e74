"""What capabilities hang into pages that are not theirs: lines of menus, boxes on the boards of the desk.

Each registers its own in its `start`; the desk and the layouts draw them. A page is named by its endpoint alone: its
guard says who may open it, and whoever may is shown the line.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Protocol

from flask import Flask, current_app, request, url_for
from sqlalchemy.orm import Session

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


@dataclass(frozen=True)
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


@dataclass
class Registry:
    """What `app.extensions["registry"]` holds."""

    entries: list[Entry] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def add(self, *parts: Entry | Box) -> None:
        """Take in entries and boxes of a capability."""
        for part in parts:
            if isinstance(part, Entry):
                self.entries.append(part)
                self.entries.sort(key=lambda entry: entry.place)
            else:
                self.boxes.append(part)
                self.boxes.sort(key=lambda box: box.place)


def registry_of(app: Flask) -> Registry:
    """The registry of an application."""
    found: Registry = app.extensions["registry"]
    return found


def lines_of(name: str, viewer: Reader) -> list[Line]:
    """The lines of a menu that the viewer may follow, in their order."""
    menu = Menu(name)
    mine = [e for e in registry_of(current_app).entries if e.menu is menu and _is_for(e, viewer)]
    urls = [url_for(entry.endpoint) for entry in mine]
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
    mine = [
        box for box in registry_of(current_app).boxes if box.board is board and viewer.can(box.permission)
    ]
    return [(box, contents) for box in mine if (contents := box.read(session, viewer)) is not None]


def check_registry(app: Flask) -> None:
    """Raise `RuntimeError` naming every entry whose page does not exist."""
    lost = [entry.endpoint for entry in registry_of(app).entries if entry.endpoint not in app.view_functions]
    if lost:
        raise RuntimeError(f"menu entries without a page: {', '.join(lost)}")


def init_app(app: Flask) -> None:
    """Make the registry, and give templates `menu(name, viewer)`."""
    app.extensions["registry"] = Registry()
    app.jinja_env.globals["menu"] = lines_of


def _is_for(entry: Entry, viewer: Reader) -> bool:
    guard = guard_of(current_app, entry.endpoint)
    needed = guard.permission if guard is not None else None
    return entry.to_all or needed is None or viewer.can(needed)
