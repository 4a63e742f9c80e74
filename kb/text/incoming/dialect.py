"""How our Markdown differs from CommonMark: ordinary writing stays what it is.

A line that begins with a year is no list, "4*6*2" is no emphasis, a path keeps its backslashes, a line of hyphens
makes no heading of what stands above it, indented text is no program code, "[Datum]: i dag" defines nothing, and a
word in angle brackets is a word.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, fence, html_block
from markdown_it.rules_block import list_block as list_rule
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, html_inline
from markdown_it.token import Token

from kb.text.angles import Brackets, with_words_in_brackets

LETTERED = (
    "\ue0f0"  # begins a point that was marked with a letter; from the private area, so that nobody types it
)
_YEAR = re.compile(r"\d{4,}[.)](?:\s|$)")
_WORD = re.compile(r"\S+")
_ROOT = re.compile(r"(?:\W*[A-Za-z]:\\|\\\\[^\W_])")
_NAMED = re.compile(r"\\[^\W_]")
_NUMBER = re.compile(r"\d+")


def ordinary(parser: MarkdownIt) -> MarkdownIt:
    """Give the parser our rules."""
    parser.disable(["code", "lheading", "reference"])
    parser.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.block.ruler.at("fence", _fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.block.ruler.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.inline.ruler.at("html_inline", _html_inline)
    parser.inline.ruler.before("escape", "path", _path)
    parser.inline.ruler.before("emphasis", "star", _star)
    parser.core.ruler.push("html", _words_in_html)
    parser.core.ruler.push("numbers", _numbers)
    return parser


# Blocks


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    return not _YEAR.match(_line(state, start)) and list_rule(state, start, end, silent)


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    return not _line(state, start).startswith("~") and fence(state, start, end, silent)


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    place = state.bMarks[start] + state.tShift[start]
    if state.src[place : place + 1] != "<" or not _brackets(state).is_tag(place):
        return False
    return html_block(state, start, end, silent)


# Inside a line


def _html_inline(state: StateInline, silent: bool) -> bool:
    return _brackets(state).is_tag(state.pos) and html_inline(state, silent)


def _path(state: StateInline, silent: bool) -> bool:
    """A backslash in an address of a file is itself."""
    if state.src[state.pos] != "\\":
        return False
    paths = _kept(state, "paths", _paths)
    place = bisect_right(paths, (state.pos, len(state.src) + 1)) - 1
    end = paths[place][1] if place >= 0 else 0
    if end <= state.pos:
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def _star(state: StateInline, silent: bool) -> bool:
    """A star between letters or digits is itself: 4*6*2, kolleg*or."""
    start, source = state.pos, state.src
    if source[start] != "*":
        return False
    end = start
    while end < state.posMax and source[end] == "*":
        end += 1
    before, after = source[start - 1 : start], source[end : end + 1]
    if not (before.isalnum() and after.isalnum()):
        return False
    if end - start > 1 and not (before.isdigit() or after.isdigit()):
        return False
    if not silent:
        state.pending += source[start:end]
    state.pos = end
    return True


def _brackets(state: StateBlock | StateInline) -> Brackets:
    found: Brackets = _kept(state, "brackets", Brackets)
    return found


def _paths(source: str) -> list[tuple[int, int]]:
    """Where the addresses of files stand. One with a drive or a server may hold spaces, to its last backslash."""
    found: list[tuple[int, int]] = []
    if "\\" not in source:
        return found
    for word in _WORD.finditer(source):
        start, end = word.span()
        if "\\" not in word[0] or (found and start < found[-1][1]):
            continue
        if _ROOT.match(word[0]):
            line_end = source.find("\n", start)
            last = source.rfind("\\", start, line_end if line_end >= 0 else len(source))
            rest = _WORD.match(source, last)
            found.append((start, max(end, rest.end() if rest else 0)))
        elif _NAMED.search(word[0]):
            found.append((start, end))
    return found


def _kept(state: StateBlock | StateInline, name: str, make: Callable[[str], Any]) -> Any:
    """What is worked out of a source once, for all rules that read it."""
    known = state.env.get(name)
    if known is None or known[0] is not state.src:
        known = state.env[name] = (state.src, make(state.src))
    return known[1]


# The whole text


def _words_in_html(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "html_block":
            token.content = with_words_in_brackets(token.content)


def _numbers(state: StateCore) -> None:
    """Points keep the numbers and the letters that they were written with."""
    lists: list[tuple[Token, list[Token]]] = []
    for place, token in enumerate(state.tokens):
        if token.type == "ordered_list_open":
            lists.append((token, []))
        elif token.type == "ordered_list_close":
            _keep_numbers(*lists.pop())
        elif token.type == "list_item_open" and token.info and lists:
            lists[-1][1].append(token)
            _keep_letter(lists[-1][0], state.tokens[place + 1 : place + 3])


def _keep_numbers(opening: Token, items: list[Token]) -> None:
    written = [int(item.info) for item in items]
    if len(set(written)) == 1 and len(written) > 1:
        return  # "1. 1. 1." is a way to let them be counted
    expected = written[0] if written else 1
    for item, number in zip(items, written, strict=True):
        if number != expected:
            item.attrSet("value", str(number))
        expected = number + 1
    if opening.attrGet("type") and opening.attrGet("start") is None and written[:1] not in ([1], []):
        opening.attrSet("start", str(written[0]))


def _keep_letter(opening: Token, following: list[Token]) -> None:
    text = following[1] if len(following) > 1 and following[1].type == "inline" else None
    if text is None or not text.content.startswith(LETTERED):
        return
    opening.attrSet("type", "a")
    text.content = text.content[1:]
    if text.children and text.children[0].content.startswith(LETTERED):
        text.children[0].content = text.children[0].content[1:]
