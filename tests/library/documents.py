"""Documents for properties: anything that a form or the loader could make."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from hypothesis import strategies as st

from kb.library.content.document import Document, Kind, Section, Step
from kb.library.content.fields import TABLES, Field, Type, table
from kb.library.content.translations import settle
from kb.text.incoming import tidy
from kb.text.sanitize import clean

TOPICS = ("desinformation", "hot", "kriskommunikation", "lex-sarah", "vald")
_LETTERS = "abåäö ÅÉß\n\t·–\u00a0\u200b\u0301𝔸🧯,;[]()<>&\"'#*_|/\\:.!?0129\u2028\u0085"
_RICH = [
    clean(html)
    for html in (
        "",
        "<p>Text.</p>",
        "<h2>Rubrik</h2><p>Mer <strong>text</strong> &amp; &lt;annat&gt;.</p>",
        '<ul><li>Ett</li><li>Två<ol start="3"><li>Inre</li></ol></li></ul>',
        '<aside class="callout callout--warn"><p>Gå inte in.</p></aside>',
        '<table><tr><th>A</th></tr><tr><td><a href="/vagledning/x">B</a></td></tr></table>',
    )
]
_SLUGS = st.sampled_from(("", "hot", "nar-en-medarbetare-hotas", "a-1"))
_DAYS = st.dates(date(1900, 1, 1), date(2026, 1, 1)).map(lambda day: day.isoformat()) | st.just("")


def texts(field: Field) -> st.SearchStrategy[str]:
    """What may stand in a text field, at most as long as its limit, in the shape in which it is stored."""
    shape = tidy.block if field.type is Type.BLOCK else tidy.one_line
    return st.text(_LETTERS, max_size=min(field.limit, 30)).map(shape) | st.text(max_size=8).map(shape)


def documents(kinds: tuple[Kind, ...] = tuple(Kind)) -> st.SearchStrategy[Document]:
    """Documents of these kinds, with the fields that the kind has."""
    return st.sampled_from(kinds).flatmap(_document)


def _document(kind: Kind) -> st.SearchStrategy[Document]:
    values = {field.name: _value(field) for field in table(Document, kind) if field.name != "kind"}
    return st.builds(Document, kind=st.just(kind.value), **values).map(_settled)


def _value(field: Field) -> st.SearchStrategy:
    if field.part is not None:
        return st.lists(_part(field.part), max_size=2).map(tuple)
    if field.refers == "text" and field.type is Type.LINE:
        return _SLUGS
    return _BY_TYPE[field.type](field)


def _line(field: Field) -> st.SearchStrategy[str]:
    if field.is_web:
        return st.sampled_from(("", "https://riksdagen.example/a?b=c#d"))
    if field.name in ("title", "language"):
        return st.sampled_from(("Text", "Ö")) if field.name == "title" else st.just("sv")
    return texts(field)


def _choice(field: Field) -> st.SearchStrategy[str]:
    fixed = {"visibility": ("oppen", "intern"), "unit": ("",), "deadline_sort": tuple(field.names)}
    return st.sampled_from(fixed.get(field.name) or ("", *field.names))


def _words(field: Field) -> st.SearchStrategy[tuple[str, ...]]:
    if field.names or field.refers == "topic":
        chosen = tuple(field.names) or TOPICS
        return st.sets(st.sampled_from(chosen)).map(lambda ticked: tuple(n for n in chosen if n in ticked))
    words = _SLUGS if field.refers else texts(field).map(lambda word: word.replace(field.separator, " "))
    kept = st.lists(words.map(tidy.one_line).filter(bool), max_size=3)
    return kept.map(
        lambda found: tuple(found if field.separator == "\n" and not field.refers else dict.fromkeys(found))
    )


_BY_TYPE = {
    Type.LINE: _line,
    Type.BLOCK: texts,
    Type.RICH: lambda field: st.sampled_from(_RICH),
    Type.DATE: lambda field: _DAYS,
    Type.NUMBER: lambda field: st.integers(field.least, field.limit) | st.just(12 if field.least else None),
    Type.FLAG: lambda field: st.booleans(),
    Type.CHOICE: _choice,
    Type.WORDS: _words,
}


def _or(something: Any, value: Any) -> Any:
    return value or something


def _part(cls: type) -> st.SearchStrategy:
    values = {field.name: _value(field) for field in TABLES[cls]}
    for field in TABLES[cls]:
        if field.required:
            something = next(iter(field.names), "Något")
            values[field.name] = values[field.name].map(partial(_or, something))
    return st.builds(cls, **values)


def _settled(document: Document) -> Document:
    """What forms and loader see to: step ids, minutes only with time from the start, dates in order, translations."""
    numbers = iter(range(1000))
    sections = tuple(
        replace(section, steps=tuple(_settled_step(step, next(numbers)) for step in section.steps))
        for section in document.sections
    )
    return replace(
        settle(document),
        **_in_order(document, "valid_from", "valid_to"),
        provisions=tuple(
            replace(law, **_in_order(law, "in_force_from", "in_force_to")) for law in document.provisions
        ),
        lessons=tuple(lesson if lesson.item else replace(lesson, step="") for lesson in document.lessons),
        sections=tuple(section for section in sections if section != Section(title="")),
    )


def _settled_step(step: Step, number: int) -> Step:
    minutes = step.minutes if step.deadline_sort == "relativ" else None
    return replace(step, id=f"steg-{number}", minutes=minutes)


def _in_order(holder: object, first: str, last: str) -> dict[str, Any]:
    days = getattr(holder, first), getattr(holder, last)
    return dict(zip((first, last), sorted(days), strict=True)) if all(days) else {}


def filled(kind: Kind) -> Document:
    """A text of the kind with something in each field that a form shows: one entry in each list, words of its own."""
    return Document(kind=kind.value, **_filled(Document, "", kind))


def _filled(cls: type, place: str, kind: str = "") -> dict[str, Any]:
    return {
        field.name: _something(field, f"{place} {field.name}".strip())
        for field in table(cls, kind)
        if field.is_shown
    }


def _something(field: Field, place: str) -> Any:
    if field.part is not None:
        return (field.part(**_filled(field.part, place)),)
    if field.name in _FIXED:
        return _FIXED[field.name]
    word = _known(field) or f"Ring om {place}."
    by_type = {
        Type.WORDS: (word,),
        Type.FLAG: True,
        Type.NUMBER: 6,
        Type.DATE: "2026-11-01",
        Type.RICH: f"<p>{word}</p>",
    }
    return by_type.get(field.type, word)


def _known(field: Field) -> str:
    if field.is_web:
        return "https://riksdagen.example/lag"
    return next(iter(field.names), "") or {"topic": "hot", "text": "hot", "step": "steg-1"}.get(
        field.refers, ""
    )


# No unit: the text is open, and not over. Minutes go with time from the start only, a section of law is written as one.
_FIXED = {
    "unit": "",
    "valid_to": "2099-12-31",
    "deadline_sort": "relativ",
    "section": "3 kap. 3 a §",
    "channel": "internt",
}
