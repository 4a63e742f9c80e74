"""Safe HTML: the one way in for what people write, and the only place where text is marked as safe.

`clean()` guards against input that takes long, lets nh3 parse and clean it, guards again, and lets bleach
apply the same narrow profile (`kb.text.profile`) to what is left. Two parsers that agree are the point.
"""

import html as entities
import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

import nh3
from bleach.sanitizer import Cleaner
from markupsafe import Markup

from kb.text import limits, profile
from kb.text.angles import KNOWN
from kb.text.characters import normal

# Raise when the profile becomes stricter: rows cleaned by an older version are cleaned again at display.
CLEANER_VERSION = 1

_PROTOCOLS = frozenset({"https", "http", "mailto", "tel"})
_ROUNDS = 5
_PRE = re.compile(r"(<pre[^>]*>)\n+")  # a parser drops the first line end; without this, one at each reading


def clean(html: str) -> str:
    """Safe HTML of what a person wrote or pasted; cleaning it again changes nothing.

    Raises `kb.errors.Invalid("body", …)` when the text is longer, deeper or more formatted than the
    limits in `kb.text.limits` allow.
    """
    parsed = _parsed(limits.prepare(html))
    limits.check_parsed(parsed)
    stored = _narrowed(parsed).strip()
    limits.check_stored(stored)
    return stored


def well_formed(html: str) -> str:
    """The HTML with everything in it that a person may have meant. Only to be read: it is not safe to show or store.

    Raises `kb.errors.Invalid("body", …)` like `clean()` for what takes parsers long.
    """
    return str(_READER.clean(limits.prepare(html)))


def safe(html: str) -> Markup:
    """HTML that `clean()` gave, marked as safe for templates. Never call it with anything else."""
    return Markup(html)  # noqa: S704


def _parsed(html: str) -> str:
    """What nh3 makes of it, read again until nothing changes: leaving out elements can move others."""
    for _ in range(_ROUNDS):
        read = _PRE.sub(r"\1", normal(_NH3.clean(html)))
        if read == html or len(read) > limits.MAX_OUTPUT:
            break
        html = read
    return read


def _narrowed(html: str) -> str:
    # A cleaner of bleach holds the state of its parser: one for each call (60 µs), never shared by threads.
    cleaner = Cleaner(
        tags=profile.ACCEPTED,
        attributes=_is_kept,
        protocols=_PROTOCOLS,
        strip=True,
        strip_comments=True,
        filters=[cast(Any, _Shape)],
    )
    return str(cleaner.clean(html))


def _is_kept(element: str, name: str, value: str) -> bool:
    """bleach hands over the value as it stands in the source, with entities."""
    plain = entities.unescape(value)
    return profile.attribute(element, name, plain) == plain


class _Shape:
    """Give elements their stored names, mark outside links, leave out what has lost its meaning."""

    def __init__(self, source: Iterable[dict[str, Any]]) -> None:
        self.source = source

    def __iter__(self) -> Iterator[dict[str, Any]]:
        left_out: list[bool] = []
        for token in self.source:
            kind = token["type"]
            if kind == "StartTag":
                left_out.append(self._is_empty_wrapper(token))
                if left_out[-1]:
                    continue
            elif kind == "EndTag":
                if left_out.pop():
                    continue
            elif kind == "EmptyTag" and self._is_image_without_source(token):
                continue
            yield self._shaped(token)

    @staticmethod
    def _is_empty_wrapper(token: dict[str, Any]) -> bool:
        if token["name"] == "a":
            return (None, "href") not in token["data"]
        return token["name"] == "span" and not token["data"]

    @staticmethod
    def _is_image_without_source(token: dict[str, Any]) -> bool:
        return token["name"] == "img" and (None, "src") not in token["data"]

    @staticmethod
    def _shaped(token: dict[str, Any]) -> dict[str, Any]:
        name = token.get("name")
        if name in profile.RENAMED:
            token["name"] = profile.RENAMED[name]
        elif name == "a" and token["type"] == "StartTag":
            address = entities.unescape(token["data"][(None, "href")])
            if profile.is_outside(address):
                token["data"][(None, "rel")] = "noopener noreferrer"
        return token


_NH3 = nh3.Cleaner(
    tags=set(profile.ACCEPTED),
    clean_content_tags=set(profile.DROPPED_WITH_CONTENT),
    attributes=profile.ATTRIBUTE_NAMES,
    attribute_filter=profile.attribute,
    strip_comments=True,
    link_rel=None,
    url_schemes=set(_PROTOCOLS),
    url_relative="pass_through",
)

_CODE = frozenset({"script", "style"})
_EVERY_SCHEME = """
    http https mailto tel sms data cid file blob ftp ftps javascript vbscript webcal skype msteams onenote outlook
    about view-source feed ms-word ms-excel
"""
_READER = nh3.Cleaner(
    tags=set(KNOWN - _CODE),
    clean_content_tags=set(_CODE),
    attributes={**profile.ATTRIBUTE_NAMES, "*": {*profile.ATTRIBUTE_NAMES["*"], "style", "class"}},
    strip_comments=True,
    link_rel=None,
    url_schemes=set(_EVERY_SCHEME.split()),
    url_relative="pass_through",
)
