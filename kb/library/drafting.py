"""From a document to what an edit form shows, and back; pure. The lists of a form are changed here too."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from kb.errors import Invalid
from kb.library.document import (
    PATH_WORDS,
    Action,
    Deadline,
    Document,
    Kind,
    Lesson,
    Provision,
    Section,
    Source,
    Step,
)
from kb.text.slugs import slugify, unique_slug
from kb.text.written import as_written

GROUPS = ("actions", "sources", "provisions", "lessons", "sections")
LINES = ("worked", "otherwise", "questions", "related", "check_before", "claim")
HTML = ("body", "before", "during", "after", "secrecy")
_TEXTS = (
    "title",
    "summary",
    "owner",
    "content_warning",
    "municipality",
    "municipality_kind",
    "year",
    "setting",
    "basis",
    "mode",
    "led_by",
    "starts_from",
    "channel",
    "text",
    "short_answer",
    "checked_on",
    "valid_from",
    "valid_to",
    "visibility",
    *HTML,
)
_OWN_ADDRESS = re.compile(
    rf"(?:https?://[^/\s]+)?/(?:{PATH_WORDS})/([a-z0-9-]+)/?(?:\?[^#]*)?(?:#steg-([a-z0-9-]+))?(?:#.*)?"
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ID_LENGTH = 60


def form_values(document: Document) -> dict[str, Any]:
    """What the form of a document shows; a group that every text of the kind should have gets an empty entry."""
    values = asdict(document)
    values["labels"] = ", ".join(document.labels)
    values["review_interval_months"] = str(document.review_interval_months)
    for name in LINES:
        values[name] = "\n".join(getattr(document, name))
    for name in HTML:
        values[name] = as_written(getattr(document, name))
    for name in GROUPS:
        values[name] = [dict(entry) for entry in values[name]]
    for section in values["sections"]:
        section["steps"] = [_shown_step(step) for step in section["steps"]]
    return with_empty_entries(values, document.kind)


def with_empty_entries(values: dict[str, Any], kind: str) -> dict[str, Any]:
    """The values with a first entry to fill in where there is none."""
    wanted: dict[str, dict[str, Any]] = {"sources": {}}
    if kind == Kind.ARTICLE:
        wanted["actions"] = {}
    if kind == Kind.CHECKLIST:
        wanted["sections"] = {"steps": [{}]}
    return values | {name: [entry] for name, entry in wanted.items() if not values.get(name)}


def _shown_step(step: Mapping[str, Any]) -> dict[str, Any]:
    return {**step, "minutes": "" if step["minutes"] is None else str(step["minutes"])}


def to_document(kind: str, values: Mapping[str, Any], base: Document | None) -> Document:
    """The document of a valid form. What the form does not show, and the order of ticked words, stays as in `base`."""
    base = base or Document(kind=kind, title="")
    found: dict[str, Any] = {name: values[name] or "" for name in _TEXTS if name in values}
    found["review_interval_months"] = int(values.get("review_interval_months") or 12)
    found["unit"] = values.get("unit", "") if found.get("visibility") == "enhet" else ""
    found["labels"] = tuple(
        dict.fromkeys(w.strip() for w in (values.get("labels") or "").split(",") if w.strip())
    )
    for name in ("topics", "phases", "audiences"):
        found[name] = _in_order(values.get(name) or (), getattr(base, name))
    for name in LINES:
        found[name] = tuple(lines_of(values.get(name)))
    found["related"] = tuple(dict.fromkeys(read_reference(line)[0] for line in found["related"]))
    found |= {name: parse(values) for name, parse in _PARTS.items() if name in values}
    return replace(base, kind=kind, **found)


def _in_order(ticked: Any, before: tuple[str, ...]) -> tuple[str, ...]:
    if set(ticked) == set(before):
        return before
    return tuple(ticked)


def _entries(values: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [
        {key: value if value is not None else "" for key, value in entry.items()}
        for entry in values[name]
        if not is_blank(entry)
    ]


def _actions(values: Mapping[str, Any]) -> tuple[Action, ...]:
    return tuple(Action(**entry) for entry in _entries(values, "actions"))


def _sources(values: Mapping[str, Any]) -> tuple[Source, ...]:
    return tuple(Source(**entry) for entry in _entries(values, "sources"))


def _provisions(values: Mapping[str, Any]) -> tuple[Provision, ...]:
    return tuple(Provision(**entry) for entry in _entries(values, "provisions"))


def _lessons(values: Mapping[str, Any]) -> tuple[Lesson, ...]:
    return tuple(_lesson(entry) for entry in _entries(values, "lessons"))


def _lesson(entry: dict[str, Any]) -> Lesson:
    slug, step = read_reference(entry["item"])
    return Lesson(text=entry["text"], item=slug, step=(entry["step"] or step) if slug else "")


def _sections(values: Mapping[str, Any]) -> tuple[Section, ...]:
    sections = _entries(values, "sections")
    ids = _Ids(entry.get("id", "") for section in sections for entry in _entries(section, "steps"))
    return tuple(
        Section(
            title=section["title"],
            pause=section["pause"],
            steps=tuple(_step(entry, ids) for entry in _entries(section, "steps")),
        )
        for section in sections
    )


def _step(entry: dict[str, Any], ids: "_Ids") -> Step:
    minutes = entry["minutes"]
    is_relative = entry["deadline_sort"] == Deadline.RELATIVE
    return Step(
        **{
            **entry,
            "id": ids.of(entry.get("id", ""), entry["text"]),
            "guidance": read_reference(entry["guidance"])[0],
            "minutes": int(minutes) if minutes and is_relative else None,
        }
    )


class _Ids:
    """Step ids: an old one is kept, a new step gets one of its words; none stands twice."""

    def __init__(self, old: Any) -> None:
        self.old = {step_id for step_id in old if _ID.fullmatch(step_id)}
        self.given: set[str] = set()

    def of(self, step_id: str, text: str) -> str:
        """The id of one step."""
        if step_id not in self.old or step_id in self.given:
            base = slugify(text)[:_ID_LENGTH].strip("-")
            step_id = unique_slug(base, lambda candidate: candidate in self.old | self.given)
        self.given.add(step_id)
        return step_id


_PARTS = {
    "actions": _actions,
    "sources": _sources,
    "provisions": _provisions,
    "lessons": _lessons,
    "sections": _sections,
}


def is_blank(data: Any) -> bool:
    """Whether nothing is typed in an entry."""
    if isinstance(data, Mapping):
        passed_over = {"id", "deadline_sort", "csrf_token"}
        return all(is_blank(value) for key, value in data.items() if key not in passed_over)
    if isinstance(data, list | tuple):
        return all(is_blank(value) for value in data)
    return not data


def read_reference(typed: str) -> tuple[str, str]:
    """(slug, step) of a slug or an address on this site; a slug of "" when it is neither."""
    found = _OWN_ADDRESS.fullmatch(typed)
    if found:
        return found[1], found[2] or ""
    return (typed if _SLUG.fullmatch(typed) else ""), ""


def lines_of(text: str | None) -> list[str]:
    """The lines that hold something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


# The lists of a form


def change_list(values: dict[str, Any], operation: str) -> None:
    """Add, remove or move an entry of a group in the values of a form.

    `operation` is "actions.add", "sources.2.remove", "sections.0.steps.3.up". Raises `Invalid` for anything else.
    """
    *path, verb = operation.split(".")
    try:
        if verb == "add":
            _list_at(values, path).append({"steps": [{}]} if path == ["sections"] else {})
        else:
            entries, place = _list_at(values, path[:-1]), int(path[-1])
            _VERBS[verb](entries, range(len(entries))[place])
    except (KeyError, IndexError, ValueError, TypeError):
        raise Invalid("op", "Knappen går inte att använda här.") from None


def _list_at(values: dict[str, Any], path: list[str]) -> list[Any]:
    if not path or path[0] not in GROUPS:
        raise KeyError
    found: Any = values
    for part in path:
        found = found[int(part)] if isinstance(found, list) else found[part]
    if not isinstance(found, list):
        raise TypeError
    return found


def _remove(entries: list[Any], place: int) -> None:
    del entries[place]


def _up(entries: list[Any], place: int) -> None:
    _swap(entries, place, max(place - 1, 0))


def _down(entries: list[Any], place: int) -> None:
    _swap(entries, place, min(place + 1, len(entries) - 1))


def _swap(entries: list[Any], place: int, other: int) -> None:
    entries[place], entries[other] = entries[other], entries[place]


_VERBS: dict[str, Callable[[list[Any], int], None]] = {"remove": _remove, "up": _up, "down": _down}
