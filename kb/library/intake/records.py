"""Reading content files: a folder of Markdown and YAML, or JSON lines, one record at a time with its place."""

import codecs
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as field_of_record
from pathlib import Path
from typing import Any

from kb.errors import Invalid
from kb.library.content.fields import Type, names_of
from kb.library.intake import schema, yamltext
from kb.text.characters import for_yaml
from kb.text.incoming.intake import take_in
from kb.text.slugs import slugify

SUFFIXES = {".md", ".yaml", ".yml", ".jsonl"}
_SAVE = "Öppna filen i det program som den skrevs i, välj Spara som, och UTF-8 som kodning."
_NO_MAPPING = "Posten ska vara en uppsättning namngivna fält."


@dataclass(frozen=True)
class Record:
    """One record: `place` says file and line, `file` the bare file name; `error` instead of data when unreadable.

    `field` is where in the record the error stands, `said` what was passed over without harm, `lines` where the names
    of the record stand in the file.
    """

    place: str
    file: str
    data: dict[str, Any] | None = None
    error: str = ""
    field: str = ""
    said: tuple[str, ...] = ()
    lines: Mapping[str, int] = field_of_record(default_factory=dict)

    def place_of(self, name: str) -> str:
        """File and line of one of its names, where it stands there."""
        return f"{self.place}:{self.lines[name]}" if name in self.lines else self.place


def said_about(record: Record) -> list[str]:
    """What a person should know about a record that was read: what does not come along of its texts."""
    found = list(record.said)
    for name in names_of(Type.RICH):
        text = (record.data or {}).get(name)
        if isinstance(text, str):
            found += [f"{name}: {sentence}" for sentence in _said(text)]
    return found


def _said(text: str) -> tuple[str, ...]:
    try:
        return take_in(text).said
    except Invalid:
        return ()


def read_records(path: Path) -> list[Record]:
    """All records below `path`. Raises `Invalid` when there is nothing to read there."""
    files = sorted(p for p in path.rglob("*") if is_content(p)) if path.is_dir() else [path]
    if not path.exists():
        raise Invalid("path", f"{path} finns inte.")
    if not files or not all(map(is_content, files)):
        raise Invalid("path", f"{path} innehåller inga filer av typen .md, .yaml eller .jsonl.")
    return _one_of_each([record for file in files for record in _read(file)])


def passed_over(path: Path) -> list[Path]:
    """The files of a folder that are not read, because they end in something else."""
    if not path.is_dir():
        return []
    return sorted(
        p for p in path.rglob("*") if p.is_file() and not is_content(p) and not p.name.startswith(".")
    )


def is_content(file: Path) -> bool:
    """Whether the name of a file ends like one of ours, in small letters or large."""
    return file.suffix.lower() in SUFFIXES


def _one_of_each(records: Sequence[Record]) -> list[Record]:
    """The records; those that would take each other's address are refused, all of them."""
    by_slug: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if address := _address(record):  # without one it is refused for that
            by_slug[slugify(address)].append(record)
    twice = {id(record): same for same in by_slug.values() if len(same) > 1 for record in same}
    return [
        _refused_twice(record, twice[id(record)]) if id(record) in twice else record for record in records
    ]


def _address(record: Record) -> str:
    """What the address of a record is made of."""
    data = record.data or {}
    return str(data.get("slug") or data.get("title") or "").strip()


def _refused_twice(record: Record, same: Sequence[Record]) -> Record:
    slug = slugify(_address(record))
    others = " och ".join(other.place for other in same if other is not record)
    words = (
        f"Adressen {slug} har också {others}. Ge filerna olika namn, eller skriv slug: med var sin adress."
    )
    return replace(record, data=None, error=words, field="slug")


def _read(file: Path) -> Iterator[Record]:
    try:
        text = _text_of(file.read_bytes())
    except OSError:
        yield Record(str(file), file.name, error="Filen går inte att öppna.", field="fil")
        return
    except Invalid as error:
        yield Record(str(file), file.name, error=error.message, field="fil")
        return
    suffix = file.suffix.lower()
    if suffix == ".jsonl":
        yield from _json_lines(file, text)
    elif suffix == ".md":
        yield _front_matter(file, text)
    else:
        yield from _yaml(file, text)


def _text_of(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in content[:200]:
        raise Invalid("fil", f"Filen är sparad som UTF-16 (”Unicode”) och inte som UTF-8. {_SAVE}")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        words = (
            f"Filen är inte sparad som UTF-8 utan troligen som Windows-1252 eller Latin-1 (se rad {line})."
        )
        raise Invalid("fil", f"{words} {_SAVE}") from None


# JSON lines


def _json_lines(file: Path, text: str) -> Iterator[Record]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{file}:{number}"
        try:
            data = json.loads(line, object_pairs_hook=_once)
        except Invalid as error:
            yield Record(place, file.name, error=error.message, field=error.field)
        except (ValueError, RecursionError) as error:
            yield Record(
                place, file.name, error=f"Raden är inte giltig JSON: {_one_line(error)}", field="fil"
            )
        else:
            yield _record(place, file.name, data, is_made_by_program=True)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Invalid(name, f"{name} står två gånger. Ta bort det ena.")
        found[name] = value
    return found


# YAML


def _yaml(file: Path, text: str) -> Iterator[Record]:
    try:
        data, lines = yamltext.read(for_yaml(text))
    except Invalid as error:
        yield _unreadable(file, error)
        return
    if not isinstance(data, list):
        yield _record(str(file), file.name, data, lines, slug=file.stem)
        return
    for place, entry in enumerate(data):
        own = {path[1:]: line for path, line in lines.items() if path[:1] == (place,)}
        yield _record(str(file), file.name, entry, own)


def _front_matter(file: Path, text: str) -> Record:
    head, body = _split_front_matter(text)
    if head is None:
        words = "Filen saknar inledande uppgifter mellan två rader med ---."
        return Record(str(file), file.name, error=words, field="fil")
    try:
        data, lines = yamltext.read("\n" + for_yaml(head))  # the numbers of lines are those of the file
    except Invalid as error:
        return _unreadable(file, error)
    if isinstance(data, dict):
        data.setdefault("body", body)
    return _record(str(file), file.name, data, lines, slug=file.stem)


def _unreadable(file: Path, error: Invalid) -> Record:
    line = error.field.removeprefix("rad ")
    place = f"{file}:{line}" if line.isdigit() else str(file)
    return Record(place, file.name, error=error.message, field="fil")


def _split_front_matter(text: str) -> tuple[str | None, str]:
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return None, text
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return None, text


# All of them


def _record(
    place: str,
    file: str,
    data: Any,
    lines: Mapping[schema.Path, int] | None = None,
    *,
    slug: str = "",
    is_made_by_program: bool = False,
) -> Record:
    """The record with its values as the schema says; programs may write names of their own beside."""
    if not isinstance(data, dict):
        return Record(place, file, error=_NO_MAPPING, field="fil")
    read, faults = schema.check(data)
    stops = [fault for fault in faults if not (is_made_by_program and fault.may_pass)]
    lines = lines or {}
    if stops:
        line = lines.get(stops[0].path)
        shown = f"{place}:{line}" if line else place
        error = " ".join(_words(stops, data, lines))
        return Record(shown, file, error=error, field=schema.place(stops[0].path, data))
    if slug:
        read["slug"] = read.get("slug") or slug
    return Record(place, file, read, said=_told(faults, data), lines=_of_fields(lines))


def _told(faults: Iterable[schema.Fault], data: Any) -> tuple[str, ...]:
    return tuple(f"{schema.place(fault.path, data)}: {fault.message}" for fault in faults)


def _of_fields(lines: Mapping[schema.Path, int]) -> dict[str, int]:
    """The lines of the record's own fields, not of what stands in its entries."""
    return {str(path[0]): line for path, line in lines.items() if len(path) == 1}


def _words(faults: Iterable[schema.Fault], data: Any, lines: Mapping[schema.Path, int]) -> Iterator[str]:
    """The first fault stands at its own place, the others say theirs."""
    for number, fault in enumerate(faults):
        line = lines.get(fault.path)
        where = f"Rad {line}, " if line else ""
        yield fault.message if not number else f"{where}{schema.place(fault.path, data)}: {fault.message}"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
