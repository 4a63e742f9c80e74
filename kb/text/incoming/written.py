"""Stored HTML in the form in which a person goes on writing it: Markdown where that says all of it, else the HTML."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

from kb.errors import Invalid
from kb.text.incoming.intake import take_in
from kb.text.incoming.markdown import CALLOUTS
from kb.text.profile import BLOCKS
from kb.text.tags import pieces

_MARKS = {"strong": "**", "em": "*", "s": "~~", "code": "`"}
_HEADINGS = {"h2": "##", "h3": "###", "h4": "####"}
_SPECIAL = re.compile(r"([\\`*_\[\]<&~])")
_LINE_START = re.compile(r"^(\d+(?=[.)])|[-+#>|=–—•·])")
_AROUND_BLOCKS = re.compile(rf"\s*(</?(?:{'|'.join(sorted(BLOCKS | {'br'}))})(?: [^>]*)?>)\s*")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class _NotSaid(Exception):
    """Markdown has no way to say it."""


@dataclass
class _Node:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: "list[_Node | str]" = field(default_factory=list)

    def nodes(self) -> "list[_Node]":
        """What stands in it, where nothing but blocks may stand."""
        if any(isinstance(part, str) and part.strip() for part in self.parts):
            raise _NotSaid
        return [part for part in self.parts if isinstance(part, _Node)]


@lru_cache(maxsize=256)
def as_written(html: str) -> str:
    """What the field of a form shows: typed again it gives the same text and the same marks."""
    for escapes in (False, True):
        try:
            markdown = _Writer(escapes).blocks(_tree(html).nodes())
            taken = take_in(markdown, keeps_lines=True)
        except (_NotSaid, Invalid):
            continue
        if _squeezed(taken.html) == _squeezed(html) and not taken.said:
            return markdown
    return html


def _squeezed(html: str) -> str:
    """HTML without the spaces that nobody sees."""
    return _AROUND_BLOCKS.sub(r"\1", " ".join(html.split()))


def _tree(html: str) -> _Node:
    root = _Node("")
    open_nodes = [root]
    for piece in pieces(html):
        if not piece.name:
            open_nodes[-1].parts.append(unescape(piece.source))
        elif piece.closes:
            open_nodes.pop()
        else:
            names = re.findall(r" ([a-z]+)=", piece.attributes)
            node = _Node(piece.name, {name: unescape(piece.attribute(name)) for name in names})
            open_nodes[-1].parts.append(node)
            if piece.name not in ("br", "hr", "img", "wbr", "col"):
                open_nodes.append(node)
    return root


@dataclass(frozen=True)
class _Writer:
    """Writes Markdown; with `escapes` every sign that could be a mark is said to be itself."""

    escapes: bool

    def blocks(self, nodes: list[_Node]) -> str:
        """Blocks, an empty line between them."""
        return "\n\n".join(self._block(node) for node in nodes)

    def _block(self, node: _Node) -> str:
        if node.name in ("ul", "ol"):
            return self._list(node)
        if node.name == "aside":
            return self._callout(node)
        if node.attributes:
            raise _NotSaid
        if node.name in _HEADINGS:
            return f"{_HEADINGS[node.name]} {self._inline(node)}"
        write = {"p": self._paragraph, "blockquote": self._quote, "table": self._table, "hr": _rule}.get(
            node.name
        )
        if write is None:
            raise _NotSaid
        return write(node)

    def _quote(self, node: _Node) -> str:
        return _quoted(self.blocks(node.nodes()))

    def _paragraph(self, node: _Node) -> str:
        text = self._inline(node)
        lines = [_LINE_START.sub(r"\\\1", line) if self.escapes else line for line in text.split("\n")]
        return "\n".join(re.sub(r"^\\(\d+)", r"\1\\", line) for line in lines)

    def _callout(self, node: _Node) -> str:
        mark = next((key for key, box in CALLOUTS.items() if box.css == node.attributes.get("class")), None)
        word, *rest = node.nodes()
        if mark is None or word.attributes.get("class") != "callout__word":
            raise _NotSaid
        if CALLOUTS[mark].quotes:
            if len(rest) != 1 or rest[0].name != "blockquote":
                raise _NotSaid
            rest = rest[0].nodes()
        return _quoted(f"[!{mark}] {self.blocks(rest)}")

    def _list(self, node: _Node) -> str:
        items = node.nodes()
        if any(item.name != "li" for item in items) or not items:
            raise _NotSaid
        is_loose = any(isinstance(part, _Node) and part.name == "p" for item in items for part in item.parts)
        number = int(node.attributes.get("start", "1"))
        written = []
        for item in items:
            number = int(item.attributes.get("value", number))
            mark = _mark(node, number)
            inside = self._item(item)
            written.append(mark + inside.replace("\n", "\n" + " " * len(mark)))
            number += 1
        return ("\n\n" if is_loose else "\n").join(written)

    def _item(self, item: _Node) -> str:
        lead = _Node("p", parts=[p for p in item.parts if isinstance(p, str) or p.name not in BLOCKS])
        text = self._paragraph(lead)
        blocks = [part for part in item.parts if isinstance(part, _Node) and part.name in BLOCKS]
        if not text:
            return self.blocks(blocks)
        return "\n".join([text, *(self._block(block) for block in blocks)])

    def _table(self, node: _Node) -> str:
        if [part.name for part in node.nodes()] != ["thead", "tbody"]:
            raise _NotSaid
        rows = [row.nodes() for part in node.nodes() for row in part.nodes()]
        drawn = [
            f"| {' | '.join(self._inline(cell).replace('|', chr(92) + '|') for cell in row)} |"
            for row in rows
        ]
        return "\n".join([drawn[0], "|" + " --- |" * len(rows[0]), *drawn[1:]])

    def _inline(self, node: _Node) -> str:
        text = "".join(
            self._words(part) if isinstance(part, str) else self._mark(part) for part in node.parts
        )
        return text.replace("\n ", "\n").strip()

    def _words(self, text: str) -> str:
        text = re.sub(r"[ \t\n]+", " ", text)
        return _SPECIAL.sub(r"\\\1", text) if self.escapes else text

    def _mark(self, node: _Node) -> str:
        if node.name == "br":
            return "\n"
        if node.name == "a" and node.attributes.keys() <= {"href", "rel"}:
            return f"[{self._inline(node)}]({node.attributes['href']})"
        if node.name == "span" and node.attributes.get("class") == "state state--warn":
            return "[att verifiera]"
        if node.name in _MARKS and not node.attributes:
            return f"{_MARKS[node.name]}{self._inline(node)}{_MARKS[node.name]}"
        raise _NotSaid


def _mark(node: _Node, number: int) -> str:
    if node.name == "ul":
        return "- "
    if node.attributes.get("type") == "a":
        return f"{_LETTERS[(number - 1) % 26]}) "
    return f"{number}. "


def _rule(_node: _Node) -> str:
    return "---"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
