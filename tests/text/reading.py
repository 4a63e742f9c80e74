"""Reads HTML with the standard library's parser, which no part of the cleaner uses, and says what is wrong."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit


def _names(words: str) -> set[str]:
    return set(words.split())


ELEMENTS = _names(
    "a abbr aside b bdi bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure "
    "h2 h3 h4 hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot "
    "th thead time tr u ul var wbr"
)
ATTRIBUTES = _names(
    "abbr alt class colspan datetime dir height href lang open rel reversed rowspan scope src start title type "
    "value width"
)
CLASSES = _names(
    "callout callout--info callout--warn callout--warning callout--law callout--story callout__word state "
    "state--warn"
)
ADDED = {
    ("h2", "id"),
    ("h3", "id"),
    ("aside", "role"),
    *(("div", name) for name in ("class", "role", "tabindex", "aria-label")),
}


class Reading(HTMLParser):
    """The elements, attributes and text of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.strange: list[str] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        self.strange += [f"<{tag}> left open" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("br", "hr", "img", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1:] == [tag]:
            self.open.pop()
        else:
            self.strange.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.strange.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.strange.append(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        self.strange.append(f"instruction {data!r}")

    def unknown_decl(self, data: str) -> None:
        self.strange.append(f"section {data!r}")

    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def count(self, tag: str, attrs: dict[str, str]) -> int:
        return sum(name == tag and attrs.items() <= found.items() for name, found in self.elements)


def dangers(html: str, shown: bool = False) -> list[str]:
    """What must not be in stored HTML: unknown elements or attributes, addresses that run or fetch.

    `shown` HTML may also hold what `kb.text.prose` adds: ids, boxes around tables, roles.
    """
    reading = Reading(html)
    found = list(reading.strange)
    for tag, attrs in reading.elements:
        if tag not in ELEMENTS:
            found.append(f"<{tag}>")
        for name, value in attrs.items():
            if shown and (tag, name) in ADDED:
                continue
            problem = _attribute_problem(tag, name, value or "")
            if problem:
                found.append(f"<{tag} {name}={value!r}>: {problem}")
    return found


def _attribute_problem(tag: str, name: str, value: str) -> str:
    if name not in ATTRIBUTES:
        return "unknown attribute"
    if name == "href":
        return "" if tag == "a" and _is_harmless(value) else "address"
    if name == "src":
        return "" if tag == "img" and re.match(r"/(media|static)/[^/\\]", value) else "fetches"
    if name == "class":
        return "" if set(value.split()) <= CLASSES else "unknown class"
    return ""


def _is_harmless(address: str) -> bool:
    """Read as a browser reads it: tabs and line ends left out, back slashes as slashes."""
    as_read = re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(33)))).replace("\\", "/")
    scheme = urlsplit(as_read).scheme.lower()
    if scheme:
        return scheme in {"https", "http", "mailto", "tel"}
    return ":" not in as_read.split("/")[0].split("#")[0] and re.match(r"/(?!/)|#", as_read) is not None
