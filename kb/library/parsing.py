"""From a record (plain data, as people write it) to a document."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from kb.errors import Invalid
from kb.library.bounds import check_characters, check_sizes
from kb.library.dates import check_days
from kb.library.document import (
    ANSWER_MAX,
    AUDIENCE_NAMES,
    BASIS_NAMES,
    CHANNEL_NAMES,
    MODE_NAMES,
    SUMMARY_MAX,
    TITLE_MAX,
    Action,
    Deadline,
    Document,
    Kind,
    Lesson,
    Phase,
    Provision,
    Section,
    Source,
    Step,
    Visibility,
)
from kb.text.characters import normal_values
from kb.text.intake import take_in
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
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LISTS = ("labels", "related", "worked", "otherwise", "questions", "check_before", "claim")
_WORDS = (
    "owner",
    "language",
    "content_warning",
    "unit",
    "municipality",
    "municipality_kind",
    "year",
    "setting",
    "led_by",
    "starts_from",
)
_DATES = ("checked_on", "valid_from", "valid_to")


def parse_record(data: Mapping[str, Any], *, topics: Mapping[str, str]) -> tuple[str, Document]:
    """Slug and document of a record. `topics` maps the slugified names and slugs that may be used → topic slug.

    Raises `Invalid` with the field and a Swedish reason for the first thing that is wrong.
    """
    check_characters(data)
    data = normal_values(dict(data))
    title = _text(data, "title")
    if not title:
        raise Invalid("title", "Titel saknas.")
    if len(title) > TITLE_MAX:
        raise Invalid("title", f"Titeln är längre än {TITLE_MAX} tecken.")
    slug = slugify(_text(data, "slug") or title)
    if not slug:
        raise Invalid("slug", "Adressen (slug) saknas.")
    values: dict[str, Any] = {
        "kind": _choice("kind", _text(data, "kind"), KIND_WORDS).value,
        "title": title,
        "summary": _paragraph(data, "summary", "Ingressen", SUMMARY_MAX),
        "topics": _choices("topics", _list(data, "topics", "topic"), topics),
        "phases": _phases(_list(data, "phases", "phase")),
        "audiences": _choices(
            "audiences", _list(data, "audiences", "audience"), {a: a for a in AUDIENCE_NAMES}
        ),
        "visibility": _choice("visibility", _text(data, "visibility") or "oppen", {v: v for v in Visibility}),
        "review_interval_months": _interval(data.get("review_interval_months")),
        "mode": _optional("mode", _text(data, "mode"), {str(m): str(m) for m in MODE_NAMES}),
        "basis": _optional("basis", _text(data, "basis"), {str(b): str(b) for b in BASIS_NAMES}),
        "channel": _optional("channel", _text(data, "channel"), {str(c): str(c) for c in CHANNEL_NAMES}),
        "text": _text(data, "text"),
        "short_answer": _paragraph(data, "short_answer", "Det korta svaret", ANSWER_MAX),
        **{name: _html(data, name) for name in ("body", "before", "during", "after", "secrecy")},
        **{name: _text(data, name) for name in _WORDS if _text(data, name)},
        **{name: _date(name, data.get(name)) for name in _DATES},
        **{name: tuple(_list(data, name)) for name in _LISTS},
        "sources": _parts(data, "sources", _source),
        "provisions": _parts(data, "provisions", _provision),
        "actions": _parts(data, "actions", _action),
        "lessons": _parts(data, "lessons", _lesson),
        "sections": _parts(data, "sections", _section),
    }
    document = Document(**values)
    _check_steps(document)
    check_sizes(document)
    check_days(document.to_dict())
    return slug, document


def to_safe_html(text: str) -> str:
    """Safe HTML of a text that is HTML or Markdown."""
    return take_in(text).html


# Parts


def _source(data: Any) -> Source:
    if isinstance(data, str):
        return Source(title=data)
    url = _text(data, "url")
    if url and not url.startswith(("https://", "http://")):
        raise Invalid("sources", f"Källans adress ska börja med https://: {url}")
    title = _text(data, "title")
    if not title:
        raise Invalid("sources", "En källa saknar titel.")
    return Source(
        title=title,
        publisher=_text(data, "publisher"),
        date=_text(data, "date"),
        url=url,
        fetched=_date("fetched", data.get("fetched")),
    )


def _provision(data: Any) -> Provision:
    found = Provision(
        statute=_text(data, "statute"),
        section=_text(data, "section"),
        short=_text(data, "short"),
        in_force_from=_date("in_force_from", data.get("in_force_from")),
        in_force_to=_date("in_force_to", data.get("in_force_to")),
        checked_on=_date("checked_on", data.get("checked_on")),
    )
    if not found.statute or not found.section:
        raise Invalid("provisions", "Ett lagrum saknar författning eller paragraf.")
    return found


def _action(data: Any) -> Action:
    if isinstance(data, str):
        return Action(do=data)
    if not _text(data, "do"):
        raise Invalid("actions", "En punkt i Gör så här saknar text (do).")
    return Action(
        do=_text(data, "do"),
        detail=_text(data, "detail"),
        why=_text(data, "why"),
        verify=_flag(data, "verify"),
    )


def _lesson(data: Any) -> Lesson:
    if isinstance(data, str):
        return Lesson(text=data)
    if not _text(data, "text"):
        raise Invalid("lessons", "En lärdom saknar text.")
    return Lesson(text=_text(data, "text"), item=_text(data, "item"), step=_text(data, "step"))


def _section(data: Any) -> Section:
    steps = data.get("steps") if isinstance(data, Mapping) else None
    if not isinstance(steps, list):
        raise Invalid("sections", "Ett avsnitt i checklistan saknar steg (steps).")
    return Section(
        title=_text(data, "title"), pause=_text(data, "pause"), steps=tuple(_step(step) for step in steps)
    )


def _step(data: Any) -> Step:
    if isinstance(data, str):
        data = {"text": data}
    text = _text(data, "text")
    if not text:
        raise Invalid("sections", "Ett steg saknar text.")
    sort = _optional("deadline_sort", _text(data, "deadline_sort"), {str(d): str(d) for d in Deadline})
    minutes = data.get("minutes")
    if minutes is not None and (not isinstance(minutes, int) or isinstance(minutes, bool) or minutes < 0):
        raise Invalid("sections", f"Minuter ska vara ett heltal från 0 i steget ”{text}”.")
    if minutes is not None and sort != Deadline.RELATIVE:
        raise Invalid("sections", f"Bara steg med deadline_sort: relativ kan ha minuter: ”{text}”.")
    return Step(
        id=_text(data, "id") or slugify(text)[:60].strip("-"),
        text=text,
        short=_text(data, "short"),
        role=_text(data, "role"),
        deadline=_text(data, "deadline"),
        deadline_sort=sort or Deadline.NONE.value,
        minutes=minutes,
        critical=_flag(data, "critical"),
        why=_text(data, "why"),
        legal=_text(data, "legal"),
        guidance=_text(data, "guidance"),
        condition=_text(data, "condition"),
        verify=_flag(data, "verify"),
    )


def _check_steps(document: Document) -> None:
    seen: set[str] = set()
    for step in document.steps():
        if not _ID.fullmatch(step.id):
            raise Invalid(
                "sections", f"Stegets id ”{step.id}” ska vara små bokstäver a–z, siffror och bindestreck."
            )
        if step.id in seen:
            raise Invalid("sections", f"Två steg har samma id, ”{step.id}”.")
        seen.add(step.id)


# Values


def _parts(data: Mapping[str, Any], name: str, parse: Callable[[Any], Any]) -> tuple[Any, ...]:
    value = data.get(name) or ()
    if not isinstance(value, list | tuple):
        value = [value]
    for entry in value:
        if not isinstance(entry, str | Mapping):
            raise Invalid(name, f"Fältet {name} har ett värde som inte går att läsa.")
    return tuple(parse(entry) for entry in value)


def _text(data: Any, name: str) -> str:
    value = data.get(name) if isinstance(data, Mapping) else None
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list | dict):
        raise Invalid(name, f"Fältet {name} ska vara text.")
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return text.strip()


def _paragraph(data: Mapping[str, Any], name: str, words: str, most: int) -> str:
    text = " ".join(_text(data, name).split())
    if len(text) > most:
        raise Invalid(name, f"{words} är {len(text)} tecken, högst {most} går.")
    return text


def _html(data: Mapping[str, Any], name: str) -> str:
    return to_safe_html(_text(data, name))


def _flag(data: Any, name: str) -> bool:
    return isinstance(data, Mapping) and data.get(name) is True


def _list(data: Mapping[str, Any], name: str, singular: str = "") -> list[str]:
    value = data.get(name)
    if value is None and singular:
        value = data.get(singular)
    if value is None:
        return []
    if isinstance(value, str):
        value = re.split(r"[,;|]", value) if singular else [value]
    if not isinstance(value, list | tuple) or any(isinstance(entry, list | dict) for entry in value):
        raise Invalid(name, f"Fältet {name} ska vara en lista.")
    return [str(entry).strip() for entry in value if entry is not None and str(entry).strip()]


def _choice(name: str, value: str, allowed: Mapping[str, Any]) -> Any:
    found = allowed.get(slugify(value)) if value else None
    if found is None:
        words = ", ".join(sorted({str(word) for word in allowed}))
        raise Invalid(
            name, f"Fältet {name} saknas." if not value else f"”{value}” går inte i {name}. Välj: {words}."
        )
    return found


def _optional(name: str, value: str, allowed: Mapping[str, str]) -> str:
    return str(_choice(name, value, allowed)) if value else ""


def _choices(name: str, values: list[str], allowed: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(_choice(name, value, allowed)) for value in values))


def _phases(values: list[str]) -> tuple[str, ...]:
    found = _choices("phases", values, {str(phase): str(phase) for phase in Phase})
    return tuple(str(phase) for phase in Phase if phase in found)


def _interval(value: Any) -> int:
    if value is None:
        return 12
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 60:
        raise Invalid("review_interval_months", "Granskningsintervallet ska vara 1–60 månader.")
    return value


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
