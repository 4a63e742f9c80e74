"""Who and what the public ids of the log belong to. Capabilities that lie above give these functions at start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

Names = Callable[[Session, Iterable[str]], dict[str, str]]


@dataclass(frozen=True)
class People:
    """`names` gives the name behind each public id, `find` the public ids of those whose name has a text.

    `things` do as `names` does for what is no person: texts, runs.
    """

    names: Names
    find: Callable[[Session, str], list[str]]
    things: list[Names] = field(default_factory=list)

    def all_names(self, session: Session, public_ids: Iterable[str]) -> dict[str, str]:
        """The words for all these public ids."""
        wanted = set(public_ids)
        return {
            public_id: name
            for names in (self.names, *self.things)
            for public_id, name in names(session, wanted).items()
        }
