"""Reading content files: a folder of Markdown and YAML, or JSON lines, one record at a time with its place."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kb.errors import Invalid

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SUFFIXES = {".md", ".yaml", ".yml", ".jsonl"}


@dataclass(frozen=True)
class Record:
    """One record: `place` says file and line, `file` the bare file name; `error` instead of data when unreadable."""

    place: str
    file: str
    data: dict[str, Any] | None = None
    error: str = ""


def read_records(path: Path) -> list[Record]:
    """All records below `path`. Raises `Invalid` when there is nothing to read there."""
    files = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES) if path.is_dir() else [path]
    if not path.exists():
        raise Invalid("path", f"{path} finns inte.")
    if not files or any(file.suffix not in SUFFIXES for file in files):
        raise Invalid("path", f"{path} innehåller inga filer av typen .md, .yaml eller .jsonl.")
    return [record for file in files for record in _read(file)]


def _read(file: Path) -> Iterator[Record]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        yield Record(str(file), file.name, error=f"Filen går inte att läsa som text (UTF-8): {error}")
        return
    if file.suffix == ".jsonl":
        yield from _json_lines(file, text)
    elif file.suffix == ".md":
        yield _front_matter(file, text)
    else:
        yield from _yaml(file, text)


def _json_lines(file: Path, text: str) -> Iterator[Record]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{file}:{number}"
        try:
            data = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Record(place, file.name, error=f"Raden är inte giltig JSON: {error}")
            continue
        yield _mapping(place, file.name, data)


def _yaml(file: Path, text: str) -> Iterator[Record]:
    try:
        data = yaml.load(text, Loader=LOADER)  # noqa: S506  (a safe loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        yield Record(str(file), file.name, error=f"Filen är inte giltig YAML: {_one_line(error)}")
        return
    for entry in data if isinstance(data, list) else [data]:
        yield _mapping(str(file), file.name, entry, slug=file.stem if not isinstance(data, list) else "")


def _front_matter(file: Path, text: str) -> Record:
    head, body = _split_front_matter(text)
    if head is None:
        return Record(
            str(file), file.name, error="Filen saknar inledande uppgifter mellan två rader med ---."
        )
    try:
        data = yaml.load(head, Loader=LOADER)  # noqa: S506  (a safe loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Record(
            f"{file}:1", file.name, error=f"Uppgifterna överst är inte giltig YAML: {_one_line(error)}"
        )
    record = _mapping(str(file), file.name, data, slug=file.stem)
    if record.data is not None:
        record.data.setdefault("body", body)
    return record


def _split_front_matter(text: str) -> tuple[str | None, str]:
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return None, text
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return None, text


def _mapping(place: str, file: str, data: Any, slug: str = "") -> Record:
    if not isinstance(data, dict):
        return Record(place, file, error="Posten ska vara en uppsättning namngivna fält.")
    data = {str(key): value for key, value in data.items()}
    if slug:
        data.setdefault("slug", slug)
    return Record(place, file, data)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
