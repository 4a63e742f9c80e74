"""What stored HTML may hold: elements, attributes, classes, addresses. Tables and checks, no parsing."""

import re


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Elements that only change name on the way in, so that pasted pages keep their structure.
RENAMED = {
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
    "section": "div",
    "article": "div",
    "header": "div",
    "footer": "div",
    "main": "div",
    "nav": "div",
    "address": "div",
    "center": "div",
}

BLOCKS = _names(
    "h2 h3 h4 p div blockquote aside ul ol li dl dt dd table caption thead tbody tfoot tr th td "
    "figure figcaption details summary pre hr"
)
INLINES = _names(
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q s samp small span strong sub sup "
    "time u var wbr"
)
ELEMENTS = BLOCKS | INLINES
ACCEPTED = ELEMENTS | frozenset(RENAMED)

# Elements whose content is never text for a reader.
DROPPED_WITH_CONTENT = _names(
    "script style title head noscript template textarea iframe svg math noembed noframes xml select"
)

VOID = _names("area base br col embed hr img input link meta param source track wbr")

# Elements that the parser opens again after a block; their number decides what a page can grow to.
FORMATTING = "b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u"

CLASSES: dict[str, frozenset[str]] = {
    "aside": _names("callout callout--info callout--warn callout--warning callout--law callout--story"),
    "p": frozenset({"callout__word"}),
    "span": frozenset({"state", "state--warn"}),
}

_DIGITS = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,5}", re.ASCII)
_SPAN = re.compile(r"[1-9][0-9]?", re.ASCII)
_FLAG = re.compile(r"|open|reversed|[Tt]rue")
_WORDS = re.compile(r"[^\x00-\x1f\x7f]{0,1000}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_MOMENT = re.compile(r"[0-9T:.+Z \-]{1,40}", re.ASCII)

_ANYWHERE = {"lang": _LANGUAGE, "dir": re.compile(r"ltr|rtl|auto", re.I)}
_SIZE = {"width": _DIGITS, "height": _DIGITS}
_CELL = {"colspan": _SPAN, "rowspan": _SPAN}
_ATTRIBUTES: dict[str, dict[str, re.Pattern[str]]] = {
    "a": {"title": _WORDS},
    "abbr": {"title": _WORDS},
    "dfn": {"title": _WORDS},
    "img": {**_SIZE, "alt": _WORDS},
    "ol": {"start": _NUMBER, "type": re.compile(r"[1aAiI]"), "reversed": _FLAG},
    "li": {"value": _NUMBER},
    "td": _CELL,
    "th": {**_CELL, "scope": re.compile(r"col|row|colgroup|rowgroup", re.I), "abbr": _WORDS},
    "time": {"datetime": _MOMENT},
    "details": {"open": _FLAG},
}

ATTRIBUTE_NAMES: dict[str, set[str]] = {
    "*": {*_ANYWHERE},
    "a": {"href", "title"},
    "img": {"src", "width", "height", "alt"},
    **{name: set(names) for name, names in _ATTRIBUTES.items() if name not in ("a", "img")},
}
for _name in CLASSES:
    ATTRIBUTE_NAMES.setdefault(_name, set()).add("class")

# Whitespace, controls, backslash, quotes and angle brackets have no place in an address.
_NEVER = r"\x00-\x20\x7f-\xa0\\\"'`<>\u2028\u2029"
_OUTSIDE = re.compile(rf"https?://[^{_NEVER}/?#@:\[\]]+(?::[0-9]{{1,5}})?(?:[/?#][^{_NEVER}]*)?", re.I)
_LINK = re.compile(
    rf"(?:{_OUTSIDE.pattern}|mailto:[^{_NEVER}]+|tel:[0-9+().;=a-z%\-]+|/(?!/)[^{_NEVER}]*|#[^{_NEVER}]*)",
    re.I,
)
_IMAGE = re.compile(rf"/(?:media|static)/[^{_NEVER}?#]+(?:\?[\w=&.\-]*)?", re.ASCII)
_STEP_UP = re.compile(r"/(?:\.|%2e){1,2}(?:[/?#]|$)|//|%5c|%2f", re.I)
LONGEST_ADDRESS = 2000


def link_address(value: str) -> str | None:
    """The address of a link as it may be stored, or None: https, http, mailto, tel, own path, fragment."""
    address = value.strip().replace(" ", "%20")
    return address if len(address) <= LONGEST_ADDRESS and _LINK.fullmatch(address) else None


def image_address(value: str) -> str | None:
    """The address of an image as it may be stored, or None: only the site's own files."""
    address = value.strip().replace(" ", "%20")
    fits = len(address) <= LONGEST_ADDRESS and _IMAGE.fullmatch(address) and not _STEP_UP.search(address)
    return address if fits else None


def is_outside(address: str) -> bool:
    """Whether a stored address leads to another site."""
    return _OUTSIDE.match(address) is not None


def attribute(element: str, name: str, value: str) -> str | None:
    """The value that `name` may have on `element`, or None where the attribute must go."""
    if name == "href" and element == "a":
        return link_address(value)
    if name == "src" and element == "img":
        return image_address(value)
    if name == "class":
        return _classes(element, value)
    shape = _ATTRIBUTES.get(element, {}).get(name) or _ANYWHERE.get(name)
    if shape is None:
        return None
    kept = " ".join(value.split())
    return kept if shape.fullmatch(kept) else None


def _classes(element: str, value: str) -> str | None:
    known = CLASSES.get(element, frozenset())
    return " ".join(dict.fromkeys(word for word in value.split() if word in known)) or None
