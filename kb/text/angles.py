"""Words in angle brackets: `<namn>` is text that somebody typed, `<b>` is HTML. What is no tag stays visible."""

import re
from dataclasses import dataclass, field
from functools import cached_property


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Elements that a parser closes by itself.
_STRUCTURE = _names(
    """
    html head body p div section article aside header footer main nav ul ol li dl dt dd table caption colgroup
    thead tbody tfoot tr td th h1 h2 h3 h4 h5 h6 blockquote figure figcaption pre address center fieldset hgroup
    search
    """
)
# Elements with an end tag: without one a word in brackets is a word (`<var>`, `<meter>`, `<del>` are Swedish too).
_PAIRED = _names(
    """
    a abbr acronym applet audio b bdi bdo big blink button canvas cite code data datalist del details dfn dialog
    dir em font form frameset i iframe ins kbd label legend map mark marquee math menu meter nobr noembed
    noframes noscript object optgroup option output picture plaintext progress q rb rp rt rtc ruby s samp script
    select slot small span strike strong style sub summary sup svg template textarea time title tt u var video
    xml xmp g path rect circle line polyline polygon text tspan defs use mi mo mn mrow msup msub mfrac
    """
)
_VOID = _names(
    """
    area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr
    """
)
_BARE = frozenset({"br", "hr", "wbr"})
KNOWN = _STRUCTURE | _PAIRED | _VOID
_ALONE = _names(
    """
    allowfullscreen async autofocus autoplay checked compact controls default defer disabled formnovalidate
    hidden inert ismap loop multiple muted nohref noresize noshade novalidate nowrap open playsinline readonly
    required reversed selected
    """
)
_OFFICE = re.compile(r"(?:[amopuvwx]|wp|pic|st\d|ns\d|xml|dt):", re.I)
_START = re.compile(r"<(?:(/?)([a-zA-Z][^\s/<>]*)|[/!?])")
_END = re.compile(r"</([a-zA-Z][^\s/<>]*)")
_LONGEST_VALUE = 2_000  # of an attribute that holds a "<" as it is
_AFTER = re.compile(r"[<>]")
_DECLARATION = re.compile(r"<!doctype\b|<!\[(?:if|endif)\b|<!\[endif\]|<\?xml\b", re.I)


@dataclass
class Brackets:
    """The angle brackets of one text."""

    source: str
    _last: int = field(init=False)
    _last_remark: int = field(init=False)

    def __post_init__(self) -> None:
        self._last, self._last_remark = self.source.rfind(">"), self.source.rfind("-->")

    @cached_property
    def _ends(self) -> dict[str, int]:
        """Where each end tag stands last."""
        return {found[1].lower(): found.start() for found in _END.finditer(self.source)}

    def is_tag(self, start: int) -> bool:
        """Whether the "<" at `start` opens a tag, or something else that a parser of HTML leaves out."""
        found = _START.match(self.source, start)
        if found is None:
            return True  # a parser takes it for text itself
        if start >= self._last:
            return False
        if found[2] is None:
            return self._is_remark(start)
        return self._is_element(start, found)

    def _is_remark(self, start: int) -> bool:
        if self.source.startswith("<!--", start):
            return self._last_remark > start
        return _DECLARATION.match(self.source, start) is not None

    def _is_element(self, start: int, found: re.Match[str]) -> bool:
        name = found[2].lower()
        rest = self._rest(found.end())
        if rest is None or not _are_attributes(rest):
            return False
        if name not in KNOWN:
            return self._is_foreign(name, start)
        if found[1] or name in _STRUCTURE:
            return True
        if name in _VOID:
            return name in _BARE or "=" in rest
        return self._ends.get(name, -1) > start

    def _rest(self, start: int) -> str | None:
        """What stands between the name and the end of the tag; None where there is no end before the next one."""
        end = _AFTER.search(self.source, start)
        if end is None:
            return None
        rest = self.source[start : end.start()]
        if end[0] == ">":
            return rest
        if rest.count('"') % 2 == 0 and rest.count("'") % 2 == 0:
            return None
        close = self.source.find(">", end.end(), end.end() + _LONGEST_VALUE)
        return self.source[start:close] if close >= 0 else None

    def _is_foreign(self, name: str, start: int) -> bool:
        """Names of word processors ("o:p"), and of elements of one's own that are closed again ("x-card")."""
        if _OFFICE.match(name):
            return True
        return "-" in name and name.isascii() and (self._ends.get(name, -1) > start or name in self._ends)


def _are_attributes(rest: str) -> bool:
    if "=" in rest or '"' in rest:
        return "=" in rest
    return all(word.lower() in _ALONE for word in rest.replace("/", " ").split())


def with_words_in_brackets(html: str) -> str:
    """HTML in which every "<" that opens no tag is written as text."""
    brackets = Brackets(html)
    return _START.sub(
        lambda found: found[0] if brackets.is_tag(found.start()) else "&lt;" + found[0][1:], html
    )
