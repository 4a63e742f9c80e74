"""Plain text of clean HTML, and what can be counted in it: words, sentences, how hard it is to read."""

import re
from collections.abc import Iterable
from html import unescape

from kb.text.profile import BLOCKS, VOID
from kb.text.tags import Piece, pieces

_LABELS = {
    "h2": "Rubrik",
    "h3": "Rubrik",
    "h4": "Rubrik",
    "li": "Punkt",
    "tr": "Tabellrad",
    "caption": "Tabell",
}
_BLOCKS = BLOCKS - VOID
_PARAGRAPH = "Stycke"
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_WORD = re.compile(r"[^\W_]+(?:[-’':.][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+[\"”’)\]]*\s+(?=[\"”’(\[–-]?\s?[A-ZÅÄÖÉ0-9])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-ZÅÄÖa-zåäö]\.|(?:[a-zåäö]{1,3}\.){2,}|kap\.|st\.|nr\.|ca\.|bl\.|dvs\.|etc\.|tel\.|jfr\.?"
    r"|prop\.|ang\.|resp\.|inkl\.|exkl\.|max\.|min\.|ev\.|s\.k\.|kl\.|mfl\.|osv\.)$",
    re.I,
)
_LONG_WORD = 7


def to_text(html: str) -> str:
    """The text of clean HTML: one line for each block, no tags, entities decoded, spaces collapsed."""
    return "\n".join(text for _, text in blocks(html))


def blocks(html: str) -> list[tuple[str, str]]:
    """The blocks of clean HTML in order as (Swedish label, text), for comparing; a table row is one block."""
    return blocks_of(pieces(html))


def blocks_of(parts: Iterable[Piece]) -> list[tuple[str, str]]:
    """As `blocks`, of HTML that was taken into pieces already, or some of them."""
    reader = _Reader()
    for piece in parts:
        reader.read(piece)
    reader.close()
    return reader.found


def words(text: str) -> list[str]:
    """The words and numbers of a plain text, without punctuation around them."""
    return _WORD.findall(text)


def paragraphs(text: str) -> list[str]:
    """The lines of a plain text that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def sentences(text: str) -> list[str]:
    """The sentences of a plain text; a line end always ends one, an abbreviation such as "kap." does not."""
    found: list[str] = []
    for line in paragraphs(text):
        start = 0
        for end in _SENTENCE_END.finditer(line):
            if not _ABBREVIATION.search(line, max(start, end.start() - 12), end.start() + 1):
                found.append(line[start : end.end()].strip())
                start = end.end()
        found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def lix(text: str) -> int:
    """The Swedish readability index: under 30 very easy, 40 ordinary, over 50 hard; 0 without words."""
    all_words = words(text)
    if not all_words:
        return 0
    long_words = sum(len(word) >= _LONG_WORD for word in all_words)
    return round(len(all_words) / len(sentences(text)) + 100 * long_words / len(all_words))


class _Reader:
    """Collects text until a block begins or ends."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.labels = [_PARAGRAPH]  # of the open blocks; a paragraph in a list item has the label of the item
        self.rows = 0

    def read(self, piece: Piece) -> None:
        if not piece.name:
            self.texts.append(piece.source)
        elif piece.name == "br":
            self._end_line()
        elif piece.name in _BLOCKS:
            self._enter_or_leave(piece)

    def close(self) -> None:
        text = _collapsed("".join(self.texts))
        if text:
            self.found.append((self.labels[-1], text))
        self.texts.clear()

    def _end_line(self) -> None:
        if self.rows:
            self.texts.append(" ")
        else:
            self.close()

    def _enter_or_leave(self, piece: Piece) -> None:
        self.rows -= piece.name == "tr" and piece.closes
        self._end_line()
        self.rows += piece.name == "tr" and not piece.closes
        if not piece.closes:
            self.labels.append(_LABELS.get(piece.name, self.labels[-1]))
        elif len(self.labels) > 1:
            self.labels.pop()


def _collapsed(source: str) -> str:
    return " ".join(_INVISIBLE.sub("", unescape(source)).split())
