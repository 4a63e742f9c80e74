"""From a document to what an edit form shows, and back; pure. The lists of a form are changed here too."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from kb.errors import Invalid
from kb.library.content.document import Deadline, Document, Kind, Lesson, Section, Step, Visibility
from kb.library.content.fields import DOCUMENT, Field, Type, field_of, names_of, table
from kb.library.content.references import read_reference
from kb.library.content.translations import settle
from kb.library.content.typed import ID, ID_LENGTH, split_words
from kb.text.incoming.written import as_written
from kb.text.slugs import slugify, unique_slug

GROUPS = names_of(Type.PARTS)
_STEP_NUMBERS = tuple(field.name for field in table(Step) if field.type is Type.NUMBER)


def form_values(document: Document) -> dict[str, Any]:
    """What the form of a document shows; a group that every text of the kind should have gets an empty entry."""
    return with_empty_entries(_shown(document), document.kind)


def _shown(holder: Any) -> dict[str, Any]:
    return {field.name: _shown_value(field, getattr(holder, field.name)) for field in table(type(holder))}


def _shown_value(field: Field, value: Any) -> Any:
    if field.type is Type.PARTS:
        return [_shown(part) for part in value]
    if field.type is Type.NUMBER:
        return "" if value is None else str(value)
    if field.type is Type.RICH:
        return as_written(value)
    if is_typed_list(field):
        return ("\n" if field.separator == "\n" else f"{field.separator} ").join(value)
    return value


def is_typed_list(field: Field) -> bool:
    """Whether its words are typed in one box; the others are ticked."""
    return field.type is Type.WORDS and not field.names and field.refers != "topic"


def with_empty_entries(values: dict[str, Any], kind: str) -> dict[str, Any]:
    """The values with a first entry to fill in where there is none."""
    wanted: dict[str, dict[str, Any]] = {"sources": {}}
    if kind == Kind.ARTICLE:
        wanted["actions"] = {}
    if kind == Kind.CHECKLIST:
        wanted["sections"] = {"steps": [{}]}
    return values | {name: [entry] for name, entry in wanted.items() if not values.get(name)}


def to_document(kind: str, values: Mapping[str, Any], base: Document | None) -> Document:
    """The document of a valid form. What the form does not show, and the order of ticked words, stays as in `base`."""
    base = base or Document(kind=kind, title="")
    shown = [field for field in DOCUMENT if field.is_shown and field.name in values]
    found = {field.name: _typed(field, values[field.name], base) for field in shown}
    if found.get("visibility") != Visibility.UNIT:
        found["unit"] = ""
    return settle(replace(base, kind=kind, **found))


def _typed(field: Field, value: Any, base: Document) -> Any:
    if field.type is Type.PARTS:
        return _parts(field, value)
    if field.type is Type.NUMBER:
        return _number(field, value, base)
    if is_typed_list(field):
        return _typed_words(field, value or "")
    if field.type is Type.WORDS:
        return _ticked(field, value or (), base)
    return _slug(value or "") if _is_reference(field) else value or ""


def _number(field: Field, value: str, base: Document) -> Any:
    return int(value) if value else getattr(base, field.name)


def _is_reference(field: Field) -> bool:
    return field.type is Type.LINE and field.refers == "text"


def _typed_words(field: Field, value: str) -> tuple[str, ...]:
    lines = split_words(field, [value])
    return tuple(dict.fromkeys(map(_slug, lines))) if field.refers else lines


def _ticked(field: Field, value: Iterable[str], base: Document) -> tuple[str, ...]:
    before: tuple[str, ...] = getattr(base, field.name)
    return before if set(value) == set(before) else tuple(value)


def _parts(field: Field, value: Any) -> tuple[Any, ...]:
    return _sections(value) if field.part is Section else tuple(_part(field, e) for e in _entries(value))


def _slug(line: str) -> str:
    return read_reference(line)[0]


def _entries(values: Any) -> list[dict[str, Any]]:
    return [
        {key: value if value is not None else "" for key, value in entry.items()}
        for entry in values
        if not is_blank(entry)
    ]


def _part(field: Field, entry: dict[str, Any]) -> Any:
    return _lesson(entry) if field.part is Lesson else field.part(**entry)  # type: ignore[misc]


def _lesson(entry: dict[str, Any]) -> Lesson:
    slug, step = read_reference(entry["item"])
    return Lesson(text=entry["text"], item=slug, step=(entry["step"] or step) if slug else "")


def _sections(values: Any) -> tuple[Section, ...]:
    sections = _entries(values)
    ids = _Ids(entry.get("id", "") for section in sections for entry in _entries(section["steps"]))
    return tuple(
        Section(**{**section, "steps": tuple(_step(entry, ids) for entry in _entries(section["steps"]))})
        for section in sections
    )


def _step(entry: dict[str, Any], ids: "_Ids") -> Step:
    numbers = {name: int(entry[name]) if entry[name] else None for name in _STEP_NUMBERS}
    is_relative = entry["deadline_sort"] == Deadline.RELATIVE
    return Step(
        **{
            **entry,
            **numbers,
            "id": ids.of(entry.get("id", ""), entry["text"]),
            "guidance": _slug(entry["guidance"]),
            "minutes": numbers["minutes"] if is_relative else None,
        }
    )


class _Ids:
    """Step ids: an old one is kept, a new step gets one of its words; none stands twice."""

    def __init__(self, old: Any) -> None:
        limit = field_of(Step, "id").limit
        self.old = {step_id for step_id in old if len(step_id) <= limit and ID.fullmatch(step_id)}
        self.given: set[str] = set()

    def of(self, step_id: str, text: str) -> str:
        """The id of one step."""
        if step_id not in self.old or step_id in self.given:
            base = slugify(text)[:ID_LENGTH].strip("-")
            step_id = unique_slug(base, lambda candidate: candidate in self.old | self.given)
        self.given.add(step_id)
        return step_id


def is_blank(data: Any) -> bool:
    """Whether nothing is typed in an entry."""
    if isinstance(data, Mapping):
        passed_over = {"id", "deadline_sort", "csrf_token"}
        return all(is_blank(value) for key, value in data.items() if key not in passed_over)
    if isinstance(data, list | tuple):
        return all(is_blank(value) for value in data)
    return not data


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
