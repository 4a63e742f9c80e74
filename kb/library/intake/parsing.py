"""From a record (plain data, as people write it) to a document."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from kb.errors import Invalid
from kb.library.content.bounds import check_characters, check_sizes
from kb.library.content.dates import check_days
from kb.library.content.document import Deadline, Document, Kind, Lesson, Section, Step, Visibility
from kb.library.content.fields import DOCUMENT, Field, Type, main_field, table
from kb.library.content.references import read_reference
from kb.library.content.translations import settle
from kb.library.content.typed import ID, ID_LENGTH, is_web_address, split_words
from kb.text.characters import normal_values
from kb.text.incoming.intake import take_in
from kb.text.incoming.tidy import block, one_line
from kb.text.incoming.wrapped import unwrapped
from kb.text.slugs import slugify

KIND_WORDS = {
    "vagledning": Kind.ARTICLE,
    "berattelse": Kind.STORY,
    "fall": Kind.STORY,
    "fallberattelse": Kind.STORY,
    "checklista": Kind.CHECKLIST,
    "mall": Kind.TEMPLATE,
    "meddelandemall": Kind.TEMPLATE,
    "pastaende": Kind.CLAIM,
}
SINGULAR = {"topics": "topic", "phases": "phase", "audiences": "audience"}


def parse_record(data: Mapping[str, Any], *, topics: Mapping[str, str]) -> tuple[str, Document]:
    """Slug and document of a record. `topics` maps the slugified names and slugs that may be used → topic slug.

    Raises `Invalid` with the field and a Swedish reason for the first thing that is wrong.
    """
    check_characters(data)
    data = normal_values(dict(data))
    title = _text(data, "title")
    if not title:
        raise Invalid("title", "Titel saknas.")
    address = _text(data, "slug")
    if address and not any(map(str.isalnum, address)):
        raise Invalid("slug", "Adressen (slug) behöver bokstäver eller siffror.")
    document = Document(**{field.name: _Reader(topics, field.name).value(field, data) for field in DOCUMENT})
    document = settle(document)
    if document.visibility != Visibility.UNIT:
        document = replace(document, unit="")
    _check_steps(document)
    _check_whole(document)
    check_sizes(document)
    check_days(document.to_dict())
    return slugify(address or title), document


def to_safe_html(text: str) -> str:
    """Safe HTML of a text that is HTML or Markdown."""
    return take_in(text).html


def _check_whole(document: Document) -> None:
    if document.visibility == Visibility.UNIT and not document.unit:
        raise Invalid("unit", "Välj vilken enhet som får läsa.")


def _check_steps(document: Document) -> None:
    seen: set[str] = set()
    for step in document.steps():
        if not ID.fullmatch(step.id):
            raise Invalid(
                "sections", f"Stegets id ”{step.id}” ska vara små bokstäver a–z, siffror och bindestreck."
            )
        if step.id in seen:
            raise Invalid("sections", f"Två steg har samma id, ”{step.id}”.")
        seen.add(step.id)


class _Reader:
    """Reads the fields of a record or of an entry in it by the table; `top` is the field that messages name."""

    def __init__(self, topics: Mapping[str, str], top: str) -> None:
        self.topics = topics
        self.top = top
        self.by_type: dict[Type, Callable[[Field, Mapping[str, Any]], Any]] = {
            Type.LINE: self.line,
            Type.BLOCK: lambda field, data: block(_text(data, field.name)),
            Type.RICH: self.rich,
            Type.DATE: lambda field, data: _date(field.name, data.get(field.name)),
            Type.NUMBER: self.number,
            Type.FLAG: lambda field, data: data.get(field.name) is True,
            Type.CHOICE: self.choice,
            Type.WORDS: self.words,
            Type.PARTS: self.parts,
        }

    def value(self, field: Field, data: Mapping[str, Any]) -> Any:
        """The value of one field. Raises `Invalid`."""
        return self.by_type[field.type](field, data)

    def line(self, field: Field, data: Mapping[str, Any]) -> str:
        text = one_line(_text(data, field.name))
        text = unwrapped(text) if field.is_web else text
        if field.is_web and text and not is_web_address(text):
            raise Invalid(self.top, f"Källans adress ska börja med https:// och vara utan mellanslag: {text}")
        if field.refers == "text":
            return _slug(text)
        return text or ("sv" if field.name == "language" else "")

    def rich(self, field: Field, data: Mapping[str, Any]) -> str:
        try:
            return to_safe_html(_text(data, field.name))
        except Invalid as error:
            raise Invalid(self.top, error.message) from None

    def number(self, field: Field, data: Mapping[str, Any]) -> int | None:
        value = data.get(field.name)
        if value is None:
            return 12 if field.name == "review_interval_months" else None
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or not field.least <= value <= field.limit:
            words = f"{field.single}: skriv ett heltal, {field.least}–{field.limit}."
            raise Invalid(self.top, words)
        return int(value)

    def choice(self, field: Field, data: Mapping[str, Any]) -> str:
        typed = _text(data, field.name)
        if field.name == "kind":
            return str(_choice(field.name, typed, KIND_WORDS))
        if field.refers or not typed:
            return typed or _NOTHING.get(field.name, "")
        return str(_choice(field.name, typed, {name: name for name in field.names}))

    def words(self, field: Field, data: Mapping[str, Any]) -> tuple[str, ...]:
        found = _list(data, field.name, SINGULAR.get(field.name, ""))
        if field.refers == "topic" or field.names:
            return self.chosen(field, found)
        if field.refers:
            return tuple(dict.fromkeys(slug for word in found if (slug := _slug(word))))
        return split_words(field, found)

    def chosen(self, field: Field, found: list[str]) -> tuple[str, ...]:
        """The words of a list to choose from, each once; phases in their own order."""
        allowed = self.topics if field.refers else {name: name for name in field.names}
        chosen = dict.fromkeys(str(_choice(field.name, word, allowed)) for word in found)
        return tuple(chosen) if field.name != "phases" else tuple(n for n in field.names if n in chosen)

    def parts(self, field: Field, data: Mapping[str, Any]) -> tuple[Any, ...]:
        value = data.get(field.name)
        if field.part is Step and not isinstance(value, list):
            raise Invalid(self.top, "Ett avsnitt i checklistan saknar steg (steps).")
        given = value if isinstance(value, list | tuple) else [value] if value else []
        for entry in given:
            if not isinstance(entry, str | Mapping):
                raise Invalid(self.top, f"Fältet {field.name} har ett värde som inte går att läsa.")
        read = [self.part(field.part, entry) for entry in given]  # type: ignore[arg-type]
        return tuple(part for part in read if part != Section(title=""))

    def part(self, cls: type[Any], entry: Any) -> Any:
        """An entry; a bare text is the field that it is known by."""
        data = {main_field(cls).name: entry} if isinstance(entry, str) else entry
        values = {field.name: self.value(field, data) for field in table(cls)}
        for field in table(cls):
            if field.required and not values[field.name]:
                raise Invalid(self.top, f"{field.label} saknas ({field.name}). {field.required}")
        part = cls(**values)
        return _FINISHED[cls](part, data) if cls in _FINISHED else part


def _finished_step(step: Step, _data: Mapping[str, Any]) -> Step:
    if step.minutes is not None and step.deadline_sort != Deadline.RELATIVE:
        raise Invalid("sections", f"Bara steg med deadline_sort: relativ kan ha minuter: ”{step.text[:80]}”.")
    return replace(step, id=step.id or slugify(step.text)[:ID_LENGTH].strip("-"))


def _finished_lesson(lesson: Lesson, data: Mapping[str, Any]) -> Lesson:
    _slug, step = read_reference(_text(data, "item"))
    return replace(lesson, step=(lesson.step or step) if lesson.item else "")


_FINISHED: dict[type[Any], Callable[[Any, Mapping[str, Any]], Any]] = {
    Step: _finished_step,
    Lesson: _finished_lesson,
}
_NOTHING = {"visibility": Visibility.OPEN.value, "deadline_sort": Deadline.NONE.value}


# Values


def _slug(typed: str) -> str:
    """The slug of another text: of its slug or address as it stands, else of the words (as its own was made)."""
    return (read_reference(typed)[0] or slugify(typed)) if typed else ""


def _text(data: Any, name: str) -> str:
    value = data.get(name) if isinstance(data, Mapping) else None
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list | dict):
        raise Invalid(name, f"Fältet {name} ska vara text.")
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return text.strip()


def _list(data: Mapping[str, Any], name: str, singular: str = "") -> list[str]:
    value = data.get(name)
    if value is None and singular:
        value = data.get(singular)
    if isinstance(value, str):
        value = re.split(r"[,;|]", value) if singular else [value]
    value = [] if value is None else value
    if not isinstance(value, list | tuple) or any(isinstance(entry, list | dict) for entry in value):
        raise Invalid(name, f"Fältet {name} ska vara en lista.")
    return list(filter(None, map(_word, value)))


def _word(entry: Any) -> str:
    return "" if entry is None else str(entry).strip()


def _choice(name: str, value: str, allowed: Mapping[str, Any]) -> Any:
    found = allowed.get(slugify(value)) if value else None
    if found is None:
        words = ", ".join(sorted({str(word) for word in allowed}))
        raise Invalid(
            name, f"Fältet {name} saknas." if not value else f"”{value}” går inte i {name}. Välj: {words}."
        )
    return found


def _date(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise Invalid(name, f"”{value}” är inget datum. Skriv som 2026-11-21.") from None
