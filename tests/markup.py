"""Pages are HTML without an error, as html5lib reads them.

html5lib takes some 12 ms a page, which all pages would feel. So a page is read when something on it is new: an element
with this parent and these attributes that was not yet seen on this address of the site, with this method and this
status. Whatever page a test fetches, the first of its kind is read, and each that shows something the others did not;
tests that walk through the site have all of it read (`everything`).
"""

from typing import Any

import html5lib
from bs4 import BeautifulSoup

Trait = tuple[Any, ...]
_SEEN: set[Trait] = set()


def check_markup(html: str, soup: BeautifulSoup, kind: Trait, *, everything: bool = False) -> None:
    """Assert that a page (or a part of one) is without error; `kind` says which page it is, and in which state."""
    new = {(kind, *trait) for trait in _traits(soup)} - _SEEN
    if not new and not everything:
        return
    errors = errors_in(html, whole=soup.html is not None)
    assert errors == [], f"{kind}: {errors[:5]}"
    _SEEN.update(new)


def errors_in(html: str, *, whole: bool = True) -> list[str]:
    """What html5lib finds wrong in a page or a part of one, each with the text before it."""
    parser = html5lib.HTMLParser()
    parser.parse(html) if whole else parser.parseFragment(html)
    lines = html.splitlines()
    return [
        f"{name} {data or ''} at line {line}: {lines[line - 1][max(0, column - 60) : column] if lines else ''}"
        for (line, column), name, data in parser.errors
    ]


def _traits(soup: BeautifulSoup) -> set[Trait]:
    found = {(tag.parent.name if tag.parent else "", tag.name, *tag.attrs) for tag in soup.find_all(True)}
    return found or {("text",)}
