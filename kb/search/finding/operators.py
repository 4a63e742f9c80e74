"""Operators in what somebody typed: what is left out, what is an alternative, what must be there; and what is not read.

Read before a query is understood (`kb.search.finding.query`): what comes out are ordinary queries. Swedish has hyphens
that are no minus ("barn- och ungdomsvård", "arbetsgivare och -tagare"), and frightened people write in capitals: a word
is an operator only where it stands out from the words beside it. Whoever meant the plain words is one click from them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from kb.language.words import read_words
from kb.search.finding import weights
from kb.search.finding.query import shortened
from kb.search.finding.wordlists import STOP_WORDS

_QUOTE = '"“”„«»'
_PIECE = re.compile(
    rf"(?P<sign>(?<![^\s(])[-−+](?=[^\W\d_]|[{_QUOTE}][^{_QUOTE}]*\w[^{_QUOTE}]*[{_QUOTE}]))?"
    rf"(?P<body>[{_QUOTE}][^{_QUOTE}]*[{_QUOTE}]|[^\s{_QUOTE}]+|[{_QUOTE}])"
)
_QUOTES = re.compile(f"[{_QUOTE}]")
_STAR = re.compile(r"[^\W\d_][^*]*\*|\*[^\W\d_][^*]*")  # f**n is a curse, 5*3 a sum
_EMPHASIS = re.compile(r"(?<!\S)\*\S[^*]*\*(?!\S)")
_FIELD = re.compile(
    r"(?P<name>(?:all)?in(?:url|title|text)|site|filetype|ext|url|link|related|cache|lang|language|before|after|author"
    r"|titel|title|typ|skede|ämne|amne|målgrupp|malgrupp):(?P<value>[^\s:/].*)",
    re.I,
)
_KEPT = re.compile(
    r"(?:all)?in(?:title|text)|tit[el]+|typ|skede|[äa]mne|m[åa]lgrupp", re.I
)  # what they name is a word
_NOT, _OR, _AND = frozenset({"NOT", "INTE"}), frozenset({"OR", "ELLER"}), frozenset({"AND", "OCH"})
_ENGLISH = frozenset({"OR", "AND"})  # no words of a Swedish sentence: they need not stand out
_SUSPENDED = frozenset({"och", "eller", "samt", "respektive", "resp", "och/eller", "&"})
STAR = "*"


class Alternative(NamedTuple):
    """One query among alternatives: its text; with `is_all` a text must hold every word, else the `required` ones."""

    text: str
    is_all: bool = False
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What was typed, taken apart: a text is found by any alternative, unless it holds one of `without`.

    `unread`: a star, or the name of a field ("site:"), which search does not know.
    """

    text: str
    alternatives: tuple[Alternative, ...]
    without: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    was_cut: bool = False

    @property
    def is_operated(self) -> bool:
        """Whether anything in it was read as an operator."""
        return bool(self.without or len(self.alternatives) > 1 or any(map(_demands, self.alternatives)))

    @property
    def is_only_without(self) -> bool:
        """Whether it says what is not wanted, and nothing else."""
        return bool(self.without) and not any(one.text for one in self.alternatives)

    @property
    def positive(self) -> str:
        """All that is looked for."""
        return " ".join(one.text for one in self.alternatives)


@dataclass
class _Reading:
    """What has been read so far."""

    alternatives: list[Alternative] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    required: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    is_all: bool = False
    has_stars: bool = True

    def end_alternative(self) -> None:
        text = " ".join(self.words)
        if text:
            self.alternatives.append(Alternative(text, self.is_all, tuple(self.required)))
        self.words, self.required, self.is_all = [], [], False


class _Piece(NamedTuple):
    sign: str
    body: str


def plain(text: str) -> Asked:
    """What was typed, each word as it stands."""
    shown, was_cut = shortened(text)
    return Asked(shown, (Alternative(shown),), was_cut=was_cut)


def read(text: str) -> Asked:
    """What was typed, with its operators.

    >>> asked = read("lex sarah -ivo")
    >>> asked.positive, asked.without
    ('lex sarah', ('ivo',))
    """
    shown, was_cut = shortened(text)
    pieces = _pieces(shown)
    reading = _Reading(has_stars=not _EMPHASIS.search(shown))
    place = 0
    while place < len(pieces):
        place += _read_piece(reading, pieces, place)
    reading.end_alternative()
    found = tuple(reading.alternatives)
    if not reading.without and not reading.unread and len(found) == 1 and not _demands(found[0]):
        return Asked(shown, (Alternative(shown),), was_cut=was_cut)
    if not found:
        found = (Alternative(" ".join(reading.dropped)),)
    return Asked(
        shown, found, tuple(dict.fromkeys(reading.without)), tuple(dict.fromkeys(reading.unread)), was_cut
    )


def written(asked: Asked, texts: Sequence[str]) -> str:
    """The query anew, with these texts for its alternatives."""
    parts = []
    for alternative, text in zip(asked.alternatives, texts, strict=True):
        signed = (f"+{word}" for word in alternative.required)
        parts.append(" AND ".join(_units(text)) if alternative.is_all else " ".join((text, *signed)).strip())
    return " ".join((" OR ".join(parts), *(f"-{one}" for one in asked.without))).strip()


def loosened(asked: Asked) -> list[tuple[str, str]]:
    """Queries that demand less than one which found nothing, each with what is different in words."""
    texts = [one.text for one in asked.alternatives]
    ways = []
    if _QUOTES.search("".join(texts)):
        ways.append((written(asked, list(map(_unquoted, texts))), "utan citattecken"))
    if asked.without and asked.positive:
        ways.append((written(replace(asked, without=()), texts), f"med {_listed(asked.without, 'och')}"))
    if any(map(_demands, asked.alternatives)):
        ways.append((asked.positive, "med så många av orden som går"))
    if asked.is_only_without:
        ways.append((" ".join(map(_unquoted, asked.without)), "efter det i stället"))
    return ways


def understood(asked: Asked) -> str:
    """How a query with operators was read, in words; empty for one without any."""
    if not asked.is_operated or asked.is_only_without:
        return ""
    said = " eller ".join(map(_said, asked.alternatives))
    return f"{said}, utan {_listed(asked.without, 'eller')}" if asked.without else said


def notice(asked: Asked) -> str:
    """What of a query search does not do as it was meant; empty when there is nothing."""
    if asked.is_only_without:
        return "Du har bara skrivit vad du inte vill ha med. Skriv också vad du söker."
    fields = [name for name in asked.unread if name != STAR]
    if fields:
        return (
            f"Sökningen läser inte {_listed(fields, 'eller')}. Använd filtren för skede, ämne och sorts text."
        )
    if asked.unread:
        return (
            "Du behöver ingen stjärna (*). Sökningen hittar ordets böjningar och många sammansättningar ändå."
        )
    return ""


def _said(one: Alternative) -> str:
    if one.is_all:
        return f"alla orden i ”{_unquoted(one.text)}”"
    needed = f", där {_listed(one.required, 'och')} måste finnas" if one.required else ""
    return f"”{_unquoted(one.text)}”{needed}"


def _listed(texts: Sequence[str], word: str) -> str:
    """Things in quotation marks: ”a”, ”b” och ”c”."""
    quoted = [f"”{_unquoted(text)}”" for text in texts]
    return f" {word} ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def _unquoted(text: str) -> str:
    return " ".join(_QUOTES.sub(" ", text).split())


def _pieces(text: str) -> list[_Piece]:
    """The words, signs and phrases of a text; an operator that is typed twice is one."""
    pieces = [_Piece(found["sign"] or "", found["body"]) for found in _PIECE.finditer(text)]
    return [
        piece
        for number, piece in enumerate(pieces)
        if not (number and piece.body in _OR | _AND and piece == pieces[number - 1])
    ]


def _read_piece(reading: _Reading, pieces: Sequence[_Piece], place: int) -> int:
    """Read what begins at a place; how many pieces that was."""
    sign, body = pieces[place]
    if sign:
        _read_signed(reading, pieces, place)
    elif body in _NOT and _negates(pieces, place):
        _leave_out(reading, pieces[place + 1].body)
        return 2
    elif body in _OR | _AND and _joins(pieces, place):
        _read_joint(reading, body)
    else:
        _read_word(reading, body)
    return 1


def _read_signed(reading: _Reading, pieces: Sequence[_Piece], place: int) -> None:
    """A word after a minus or a plus."""
    sign, body = pieces[place]
    if sign == "+":
        reading.required.append(body)
        reading.words.append(body)
    elif _is_suspended(pieces, place):
        _read_word(reading, body)
    else:
        _leave_out(reading, body)


def _read_joint(reading: _Reading, body: str) -> None:
    """Another alternative begins, or all of this one must be there."""
    if body in _AND:
        reading.is_all = True
    elif len(reading.alternatives) < weights.MOST_ALTERNATIVES - 1:
        reading.end_alternative()


def _leave_out(reading: _Reading, body: str) -> None:
    if len(reading.without) < weights.MOST_WITHOUT:
        reading.without.append(body.rstrip(".,;:!?)"))


def _read_word(reading: _Reading, body: str) -> None:
    """A word, or something that is an operator elsewhere."""
    named = _FIELD.fullmatch(body)
    if named:
        reading.unread.append(f"{named['name'].lower()}:")
        kept = reading.words if _KEPT.fullmatch(named["name"]) else reading.dropped
        kept.append(named["value"])
        return
    if reading.has_stars and _STAR.fullmatch(body):
        reading.unread.append(STAR)
        body = body.strip("*")
    reading.words.append(body)


def _is_suspended(pieces: Sequence[_Piece], place: int) -> bool:
    """Whether the hyphen stands for the first part of the word before: "arbetsgivare och -tagare"."""
    return place > 0 and (before := pieces[place - 1].body).lower() in _SUSPENDED and before.islower()


def _negates(pieces: Sequence[_Piece], place: int) -> bool:
    """Whether NOT or INTE leaves the next word out: in "jag vill INTE dö" it is a word of a sentence."""
    before, after = _beside(pieces, place)
    if not _is_content(after) or pieces[place + 1].sign:
        return False
    return (not before or _is_content(before)) and _stands_out(before, after)


def _joins(pieces: Sequence[_Piece], place: int) -> bool:
    """Whether OR, AND and the like stand between two things that are looked for."""
    before, after = _beside(pieces, place)
    if not read_words(before) or not read_words(after) or _is_operator(before) or _is_operator(after):
        return False
    return pieces[place].body in _ENGLISH or _stands_out(before, after)


def _beside(pieces: Sequence[_Piece], place: int) -> tuple[str, str]:
    before = pieces[place - 1].body if place else ""
    return before, pieces[place + 1].body if place + 1 < len(pieces) else ""


def _is_operator(body: str) -> bool:
    return body in _OR | _AND


def _is_content(body: str) -> bool:
    """Whether it has a word that says something by itself."""
    return any(word not in STOP_WORDS for word in read_words(body))


def _stands_out(before: str, after: str) -> bool:
    """Whether capitals between these say something: not where everything is in capitals."""
    return any(body and not body.isupper() for body in (before, after))


def _demands(one: Alternative) -> bool:
    return one.is_all or bool(one.required)


def _units(text: str) -> Iterator[str]:
    """The words and phrases of a text."""
    return (found[0] for found in _PIECE.finditer(text))
