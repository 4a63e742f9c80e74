"""The text of a document as search reads it, line by line, with where on the page each line stands.

The ids here are those of the pages (`templates/library/*_show.html`); a test opens every one of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kb.library.content.document import Channel, Document
from kb.library.content.fields import Type, Use
from kb.library.content.texts import Spot, texts
from kb.text.plain import blocks_of
from kb.text.prose import heading_ids, render
from kb.text.tags import Piece, pieces

# What pages use themselves, so that no heading of an editor gets it.
_OWN = """
    innehall gor kallor relaterat tid meny lardomar fragor mer lagrum ord innan text sekretess svar pastaendet
    fungerade annorlunda skede-fore skede-under skede-efter
"""
PAGE_IDS = frozenset(_OWN.split())
_ID = re.compile(r' id="([^"]+)"')
_VERIFY = re.compile(r"\s*\[?att verifiera\]?\s*$", re.I)
_NAMELESS = "Steg"


class Sort(StrEnum):
    """What a line is: running text, a heading, or what stands beside it (rows of tables, sources, facts)."""

    RUNNING = "r"
    HEADING = "h"
    BESIDE = "b"


@dataclass(frozen=True)
class Span:
    """Some lines that follow each other: how many, of what sort, and the section they stand in.

    `anchor` is the id of that on the page, `name` what it is called; empty above the first.
    """

    lines: int
    sort: Sort
    anchor: str = ""
    name: str = ""


@dataclass(frozen=True)
class _Line:
    text: str
    sort: Sort
    anchor: str
    name: str


def outlined(document: Document) -> tuple[str, tuple[Span, ...]]:
    """All that a reader sees below title and summary, as lines of plain text, and what these lines are.

    The wordings of a claim and labels are not in it: they are searched, but no passage of ours.
    """
    lines = [line for line in _lines(document) if line.text]
    spans: list[Span] = []
    for line in lines:
        count = line.text.count("\n") + 1
        last = spans[-1] if spans else None
        if last and (last.sort, last.anchor, last.name) == (line.sort, line.anchor, line.name):
            spans[-1] = Span(last.lines + count, line.sort, line.anchor, line.name)
        else:
            spans.append(Span(count, line.sort, line.anchor, line.name))
    return "\n".join(line.text for line in lines), tuple(spans)


def _lines(document: Document) -> Iterator[_Line]:
    asides: list[str] = []
    for spot in texts(document):
        if spot.field.use is Use.ASIDE:
            asides.append(spot.value)
        elif spot.field.use is Use.PASSAGE:
            anchor, name = _section(document, spot)
            if spot.field.type is Type.RICH:
                yield from _prose(document, spot, anchor, name)
            else:
                yield _Line(spot.value, _sort(spot), anchor, name)
    yield _Line(", ".join(dict.fromkeys(asides)), Sort.BESIDE, "", "")


def _taken(document: Document, spot: Spot) -> frozenset[str]:
    """The ids that the page uses beside this HTML: what may not be said is shown after the text, on one page."""
    if spot.field.name != "secrecy":
        return PAGE_IDS
    return PAGE_IDS | frozenset(_ID.findall(render(document.body, PAGE_IDS).html))


def _prose(document: Document, spot: Spot, anchor: str, name: str) -> Iterator[_Line]:
    """The lines of HTML, each under its heading. `anchor` and `name` are those of the section that holds all of it."""
    parts = list(pieces(spot.value))
    first, *sections = _by_heading(parts)
    yield from _block_lines(first, anchor, name)
    ids = heading_ids(parts, _taken(document, spot)) if sections else []
    for section, found in zip(sections, ids, strict=True):
        called = _VERIFY.sub("", section[0][1]) if section and found else name
        yield from _block_lines(section, found or anchor, called)


def _by_heading(parts: Sequence[Piece]) -> list[list[tuple[str, str]]]:
    """The blocks above the first heading, then those under each; all in one when a row of a table holds a heading."""
    starts = [place for place, part in enumerate(parts) if part.opens("h2", "h3")]
    sections = [
        blocks_of(parts[start:end]) for start, end in zip([0, *starts], [*starts, len(parts)], strict=True)
    ]
    if starts and any(part.name == "tr" for part in parts):
        whole = blocks_of(parts)
        return sections if len(whole) == sum(map(len, sections)) else [whole]
    return sections


def _block_lines(blocks: Iterable[tuple[str, str]], anchor: str, name: str) -> Iterator[_Line]:
    return (_Line(text, _SORTS.get(label, Sort.RUNNING), anchor, name) for label, text in blocks)


_SORTS = {"Rubrik": Sort.HEADING, "Tabellrad": Sort.BESIDE, "Tabell": Sort.BESIDE}


def _sort(spot: Spot) -> Sort:
    if spot.path[0] == "sources":
        return Sort.BESIDE
    return Sort.HEADING if spot.path[0] == "sections" and spot.path[-1] == "title" else Sort.RUNNING


def _section(document: Document, spot: Spot) -> tuple[str, str]:
    """The id and the name of the section of the page that shows a field."""
    if spot.path[0] == "sections":
        return _step(document, spot)
    if spot.path[0] == "check_before" and document.channel == Channel.TALKING_POINTS:
        return "innan", "Innan du svarar"
    return _SECTIONS.get(str(spot.path[0]), ("", ""))


def _step(document: Document, spot: Spot) -> tuple[str, str]:
    place = int(spot.path[1])
    section = document.sections[place]
    if len(spot.path) > 4:
        return f"steg-{section.steps[int(spot.path[3])].id}", spot.entry
    return f"avsnitt-{place + 1}", section.title or _NAMELESS


_SECTIONS: Mapping[str, tuple[str, str]] = {
    "actions": ("gor", "Gör så här"),
    "sources": ("kallor", "Källor"),
    "short_answer": ("svar", "Kort svar"),
    "check_before": ("innan", "Innan du skickar"),
    "text": ("text", "Texten"),
    "secrecy": ("sekretess", "Det här får du inte säga"),
    "before": ("skede-fore", "Före"),
    "during": ("skede-under", "Under"),
    "after": ("skede-efter", "Efter"),
    "worked": ("fungerade", "Vad fungerade"),
    "otherwise": ("annorlunda", "Vad andra kan göra annorlunda"),
    "lessons": ("lardomar", "Lärdomar"),
    "questions": ("fragor", "Frågor till arbetsplatsträffen"),
}
