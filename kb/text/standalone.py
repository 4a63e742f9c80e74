"""Clean HTML in a file that holds many texts: headings below the title of each, links that lead within the file."""

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from kb.text.prose import render
from kb.text.tags import Piece, pieces

_LOWER = {"h2": "h4", "h3": "h5", "h4": "h6"}


def standalone(html: str, places: Mapping[str, str]) -> Markup:
    """Clean HTML for such a file; `places` gives the anchor of each own page that is in it, by its address.

    Links to other pages of ours are words: where the file is read there is no server. Nothing in it has an id.

    >>> str(standalone('<h2>A</h2><p><a href="/v/b#c">B</a> <a href="/d">D</a></p>', {"/v/b": "v-b"}))
    '<h4>A</h4><p><a href="#v-b">B</a> D</p>'
    """
    return render("".join(_shown(html, places))).html


def _shown(html: str, places: Mapping[str, str]) -> Iterator[str]:
    is_words = False
    for part in pieces(html):
        if part.opens("a"):
            shown = _link(part, places)
            is_words = not shown
            yield shown
        elif part.name == "a":
            yield "" if is_words else part.source
        else:
            yield _lowered(part)


def _link(part: Piece, places: Mapping[str, str]) -> str:
    """The start of a link as it stands in the file; nothing for one that leads nowhere there."""
    target = part.attribute("href").split("#")[0]
    if target in places:
        return f'<a href="#{places[target]}">'
    return "" if not target or target.startswith("/") else part.source


def _lowered(part: Piece) -> str:
    if part.name not in _LOWER:
        return part.source
    name = _LOWER[part.name]
    return f"</{name}>" if part.closes else f"<{name}{part.attributes}>"
