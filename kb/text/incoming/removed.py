"""What cleaning takes out of HTML, said to the person who pasted it, with the words around it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape

from kb.text.profile import ACCEPTED, BLOCKS, DROPPED_WITH_CONTENT, image_address, link_address
from kb.text.tags import Piece, pieces

_LOST = DROPPED_WITH_CONTENT - {"script", "style"}
_NAMES = {
    "audio": "ett ljud",
    "video": "en film",
    "iframe": "en inbäddad sida",
    "embed": "en inbäddad fil",
    "object": "en inbäddad fil",
    "applet": "ett inbäddat program",
    "canvas": "en ritad bild",
    "svg": "en ritad bild",
    "math": "en formel",
    "input": "ett formulärfält",
    "select": "en lista att välja i",
    "button": "en knapp",
    "map": "en klickbar bild",
}
# Looks that say something: what a person may have chosen to tell things apart by. The rest is where and in what
# letters a word processor prints them.
_TELLING = """
    color background background-color font-weight font-style text-decoration text-decoration-line
"""
_ORDINARY = """
    normal 400 none initial inherit transparent white black windowtext #fff #ffffff #000 #000000
    rgb(255,255,255) rgb(0,0,0) rgba(0,0,0,0) currentcolor auto
"""
_STYLE = re.compile(r"<(/?)style\b", re.I)
_MACHINE = re.compile(r"\s*(?:\[(?:if|endif)\b|(?:Start|End)Fragment\b|$)")
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,500})</title", re.I)
_CONTEXT = 3
_LONGEST = 200
MOST = 8


def removed(html: str, read: str) -> list[str]:
    """Swedish sentences on what `clean()` takes out of `html`; `read` is the same as `well_formed()` gave it."""
    reader = _Reader()
    for piece in pieces(read):
        reader.take(piece)
    found = [*reader.sentences(), *_outside(html)]
    said = [f"{words} ({times} gånger)" if times > 1 else words for words, times in Counter(found).items()]
    return said if len(said) <= MOST else [*said[:MOST], f"Ännu {len(said) - MOST} saker togs bort."]


def shortened(words: str, most: int = _LONGEST) -> str:
    """Words for a sentence, cut where they are many."""
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _outside(html: str) -> Iterator[str]:
    for words in _remarks(html):
        if not _MACHINE.match(words):
            yield f"En dold anmärkning togs bort: ”{shortened(words)}”."
    for found in _TITLE.finditer(html):
        yield f"Sidans titel togs bort: ”{shortened(unescape(found[1]))}”."
    if re.search(r"<script[\s>]", html, re.I):
        yield "Programkod (script) togs bort."
    unknown = dict.fromkeys(re.findall(r"<([a-z][a-z0-9]{0,30}-[a-z0-9-]{1,30})[\s>/]", html, re.I))
    for name in unknown:
        yield f"Elementet {name.lower()} är okänt och togs bort. Orden i det står kvar."


def _remarks(html: str) -> Iterator[str]:
    html = "".join(html[start:end] for start, end in _outside_styles(html))
    start = html.find("<!--")
    while start >= 0:
        end = html.find("-->", start + 4)
        if end < 0:
            return
        yield html[start + 4 : end]
        start = html.find("<!--", end)


def _outside_styles(html: str) -> Iterator[tuple[int, int]]:
    """Where the text stands that is no style sheet: those have remarks of their own."""
    place, is_open = 0, False
    for found in _STYLE.finditer(html):
        is_end = found[1] == "/"
        if not is_open and not is_end:
            yield place, found.start()
        if is_open == is_end:
            place, is_open = found.start(), not is_end
    if not is_open:
        yield place, len(html)


_Place = tuple[int, int]  # the number of words before, the number of blocks up to here


@dataclass
class _Reader:
    """Follows the text, and notes at which word something is missing."""

    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])  # at which words the blocks begin
    is_joined: bool = False  # the next text goes on where the last one ended
    notes: list[tuple[_Place, Callable[[str], str]]] = field(default_factory=list)
    styles: list[_Place] = field(default_factory=list)
    lost: list[tuple[str, list[str]]] = field(default_factory=list)  # open elements whose content is dropped
    links: list[tuple[str, int]] = field(default_factory=list)

    def take(self, piece: Piece) -> None:
        """Read one tag or text."""
        if not piece.name:
            self._text(unescape(piece.source))
        elif piece.name in _LOST:
            self._lost(piece)
        elif piece.closes:
            self._closed(piece.name)
        else:
            self._opened(piece)

    def sentences(self) -> Iterator[str]:
        """What is to be said, in order."""
        for place, sentence in self.notes:
            yield sentence(self._near(place))
        if self.styles:
            times = len(self.styles)
            places = "" if times == 1 else f" på {times} ställen, först"
            yield f"Färg eller annat utseende togs bort{places} {self._near(self.styles[0])}."

    def _text(self, text: str) -> None:
        words = text.split()
        if self.lost:
            self.lost[-1][1].extend(words)
            return
        if words and self.is_joined and self.words and not text[0].isspace():
            self.words[-1] += words.pop(0)
        self.words += words
        self.is_joined = bool(text) and not text[-1].isspace()

    def _here(self) -> _Place:
        return len(self.words), len(self.starts)

    def _near(self, where: _Place) -> str:
        """The words around a place, those of its own block where it has any."""
        place, block = where
        first, last = (
            self.starts[block - 1],
            self.starts[block] if block < len(self.starts) else len(self.words),
        )
        low, high = max(place - _CONTEXT, 0), place + _CONTEXT
        around = self.words[max(first, low) : min(last, high)] or self.words[low:high]
        return f"vid ”{shortened(' '.join(around), 90)}”" if around else "i texten"

    def _note(self, sentence: Callable[[str], str]) -> None:
        self.notes.append((self._here(), sentence))

    def _opened(self, piece: Piece) -> None:
        if piece.name in BLOCKS or piece.name == "br":
            self._break()
        if _says_something(unescape(piece.attribute("style"))):
            self.styles.append(self._here())
        if piece.name == "img":
            self._image(piece)
        elif piece.name == "a":
            self.links.append((unescape(piece.attribute("href")), len(self.words)))
        elif piece.name in _NAMES and piece.name not in ACCEPTED:
            name = _NAMES[piece.name]
            self._note(lambda near: f"Det som inte går att visa här togs bort {near}: {name}.")

    def _break(self) -> None:
        self.starts.append(len(self.words))
        self.is_joined = False

    def _closed(self, name: str) -> None:
        if name in BLOCKS:
            self._break()
        if name != "a" or not self.links:
            return
        address, start = self.links.pop()
        words = shortened(" ".join(self.words[start:]), 90)
        if address and link_address(address) is None:
            shown = shortened(address, 90)
            self._note(
                lambda _near: f"Länken från ”{words}” togs bort: det går inte att länka till ”{shown}”."
            )

    def _image(self, piece: Piece) -> None:
        if image_address(unescape(piece.attribute("src"))) is not None:
            return
        words = shortened(unescape(piece.attribute("alt")))
        name = f"Bilden ”{words}”" if words else "En bild"
        self._note(lambda near: f"{name} {near} följde inte med. Bilder går inte att klistra in.")

    def _lost(self, piece: Piece) -> None:
        if not piece.closes:
            self.lost.append((piece.name, []))
            return
        if not self.lost:
            return
        name, words = self.lost.pop()
        if self.lost:
            self.lost[-1][1].extend(words)
            return
        what = _NAMES.get(name, f"elementet {name}")
        text = shortened(" ".join(words))
        ending = f", med orden ”{text}”" if text else ""
        self._note(lambda near: f"Det som inte går att visa här togs bort {near}: {what}{ending}.")


def _says_something(style: str) -> bool:
    for part in style.lower().split(";"):
        name, _colon, value = part.partition(":")
        if name.strip() in _TELLING.split() and "".join(value.split()) not in _ORDINARY.split():
            return True
    return False
