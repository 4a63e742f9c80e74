"""What a record of a file may hold: the names of the table of fields, each with a value of its kind.

What cannot be read as a person means it is refused in words that say where it stands and what to write.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from kb.library.content.document import Document, Section, Step
from kb.library.content.fields import Field, Type, table
from kb.text.slugs import slugify

Path = tuple[str | int, ...]
# Names beside those of the table: the address, and one topic, phase or audience.
_ALSO = {Document: ("slug", "topic", "phase", "audience")}
# What people write for a name, beside what the form calls the field.
_SWEDISH = {
    "kritisk": "critical", "kritiskt": "critical", "titel": "title", "rubrik": "title", "sammanfattning": "summary",
    "ingress": "summary", "detalj": "detail", "varfor": "why", "roll": "role", "tid": "deadline", "nar": "deadline",
    "minuter": "minutes", "steg": "steps", "avsnitt": "sections", "kallor": "sources", "kalla": "sources",
    "amne": "topics", "amnen": "topics",
    "skede": "phases", "skeden": "phases", "fas": "phases", "malgrupp": "audiences",
    "etiketter": "labels", "agare": "owner", "ansvarig": "owner", "brodtext": "body", "lag": "statute",
    "paragraf": "section", "typ": "kind", "sort": "kind", "paus": "pause", "villkor": "condition", "adress": "slug",
    "gor": "do", "punkter": "actions", "lagrum": "provisions", "datum": "date", "utgivare": "publisher",
    "vagledning": "guidance", "kommun": "municipality", "verifiera": "verify", "lankar": "related",
}  # fmt: skip
_YES, _NO = frozenset({"ja", "sant", "true", "yes", "on"}), frozenset({"nej", "falskt", "false", "no", "off"})
_WHOLE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Fault:
    """What is wrong at a place of a record, and what to write. `may_pass` where the rest can be read without harm."""

    path: Path
    message: str
    may_pass: bool = False


def check(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The record with numbers and yes or no as such, and everything that is wrong with it."""
    reader = _Reader()
    return reader.entry(Document, data, ()), reader.faults


def place(path: Path, data: Any) -> str:
    """The place as the lint names it: numbers from 1, a step by its id."""
    shown: list[str] = []
    for part in path:
        data = data[part] if _holds(data, part) else None
        own = data.get("id") if isinstance(data, Mapping) and isinstance(part, int) else None
        shown.append(str(own) if own else str(part + 1 if isinstance(part, int) else part))
    return ".".join(shown)


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def entry(self, cls: type[Any], data: Mapping[str, Any], path: Path) -> dict[str, Any]:
        """A record, or a part of one."""
        fields = {field.name: field for field in table(cls)}
        found: dict[str, Any] = {}
        for name, value in data.items():
            here = (*path, name)
            if name in fields:
                found[name] = self._value(fields[name], value, here)
            elif name in _ALSO.get(cls, ()):
                found[name] = self._also(name, value, here)
            else:
                self._note(here, _unknown(name, fields), may_pass=cls not in (Section, Step))
        return found

    def _note(self, path: Path, message: str, *, may_pass: bool = False) -> None:
        self.faults.append(Fault(path, message, may_pass))

    def _value(self, field: Field, value: Any, path: Path) -> Any:
        if value is None:
            return None
        if field.type is Type.FLAG:
            return self._flag(value, path)
        if field.type is Type.NUMBER:
            return self._number(field, value, path)
        if field.type is Type.PARTS:
            return self._parts(field, value, path)
        if field.type is Type.WORDS:
            return self._words(value, path)
        return self._text(value, path)

    def _also(self, name: str, value: Any, path: Path) -> Any:
        if value is None:
            return None
        return self._text(value, path) if name == "slug" else self._words(value, path)

    def _flag(self, value: Any, path: Path) -> bool:
        word = str(value).strip().lower()
        if word not in _YES | _NO:
            self._note(
                path,
                f"”{_short(value)}” är varken ja eller nej. Skriv true eller false (ja eller nej går också).",
            )
        return word in _YES

    def _number(self, field: Field, value: Any, path: Path) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return value  # its size is checked with the others
        word = value.strip() if isinstance(value, str) else ""
        if not _WHOLE.fullmatch(word):
            self._note(
                path, f"”{_short(value)}” är inget heltal. Skriv bara siffror, {field.least}–{field.limit}."
            )
            return None
        return int(word)

    def _text(self, value: Any, path: Path) -> Any:
        if isinstance(value, list | dict):
            self._note(
                path,
                "Här ska en text stå, inte en lista eller flera namn med kolon. Sätt den inom citattecken.",
            )
            return None
        if isinstance(value, bool):
            self._note(path, f"”{str(value).lower()}” är ingen text. Sätt ordet inom citattecken.")
            return None
        if isinstance(value, float) and not math.isfinite(value):
            self._note(path, "Här står inget tal. Skriv en text inom citattecken.")
            return None
        return value if isinstance(value, str) else str(value)

    def _words(self, value: Any, path: Path) -> Any:
        if isinstance(value, list):
            return [self._text(entry, (*path, n)) for n, entry in enumerate(value) if entry is not None]
        return self._text(value, path)

    def _parts(self, field: Field, value: Any, path: Path) -> Any:
        if not isinstance(value, list):
            value, places = [value], [path]
        else:
            places = [(*path, number) for number in range(len(value))]
        return list(self._entries(field, value, places))

    def _entries(self, field: Field, value: list[Any], places: list[Path]) -> Iterator[Any]:
        for entry, here in zip(value, places, strict=True):
            if isinstance(entry, Mapping) and field.part is not None:
                yield self.entry(field.part, entry, here)
            elif entry is not None:
                yield self._text(entry, here)


def _holds(data: Any, part: str | int) -> bool:
    if isinstance(data, Mapping):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)


def _unknown(name: str, fields: Mapping[str, Field]) -> str:
    meant = _meant(name, fields)
    advice = f"Menade du {meant}?" if meant else f"Det som går att skriva här: {', '.join(fields)}."
    return f"{_short(name)} är inget namn som går att läsa. {advice}"


def _meant(name: str, fields: Mapping[str, Field]) -> str:
    word = slugify(name)
    called = {slugify(field.label): field.name for field in fields.values()} | _SWEDISH
    if called.get(word) in fields:
        return called[word]
    close = get_close_matches(name.lower()[:60], fields, n=1, cutoff=0.7)
    return close[0] if close else ""


def _short(value: Any) -> str:
    words = " ".join(str(value).split())
    return words if len(words) <= 60 else words[:59] + "…"
