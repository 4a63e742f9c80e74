"""Clean HTML as plain text in which everything that is no word is said in words, for comparing two versions.

A link is "‹länk›blanketten‹till /mallar/anmalan›", stress "‹fet›inte‹slut fet›"; the kind of a block is its name:
"numrerad lista från 4", "ruta Varning", "tabell › rubrikrad". What two versions do not share can so be read. Where one
part ends and its like begins is said where it is not what one expects: "ny numrerad lista", "samma punkt".
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from kb.text.incoming.markdown import CALLOUTS
from kb.text.profile import BLOCKS, VOID
from kb.text.tags import Piece, pieces

_CELLS = ("td", "th")
_BOXES = {css.rsplit("--", 1)[-1]: word for css, word, _quotes in CALLOUTS.values()} | {"warning": "Varning"}
_INLINE = {
    "a": "länk",
    "abbr": "förkortning",
    "b": "fet (b)",
    "code": "kod",
    "del": "struket (del)",
    "em": "kursiv",
    "i": "kursiv (i)",
    "img": "bild",
    "ins": "tillagt (ins)",
    "mark": "markerat",
    "q": "citat",
    "s": "struket",
    "small": "liten text",
    "strong": "fet",
    "sub": "nedsänkt",
    "sup": "upphöjt",
    "u": "understruket",
}
_BLOCK = {
    "aside": "ruta",
    "blockquote": "citat",
    "caption": "rubrik",
    "dd": "förklaring",
    "details": "utfällbart",
    "dl": "termer",
    "dt": "term",
    "figcaption": "bildtext",
    "figure": "figur",
    "h2": "rubrik nivå 2",
    "h3": "rubrik nivå 3",
    "h4": "rubrik nivå 4",
    "hr": "avdelare",
    "ol": "numrerad lista",
    "pre": "förformaterat",
    "summary": "det som syns",
    "table": "tabell",
    "tfoot": "fot",
    "ul": "punktlista",
}
_ATTRIBUTES = {
    "abbr": "kort",
    "alt": "beskrivning:",
    "colspan": "bredd",
    "datetime": "tid",
    "dir": "riktning",
    "height": "höjd",
    "lang": "språk",
    "open": "öppet",
    "reversed": "baklänges",
    "rowspan": "höjd",
    "src": "",
    "start": "från",
    "title": "betyder",
    "type": "sort",
    "value": "nummer",
    "width": "bredd",
}
# Two of a kind one after the other are another thing than one: a list counts anew.
_CONTAINERS = frozenset({"aside", "blockquote", "details", "dl", "figure", "ol", "table", "ul"})
_HOLDERS = frozenset({"dd", "li"})
_BARE = frozenset({"tbody", "td", "th", "thead", "tr"})
_PASSED_OVER = frozenset({"rel", "scope", "class"})
_ATTRIBUTE = re.compile(r' ([a-z]+)(?:="([^"]*)")?')
_SPACES = re.compile(r" {2,}")
_WHITE = re.compile(r"[ \t\n\r\f]+")  # what a browser shows as one space; others, such as a hard space, stay
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def marked_blocks(html: str) -> list[tuple[str, str]]:
    """The blocks in reading order as (what kind of block it is, "" for a paragraph; its text with all marks)."""
    reader = _Reader()
    for piece in pieces(html):
        reader.read(piece)
    reader.end()
    return reader.found


def spaced(text: str) -> str:
    """One line of plain text with the spaces that matter in it said in words."""
    bare = _escaped(text).lstrip(" \t")
    lead = text[: len(text) - len(text.lstrip(" \t"))].expandtabs(4)
    indent = f"‹indrag {len(lead)}›" if lead else ""
    named = _SPACES.sub(lambda found: f" ‹{len(found[0])} mellanslag› ", bare.replace("\t", "‹tabb›"))
    return f"{indent}{named}" if text.strip() or not text else "‹tom rad›"


def explicit(text: str) -> str:
    """The text with every sign that nobody sees, other than a plain space, by its name."""
    return "".join(_name(sign) if sign != " " and is_unseen(sign) else sign for sign in text)


def is_unseen(text: str) -> bool:
    """Whether there is nothing to see in it."""
    return all(unicodedata.category(sign) in _UNSEEN for sign in text)


def _name(sign: str) -> str:
    return f"‹{unicodedata.name(sign, f'tecken U+{ord(sign):04X}').lower()}›"


class _Open(NamedTuple):
    """An element that is not closed yet: what it is called, and its number."""

    name: str
    word: str
    number: int


@dataclass
class _Reader:
    """Collects text until a block begins or ends."""

    found: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    opened: int = 0
    before: list[_Open] = field(default_factory=list)  # the containers of the last block
    begun: set[int] = field(default_factory=set)  # items of lists that have text
    cell: int = 0  # where the open cell begins among the texts
    ends: list[str] = field(default_factory=list)  # what is said where an open inline element ends
    cells: list[str] = field(default_factory=list)  # of the open row: td, th

    def read(self, piece: Piece) -> None:
        """Take the next piece."""
        if not piece.name:
            self._text(piece.source)
        elif piece.name == "br":
            self.texts.append("‹ny rad›")
        elif piece.name in BLOCKS:
            self._leave(piece.name) if piece.closes else self._enter(piece)
        elif piece.closes:
            self.texts.append(self.ends.pop() if self.ends else "")
        else:
            self._mark(piece)

    def end(self) -> None:
        """A block is over."""
        text = _WHITE.sub(" ", "".join(self.texts)).strip(" ")
        if text:
            self._add(text)
        self.texts.clear()

    def _text(self, source: str) -> None:
        text = _escaped(unescape(source))
        if any(element.name == "pre" for element in self.open):
            text = text.replace("\n", "‹ny rad›")
            text = _SPACES.sub(lambda found: f"‹{len(found[0])} mellanslag›", text)
        self.texts.append(text)

    def _mark(self, piece: Piece) -> None:
        word = _label(piece) if piece.name == "span" else _INLINE.get(piece.name, piece.name)
        self.texts.append(f"‹{_with_attributes(word, piece)}›")
        if piece.name not in VOID:
            address = _escaped(unescape(piece.attribute("href")))
            self.ends.append(f"‹till {address}›" if piece.name == "a" else f"‹slut {word}›")

    def _enter(self, piece: Piece) -> None:
        if piece.name in _CELLS:
            self._enter_cell(piece)
        elif self.cells:  # a block in a cell: the row stays one block
            word = self._in_cell(piece.name)
            self.texts.append(f" ‹{word}› " if word else " ")
        else:
            self.end()
        word = _box(piece) if piece.name == "aside" else _BLOCK.get(piece.name, "")
        if piece.name not in VOID:
            self.opened += 1
            word = _with_attributes(word, piece) if piece.name not in _CELLS else ""
            self.open.append(_Open(piece.name, word, self.opened))
        elif not self.cells:
            self._add("‹avdelare›", word)

    def _enter_cell(self, piece: Piece) -> None:
        self.texts.append(" | " if self.cells else "")
        self.cells.append(piece.name)
        said = _with_attributes("rubrik" if piece.name == "th" else "", piece)
        self.texts.append(f"‹{said}›" if said else "")
        self.cell = len(self.texts)

    def _in_cell(self, name: str) -> str:
        if name == "li":
            return "punkt"
        is_first = not "".join(self.texts[self.cell :]).strip()
        return _BLOCK.get(name, "") or ("" if is_first or name in _BARE else "stycke")

    def _leave(self, name: str) -> None:
        if name == "tr" or not self.cells:
            self.end()
            self.cells.clear()
        elif name not in _CELLS:
            self.texts.append(" ")
        if self.open:
            self.open.pop()

    def _add(self, text: str, last: str = "") -> None:
        """A block with what it stands in."""
        words = [*self._containers(), *self._items()]
        if self.cells:
            words.append("rubrikrad" if set(self.cells) == {"th"} else "rad")
        self.found.append((" › ".join([*words, last] if last else words), text))

    def _containers(self) -> Iterator[str]:
        """What the block stands in; one that only looks like the last block's is new."""
        said = [element for element in self.open if element.word]
        is_shared = True
        for place, element in enumerate(said):
            last = self.before[place : place + 1] if is_shared else []
            is_alike = [one.word for one in last] == [element.word] and element.name in _CONTAINERS
            is_shared = is_alike and last[0].number == element.number
            yield f"ny {element.word}" if is_alike and not is_shared else element.word
        self.before = said

    def _items(self) -> Iterator[str]:
        """What is not expected of the items of lists around: text that goes on in one, a list alone in one."""
        items = [element for element in self.open if element.name in _HOLDERS]
        inner = next((e for e in reversed(self.open) if e.name in _HOLDERS | _CONTAINERS), None)
        for item in items:
            if item == inner and item.number in self.begun:
                yield "samma punkt"
            elif item != inner and item.number not in self.begun:
                yield "egen punkt"
            self.begun.add(item.number)


def _box(piece: Piece) -> str:
    kinds = [
        _BOXES[word]
        for css in piece.attribute("class").split()
        if (word := css.rsplit("--", 1)[-1]) in _BOXES
    ]
    return " ".join(("ruta", *kinds))


def _label(piece: Piece) -> str:
    classes = piece.attribute("class").split()
    return "etikett varning" if "state--warn" in classes else "etikett" if classes else "span"


def _with_attributes(word: str, piece: Piece) -> str:
    found = [word] if word else []
    for name, value in _ATTRIBUTE.findall(piece.attributes):
        if name in _PASSED_OVER or (name == "href" and piece.name == "a"):
            continue
        found.append(" ".join((_ATTRIBUTES.get(name, name), _escaped(unescape(value)))).strip())
    return " ".join(found)


def _escaped(text: str) -> str:
    return text.replace("‹", "\x00").replace("›", "‹››").replace("\x00", "‹‹›")
