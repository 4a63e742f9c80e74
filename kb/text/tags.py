"""Reading clean HTML piece by piece: every value is quoted, every element closed. Linear."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+(?:="[^"]*")?)*) ?/?>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')


class Piece(NamedTuple):
    """A tag (`name` is set) or a run of text between two tags. `source` is how it stands in the HTML."""

    source: str
    name: str = ""
    closes: bool = False
    attributes: str = ""

    def opens(self, *names: str) -> bool:
        """Whether this is the start tag of one of the elements."""
        return self.name in names and not self.closes

    def attribute(self, name: str) -> str:
        """The value of an attribute as it stands in the source, "" where there is none."""
        return next((found[2] for found in _ATTRIBUTE.finditer(self.attributes) if found[1] == name), "")


def pieces(html: str) -> Iterator[Piece]:
    """The tags and texts of HTML that `clean()` gave, in order; joined they give it back."""
    place = 0
    for found in _TAG.finditer(html):
        if found.start() > place:
            yield Piece(html[place : found.start()])
        yield Piece(found[0], found[2], bool(found[1]), found[3])
        place = found.end()
    if place < len(html):
        yield Piece(html[place:])
