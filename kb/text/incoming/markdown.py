"""Markdown as an import format: to safe HTML, with callouts and the label "Att verifiera".

See docs/content-format.md. A callout is a block quote that begins with a mark, `> [!lagkrav] …`.
"""

import re
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from kb.errors import Invalid
from kb.text.incoming.dialect import ordinary
from kb.text.incoming.lines import to_markdown
from kb.text.sanitize import clean


class Callout(NamedTuple):
    """A box in the text: its class and the word that says what it is."""

    css: str
    word: str
    quotes: bool = False


CALLOUTS: dict[str, Callout] = {
    "bra-att-veta": Callout("callout callout--info", "Bra att veta"),
    "varning": Callout("callout callout--warn", "Varning"),
    "lagkrav": Callout("callout callout--law", "Lagkrav"),
    "citat": Callout("callout callout--story", "Citat", quotes=True),
}
VERIFY_LABEL = '<span class="state state--warn">Att verifiera</span>'

MAX_CHARACTERS = 100_000

_MARK = re.compile(r"\[!([a-zåäö]+(?:[ -][a-zåäö]+){0,3})\][ \t]*\n?", re.I)
_VERIFY = re.compile(r"\[att verifiera\](?!\()", re.I)


def to_html(markdown: str) -> str:
    """Safe HTML of Markdown or plain text; HTML in it is cleaned like any other.

    Raises `kb.errors.Invalid("body", …)` beyond 100 000 characters or the limits of `clean()`.
    """
    return clean(rendered(markdown))


def rendered(markdown: str, *, keeps_lines: bool = False) -> str:
    """HTML that is not clean yet, of Markdown or plain text. With `keeps_lines` each line end is one on the page.

    Raises `kb.errors.Invalid("body", …)` beyond 100 000 characters.
    """
    if len(markdown) > MAX_CHARACTERS:
        raise Invalid("body", "Texten är för lång. Dela upp den i flera texter.")
    return str((_BY_LINE if keeps_lines else _PARSER).render(to_markdown(markdown)))


def _boxes(state: StateCore) -> None:
    """Turn marked block quotes into `<aside class="callout …">` with their word first."""
    open_quotes: list[Callout | None] = []
    tokens: list[Token] = []
    for place, token in enumerate(state.tokens):
        if token.type == "blockquote_open":
            callout = _marked(state.tokens, place)
            open_quotes.append(callout)
            tokens += _opening(token, callout) if callout else [token]
        elif token.type == "blockquote_close":
            callout = open_quotes.pop()
            tokens += _closing(token, callout) if callout else [token]
        else:
            tokens.append(token)
    state.tokens = _without_empty_paragraphs(tokens)


def _marked(tokens: list[Token], place: int) -> Callout | None:
    """The callout that the block quote at `place` is; its mark is taken out of the text."""
    first = tokens[place + 2] if len(tokens) > place + 2 else None
    found = _MARK.match(first.content) if first and first.type == "inline" else None
    callout = CALLOUTS.get("-".join(found[1].lower().split())) if found else None
    if first and found and callout:
        first.content = first.content[found.end() :]
        first.meta["marked"] = True
    return callout


def _opening(token: Token, callout: Callout) -> list[Token]:
    box = Token("callout_open", "aside", 1, block=True, attrs={"class": callout.css})
    word = Token("html_block", "", 0, content=f'<p class="callout__word">{callout.word}</p>\n', block=True)
    return [box, word, token] if callout.quotes else [box, word]


def _closing(token: Token, callout: Callout) -> list[Token]:
    box = Token("callout_close", "aside", -1, block=True)
    return [token, box] if callout.quotes else [box]


def _without_empty_paragraphs(tokens: list[Token]) -> list[Token]:
    """A mark on a line of its own leaves a paragraph without text."""
    kept: list[Token] = []
    skip = False
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else token
        if token.type == "paragraph_open" and following.meta.get("marked") and not following.content.strip():
            skip = True
        if not skip:
            kept.append(token)
        if token.type == "paragraph_close":
            skip = False
    return kept


def _column_headers(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")


def _verify(state: StateInline, silent: bool) -> bool:
    found = _VERIFY.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = VERIFY_LABEL
    state.pos = found.end()
    return True


def _parser(*, breaks: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "breaks": breaks}).enable(["table", "strikethrough"])
    ordinary(parser)
    parser.core.ruler.after("block", "boxes", _boxes)
    parser.core.ruler.push("column_headers", _column_headers)
    parser.inline.ruler.before("link", "verify", _verify)
    return parser


_PARSER = _parser(breaks=False)
_BY_LINE = _parser(breaks=True)
