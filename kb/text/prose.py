"""How clean HTML is shown: headings with addresses, tables in boxes, callouts with their word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from markupsafe import Markup

from kb.text.plain import to_text
from kb.text.sanitize import safe
from kb.text.slugs import slugify
from kb.text.tags import Piece, pieces

_WORDS = {
    "callout--warn": "Varning",
    "callout--warning": "Varning",
    "callout--law": "Lagkrav",
    "callout--story": "Citat",
}
_DEFAULT_WORD = "Bra att veta"
_TABLE = "Tabell"


@dataclass(frozen=True, slots=True)
class RenderedProse:
    """HTML for the page, and its h2 headings as (id, text) for a table of contents."""

    html: Markup
    headings: tuple[tuple[str, str], ...]


@lru_cache(maxsize=512)
def render(html: str, taken: frozenset[str] = frozenset()) -> RenderedProse:
    """Clean HTML as the page shows it; `taken` are ids that the page itself uses.

    h2 and h3 get unique ids made of their words, each outermost table a scrolling region named by its
    caption, each callout `role="note"` and its visible word.
    """
    page = _Page(list(pieces(html)), taken)
    shown = "".join(page.shown())
    return RenderedProse(safe(shown), tuple(page.headings))


def heading_ids(parts: Sequence[Piece], taken: frozenset[str] = frozenset()) -> list[str]:
    """The ids that `render` gives the headings of HTML in pieces, in order; "" for a heading without words."""
    page = _Page(parts, taken)
    return [page.heading_id(part, place) for place, part in enumerate(parts) if part.opens("h2", "h3")]


class _Page:
    def __init__(self, parts: Sequence[Piece], taken: frozenset[str]) -> None:
        self.parts = parts
        self.ids = set(taken)
        self.headings: list[tuple[str, str]] = []
        self.numbers: dict[str, int] = {}
        self.tables = 0

    def shown(self) -> Iterator[str]:
        for place, part in enumerate(self.parts):
            if part.opens("h2", "h3"):
                yield self._heading(part, place)
            elif part.name == "table":
                yield self._table(part, place)
            elif part.opens("aside") and "callout" in part.attributes:
                yield self._callout(part, place)
            else:
                yield part.source

    def _heading(self, part: Piece, place: int) -> str:
        anchor = self.heading_id(part, place)
        return f'<{part.name} id="{anchor}"{part.attributes}>' if anchor else part.source

    def heading_id(self, part: Piece, place: int) -> str:
        """The id that a heading gets, which is then taken; "" without words."""
        text = self._text_until(place, part.name, leave_out="span")
        if not text:
            return ""
        anchor = self._anchor(slugify(text))
        if part.name == "h2":
            self.headings.append((anchor, text))
        return anchor

    def _anchor(self, base: str) -> str:
        # Where many headings say the same, the search goes on from the last number.
        number = self.numbers.get(base, 0)
        anchor = ""
        while not anchor or anchor in self.ids:
            number += 1
            anchor = base if number == 1 else f"{base}-{number}"
        self.numbers[base] = number
        self.ids.add(anchor)
        return anchor

    def _table(self, part: Piece, place: int) -> str:
        self.tables += -1 if part.closes else 1
        if part.closes:
            return "</table>" if self.tables else "</table></div>"
        if self.tables > 1:
            return part.source
        name = escape(self._caption(place) or _TABLE)
        return f'<div class="table" role="region" tabindex="0" aria-label="{name}">{part.source}'

    def _callout(self, part: Piece, place: int) -> str:
        classes = part.attribute("class").replace("callout--warning", "callout--warn")
        others = part.attributes.replace(f' class="{part.attribute("class")}"', "")
        start = f'<aside class="{classes}" role="note"{others}>'
        first = self._next_tag(place)
        if first is not None and "callout__word" in first.attributes:
            return start
        word = next((_WORDS[name] for name in classes.split() if name in _WORDS), _DEFAULT_WORD)
        return f'{start}<p class="callout__word">{word}</p>'

    def _caption(self, place: int) -> str:
        first = self._next_tag(place)
        if first is None or first.name != "caption":
            return ""
        return self._text_until(self.parts.index(first, place), "caption")

    def _next_tag(self, place: int) -> Piece | None:
        """The tag that follows with nothing but white space between."""
        for part in self.parts[place + 1 : place + 3]:
            if part.name:
                return part
            if part.source.strip():
                return None
        return None

    def _text_until(self, place: int, name: str, leave_out: str = "") -> str:
        """The text from the start tag at `place` to the end tag; labels in it can be left out."""
        inside: list[str] = []
        left_out = 0
        for after in range(place + 1, len(self.parts)):
            part = self.parts[after]
            if part.name == name and part.closes:
                break
            if leave_out and part.name == leave_out and (left_out or "state" in part.attributes):
                left_out += -1 if part.closes else 1
            elif not left_out:
                inside.append(part.source)
        return " ".join(to_text("".join(inside)).split())
