"""Pasted plain text as Markdown: the bullets of word processors and mail programs, letters, tables by tabs.

What is Markdown already, or ordinary lines, stays as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, takewhile, zip_longest

from kb.text.incoming.dialect import LETTERED

_SPACE = " \t\u00a0\u2007\u202f"
_ROUND = "•●○◦▪▫■□‣⁃∙⚫⚪➢➤✓✔❑❖\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0e0"
_BULLET = re.compile(
    rf"""(?P<indent>[{_SPACE}]*)
    (?: (?P<round>[{_ROUND}])[{_SPACE}]*
      | (?P<dot>·)[{_SPACE}]+
      | (?P<dash>[–—])(?P<tab>[ \u00a0]*\t)?[{_SPACE}]+
      | (?P<letter_sign>[o§Øüvq])(?:[ \u00a0]*\t|[ \u00a0]{{3,}})[{_SPACE}]*
      | (?P<letter>[a-z])(?P<after>[).])(?:\t|[ \u00a0]+)[{_SPACE}]*
      | (?P<number>[0-9]{{1,3}})(?P<end>[).])[{_SPACE}]+
      | (?P<plain>[-*+])[{_SPACE}]+
    )(?P<text>[^{_SPACE}].*)""",
    re.VERBOSE,
)
_DASH_TAB = re.compile(rf"[{_SPACE}]*[–—][ \u00a0]*\t")
_FENCE = re.compile(r"[ \t]*```")
_RULE = re.compile(r"[ \t]*(?:={3,}|~{3,}|—{3,}|–{3,})[ \t]*")
_MOST_CELLS = 40
_DEEPEST = 8


@dataclass(frozen=True)
class _Point:
    """A line that begins with a mark. `sort` tells marks of one level from those of another."""

    indent: int
    sort: str
    mark: str
    text: str
    is_sure: bool  # no other meaning; a dash may also begin a line of speech

    @property
    def is_number(self) -> bool:
        """Whether it counts."""
        return self.sort.startswith("1")

    @property
    def is_lettered(self) -> bool:
        """Whether its mark is a letter, which points inside others have."""
        return self.sort[0].isalpha()


def to_markdown(text: str) -> str:
    """The text with its lists and tables as Markdown has them."""
    found: list[str] = []
    lines = text.replace(LETTERED, "").split("\n")
    for is_code, run in groupby(lines, _Fences()):
        block = list(run)
        found += block if is_code else _Reader(block).read()
    return "\n".join(found)


class _Fences:
    """Says of one line after the other whether it belongs to a block of code."""

    def __init__(self) -> None:
        self.open = False

    def __call__(self, line: str) -> bool:
        if _FENCE.match(line):
            self.open = not self.open
            return True
        return self.open


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.points = [_point(line) for line in lines]
        self.place = 0

    def read(self) -> list[str]:
        """All lines, block by block."""
        found: list[str] = []
        while self.place < len(self.lines):
            found += self._block(found[-1] if found else "")
        return found

    def _block(self, before: str) -> list[str]:
        block = self._list() or self._table()
        if block:
            return [*([""] if before.strip() else []), *block]
        line = self.lines[self.place]
        self.place += 1
        return ["", "---", ""] if _RULE.fullmatch(line) else [line]

    # Lists

    def _list(self) -> list[str]:
        """The points from here on as Markdown; nothing where they are no list, or one that Markdown knows."""
        end = self._end_of_list()
        points = [point for point in self.points[self.place : end] if point is not None]
        if not _is_list(points):
            return []
        depths, found = _Depths(), []
        for line, point in zip(self.lines[self.place : end], self.points[self.place : end], strict=True):
            if point is not None:
                found.append(f"{depths.before(point)}{point.mark} {point.text}")
            elif line.strip():
                found.append(f"{depths.inside}{line.strip()}")
        self.place = end
        return [*found, ""] if end < len(self.lines) else found

    def _end_of_list(self) -> int:
        """Past the last point that belongs to this one: empty lines and turned lines may stand between."""
        end = place = self.place
        sorts: set[str] = set()
        last = None
        while place < len(self.lines):
            point = self.points[place]
            if point is not None:
                if last is not None and self._begins_another(place, point, last, sorts):
                    break
                sorts.add(point.sort)
                last, end = point, place + 1
            elif self._goes_on(place):
                end = place + 1 if end == place else end
            elif self.lines[place].strip():
                break
            place += 1
        return end

    def _begins_another(self, place: int, point: _Point, last: _Point, sorts: set[str]) -> bool:
        """Whether a point begins a list of its own: numbers after bullets or bullets after numbers, past an empty line.

        Where the marks before (`sorts`) come again further down, it is a list within their list. Only a mark that is
        new looks ahead: there are few, and a long list stays quick.
        """
        if self.lines[place - 1].strip() or point.sort in sorts or point.is_lettered:
            return False
        if point.is_number == last.is_number or point.indent > last.indent:
            return False
        run = takewhile(
            lambda at: self.points[at] or not self.lines[at].strip(), range(place, len(self.lines))
        )
        return all(found.sort not in sorts for at in run if (found := self.points[at]))

    def _goes_on(self, place: int) -> bool:
        """Whether a line without a mark belongs to the point before it: it is indented, or begins small."""
        line = self.lines[place]
        if place == self.place or not line.strip() or not self.lines[place - 1].strip():
            return False
        return line[0] in _SPACE or line.strip()[0].islower()

    # Tables

    def _table(self) -> list[str]:
        """The rows from here on as a Markdown table; nothing where there are not two."""
        rows = list(self._rows())
        if len(rows) < 2 or max(map(len, rows)) > _MOST_CELLS:
            return []
        self.place += len(rows)
        columns = [column for column in zip_longest(*rows, fillvalue="") if any(column)]
        drawn = [f"| {' | '.join(row)} |" for row in zip(*columns, strict=True)] or ["|  |"] * len(rows)
        return [drawn[0], "|" + " --- |" * len(columns), *drawn[1:], ""]

    def _rows(self) -> Iterator[list[str]]:
        """The cells of the lines with tabs from here on."""
        for place in range(self.place, len(self.lines)):
            if self.points[place] is not None or "\t" not in self.lines[place].strip():
                return
            yield [_cell(cell) for cell in self.lines[place].split("\t")]


class _Depths:
    """How deep a point stands: by its indent, and where that is the same by its mark."""

    def __init__(self) -> None:
        self.levels: list[tuple[int, str]] = []
        self.widths: list[int] = []  # of the marks, which what stands inside a point is indented by

    @property
    def inside(self) -> str:
        """The space before what belongs to the last point."""
        return " " * sum(self.widths)

    def before(self, point: _Point) -> str:
        """The space before the next point."""
        while self.levels and point.indent < self.levels[-1][0]:
            self.levels.pop()
        here = (point.indent, point.sort)
        if here in self.levels:
            del self.levels[self.levels.index(here) + 1 :]
        elif len(self.levels) < _DEEPEST:
            self.levels.append(here)
        del self.widths[len(self.levels) - 1 :]
        space = self.inside
        self.widths.append(len(point.mark) + 1)
        return space


def _point(line: str) -> _Point | None:
    found = _BULLET.fullmatch(line)
    if found is None:
        return None
    indent = len(found["indent"].replace("\t", "    "))
    text = found["text"]
    if found["letter"]:
        number = ord(found["letter"]) - ord("a") + 1
        return _Point(
            indent, f"a{found['after']}", f"{number}{found['after']}", LETTERED + text, is_sure=False
        )
    if found["number"]:
        return _Point(indent, f"1{found['end']}", f"{found['number']}{found['end']}", text, is_sure=False)
    if found["letter_sign"] and "\t" in text:
        return None  # the cells of a table
    mark = next(filter(None, found.group("round", "dot", "dash", "letter_sign", "plain")), "")
    is_sure = any(found.group("round", "dot")) or _DASH_TAB.match(line) is not None
    return _Point(indent, mark, "-", text, is_sure)


def _is_list(points: list[_Point]) -> bool:
    """Whether the points are one of our lists: marks that Markdown does not know, and no line of speech or initial."""
    if any(point.is_sure for point in points):
        return True
    dashes, signs = (sum(point.sort in sorts for point in points) for sorts in ("–—", "o§Øü"))
    letters = [point.mark[:-1] for point in points if point.sort.startswith("a")]
    return dashes > 1 or signs > 1 or letters[:2] == ["1", "2"]


def _cell(text: str) -> str:
    return text.strip().replace("|", "\\|")
