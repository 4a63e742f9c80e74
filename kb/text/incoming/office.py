"""Lists as word processors write them in HTML: paragraphs with a mark and a level become real lists."""

import re
from dataclasses import dataclass, field
from html import escape, unescape

from kb.text.tags import Piece, pieces

_LEVEL = re.compile(r"mso-list:[^;]{0,60}\blevel(\d)")
_IGNORED = re.compile(r"mso-list:\s*Ignore", re.I)
_SIGN = re.compile("[•●○◦▪▫■□‣⁃∙·\uf0b7\uf0a7\uf0d8]")
_MARK = re.compile(r"\s*([•●○◦▪▫■□‣⁃∙·\uf0b7\uf0a7\uf0d8–-])[\s\u00a0]+")
_NUMBER = re.compile(r"\(?(\d{1,3}|[a-z]|[ivx]{1,4})[.)]", re.I)


@dataclass
class _Point:
    level: int
    mark: str
    html: str


@dataclass
class _Lists:
    """Takes paragraphs one by one, and gives the lists that they are back as HTML."""

    points: list[_Point] = field(default_factory=list)

    def drawn(self) -> str:
        """The points as nested lists; then there are none."""
        points, self.points = self.points, []
        found: list[str] = []
        open_lists: list[tuple[int, str]] = []
        for point in points:
            while open_lists and open_lists[-1][0] > point.level:
                found.append(f"</li></{open_lists.pop()[1]}>")
            if open_lists and open_lists[-1][0] == point.level:
                found.append("</li>")
            else:
                name, start = _list_of(point.mark)
                open_lists.append((point.level, name))
                found.append(start)
            found.append(f"<li>{point.html}")
        found += [f"</li></{name}>" for _level, name in reversed(open_lists)]
        return "".join(found)


def with_lists(html: str) -> str:
    """Well-formed HTML, every value quoted, in which such paragraphs are lists; other HTML as it is."""
    if "mso-list" not in html and not _SIGN.search(html):
        return html
    lists, shown, waiting = _Lists(), [], ""
    parts = list(pieces(html))
    place = 0
    while place < len(parts):
        end, point = _paragraph(parts, place)
        if point is not None:
            lists.points.append(point)
            waiting = ""
        elif lists.points and not parts[place].name and not parts[place].source.strip():
            waiting += parts[place].source
        else:
            shown.append(lists.drawn() + waiting)
            waiting = ""
            shown += [part.source for part in parts[place:end]]
        place = end
    return "".join([*shown, lists.drawn(), waiting])


def _paragraph(parts: list[Piece], place: int) -> tuple[int, _Point | None]:
    """The place after a paragraph and the point that it is; (the next place, None) for anything else."""
    if not parts[place].opens("p"):
        return place + 1, None
    end = place + 1
    while end < len(parts) and parts[end].name != "p":
        end += 1
    if end == len(parts) or not parts[end].closes:
        return place + 1, None
    level = _LEVEL.search(unescape(parts[place].attribute("style")))
    mark, html = _split(parts[place + 1 : end])
    if level is None and not mark:
        return place + 1, None
    if level is None:
        found = _MARK.match(unescape(html))
        level_number = 1 + (found is not None and found[1] in "○◦")
    else:
        level_number = int(level[1])
    return end + 1, _Point(level_number, mark, html.strip())


def _split(parts: list[Piece]) -> tuple[str, str]:
    """The mark of a point and the HTML after it."""
    ignored, depth, rest = [], 0, []
    for part in parts:
        if depth or (part.opens("span") and _IGNORED.search(unescape(part.attribute("style")))):
            depth += (part.name == "span") * (-1 if part.closes else 1)
            ignored.append("" if part.name else part.source)
        else:
            rest.append(part.source)
    if ignored:
        return unescape("".join(ignored)).strip(), "".join(rest)
    return _without_sign(parts, rest)


def _without_sign(parts: list[Piece], sources: list[str]) -> tuple[str, str]:
    """The sign that the words begin with, and the HTML without it and its spaces, in whatever element they stand."""
    words = [(n, unescape(part.source)) for n, part in enumerate(parts) if not part.name]
    found = _MARK.match("".join(text for _n, text in words))
    if found is None or found[1] in "–-":
        return "", "".join(sources)
    left = found.end()
    for n, text in words:
        cut = min(left, len(text))
        left -= cut
        if cut:
            sources[n] = escape(text[cut:], quote=False)
    return found[1], "".join(sources)


def _list_of(mark: str) -> tuple[str, str]:
    """The element of a list and its start tag, by the first mark."""
    number = _NUMBER.fullmatch(mark)
    if number is None:
        return "ul", "<ul>"
    if not number[1].isdigit():
        return "ol", '<ol type="a">'
    return "ol", "<ol>" if number[1] == "1" else f'<ol start="{int(number[1])}">'
