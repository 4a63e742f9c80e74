"""Linear guards around the parsers: what would take them seconds is refused before they see it."""

import re

from kb.errors import Invalid
from kb.text.characters import normal
from kb.text.profile import FORMATTING, VOID

MAX_INPUT = 200_000  # bytes of UTF-8
MAX_INPUT_TAGS = 7_000  # start tags
MAX_INPUT_ENDS = 8_000
MAX_INPUT_AMPERSANDS = 25_000
MAX_OUTPUT = 400_000
MAX_ELEMENTS = 5_000
MAX_ENTITIES = 10_000
MAX_DEPTH = 100
MAX_LANGUAGES = 8

_START = re.compile(r"<[a-z]", re.I)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_HEAD = re.compile(r"<head(?=[\s>])", re.I)
_HEAD_END = re.compile(r"</head\s*>", re.I)
_FORMATTING = re.compile(rf"<({FORMATTING})(?=[\s/])([^>]*)>", re.I)
_NOT_BOLD = re.compile(r"font-weight:\s*(?:normal|400)", re.I)
_LANGUAGE = re.compile(r"""\slang=["']?([a-z]{2,3})(?:-[a-z0-9-]{1,20})?["'\s/]""", re.I)


def prepare(html: str) -> str:
    """HTML that the parsers read in linear time, with the same words; raises `Invalid("body", …)`."""
    html = normal(html)
    _refuse(len(html) > MAX_INPUT or len(html.encode()) > MAX_INPUT, "Texten är för lång.")
    _refuse(html.count("&") > MAX_INPUT_AMPERSANDS, "Texten har för många specialtecken.")
    _refuse(html.count("</") > MAX_INPUT_ENDS, "Texten har för mycket formatering.")
    _refuse(_more_than(_START, html, MAX_INPUT_TAGS), "Texten har för mycket formatering.")
    return _plain_formatting(_without_head(html))


def check_parsed(html: str) -> None:
    """Raise `Invalid("body", …)` when cleaned, well-formed HTML is more than bleach reads quickly."""
    _refuse(len(html) > MAX_OUTPUT, "Texten är för lång.")
    _refuse(html.count("&") > MAX_ENTITIES, "Texten har för många specialtecken.")
    elements, depth = _elements_and_depth(html)
    _refuse(elements > MAX_ELEMENTS, "Texten har för mycket formatering.")
    _refuse(depth > MAX_DEPTH, "Texten har för många nivåer av listor eller rutor i varandra.")


def check_stored(html: str) -> None:
    """Raise `Invalid("body", …)` when the result is so long that it could not be saved again."""
    _refuse(len(html) > MAX_INPUT or len(html.encode()) > MAX_INPUT, "Texten är för lång.")


def _refuse(too_much: bool, what: str) -> None:
    if too_much:
        raise Invalid("body", f"{what} Dela upp den i flera texter, eller klistra in den utan formatering.")


def _more_than(pattern: re.Pattern[str], text: str, limit: int) -> bool:
    return sum(1 for _ in pattern.finditer(text)) > limit


def _without_head(html: str) -> str:
    start = _HEAD.search(html)
    end = _HEAD_END.search(html, start.end()) if start else None
    return html[: start.start()] + html[end.end() :] if start and end else html


def _plain_formatting(html: str) -> str:
    """Formatting elements without attributes.

    The parser opens unclosed formatting elements again in each new block, at most three that are alike.
    With attributes of their own there is no such bound: 90 kB grew to 220 MB. Only `lang` stays, in few
    values. An empty comment takes the place of what is left out, so that no new tag can form.
    """
    languages: dict[str, None] = {}

    def shorter(found: re.Match[str]) -> str:
        name, rest = found[1], found[2]
        if _NOT_BOLD.search(rest):  # an editor's wrapper that looks bold and is not meant so
            return "<!---->"
        language = _LANGUAGE.search(rest + " ")
        if language is None:
            return f"<{name}>"
        code = language[1].lower()
        if len(languages) < MAX_LANGUAGES:
            languages[name.lower() + code] = None
        return f'<{name} lang="{code}">' if name.lower() + code in languages else f"<{name}>"

    end = html.rfind(">") + 1  # past the last one nothing is a tag, and each try would read to the end
    return _FORMATTING.sub(shorter, html[:end]) + html[end:]


def _elements_and_depth(html: str) -> tuple[int, int]:
    elements = depth = deepest = 0
    for found in _TAG.finditer(html):
        if found[1]:
            depth -= 1
            continue
        elements += 1
        if found[2] not in VOID:
            depth += 1
            deepest = max(deepest, depth)
    return elements, deepest
