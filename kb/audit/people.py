"""Who the public ids of the log belong to. Accounts lie above and give these functions at start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class People:
    """`names` gives the name behind each public id, `find` the public ids of those whose name has a text."""

    names: Callable[[Session, Iterable[str]], dict[str, str]]
    find: Callable[[Session, str], list[str]]
