"""What people type, paste or load into a field of formatted text: HTML, Markdown, plain text, or one after the other.

`kb.text.sanitize.clean` is still the only way to stored HTML; here is found out beforehand what was meant, and what
is to be said about what could not come along.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kb.text.angles import with_words_in_brackets
from kb.text.characters import normal
from kb.text.incoming.markdown import rendered
from kb.text.incoming.office import with_lists
from kb.text.incoming.removed import removed, shortened
from kb.text.incoming.wrapped import with_plain_links
from kb.text.profile import BLOCKS, RENAMED, VOID
from kb.text.sanitize import clean, well_formed

_BLOCK_NAMES = "|".join(
    sorted((BLOCKS | RENAMED.keys() | {"html", "head", "body"}) - VOID, key=len, reverse=True)
)
_BLOCK_LINE = re.compile(
    rf"</?(?:{_BLOCK_NAMES}|hr|meta|link|style)(?=[\s/>])|<(?:!doctype\b|!\[(?:end)?if\b|\?xml\b)", re.I
)
_FENCE = re.compile(r"\s*```")
_BLOCK_TAG = re.compile(rf"<(/?)(?:{_BLOCK_NAMES})(?=[\s/>])", re.I)


@dataclass(frozen=True, slots=True)
class Taken:
    """Safe HTML of what came in, and Swedish sentences on what did not come along."""

    html: str
    said: tuple[str, ...] = ()


@lru_cache(maxsize=32)  # the loader asks twice: for the document, and for what to say
def take_in(text: str, *, keeps_lines: bool = False) -> Taken:
    """Safe HTML of a text in any of these forms. With `keeps_lines` each line end of plain text is one on the page.

    Raises `kb.errors.Invalid("body", …)` beyond the limits of `clean()` and of Markdown.
    """
    text = normal(text)
    html = "\n".join(_html_of(part, is_html, keeps_lines) for is_html, part in _parts(text))
    said: list[str] = []
    if "<" in html:
        read = well_formed(html)
        said = removed(html, read)
        listed = with_lists(read)
        html = html if listed == read else listed
    stored, links = with_plain_links(clean(html))
    return Taken(stored, (*said, *(_about_link(*link) for link in links)))


def _parts(text: str) -> list[tuple[bool, str]]:
    """The text as runs of HTML and of what was written after or before it, in order."""
    runs: list[tuple[bool, list[str]]] = []
    for is_html, line in _lines(text):
        if runs and (runs[-1][0] == is_html or not line.strip()):
            runs[-1][1].append(line)
        else:
            runs.append((is_html, [line]))
    return [(is_html, "\n".join(lines)) for is_html, lines in runs]


def _lines(text: str) -> Iterator[tuple[bool, str]]:
    """Each line, and whether it belongs to HTML: it begins with a block, or one is still open."""
    depth, is_code = 0, False
    for line in _with_comments_apart(text):
        is_code ^= depth == 0 and _FENCE.match(line) is not None
        begins = _BLOCK_LINE.match(line) is not None or (line.startswith("<!--") and line.endswith("-->"))
        is_html = depth > 0 or (not is_code and begins)
        yield is_html, line
        if is_html:
            depth += sum(-1 if found[1] else 1 for found in _BLOCK_TAG.finditer(line))
            depth = max(depth, 0)


def _with_comments_apart(text: str) -> Iterator[str]:
    """The lines; a whole comment that begins one, however long, is one by itself."""
    rest = place = 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start)) >= 0:
        place = end + 3
        if start and text[start - 1] != "\n":
            continue
        if start > rest:
            yield from text[rest:start].removesuffix("\n").split("\n")
        yield text[start:place]
        rest = place + text.startswith("\n", place)
    if rest < len(text) or not rest:
        yield from text[rest:].split("\n")


def _html_of(part: str, is_html: bool, keeps_lines: bool) -> str:
    return with_words_in_brackets(part) if is_html else rendered(part, keeps_lines=keeps_lines)


def _about_link(words: str, before: str, after: str) -> str:
    link = f"Länken ”{shortened(words, 90)}”"
    if after:
        return f"{link} gick genom ett filter. Nu leder den direkt till {shortened(after, 120)}."
    return (
        f"{link} går genom ett filter ({shortened(before, 60)}), och det går inte att se "
        "vart den leder. Byt den mot sidans egen adress."
    )
