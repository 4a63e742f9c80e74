"""The binders of this machine: written whole or not at all, the newest ones kept, each with its checksum beside it."""

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb.errors import Refused, Unavailable

FOLDER = "binder"
KEPT = 3
MOST_BYTES = 20_000_000
CHECKSUM = ".sha256"
_NAME = re.compile(r"krisparm-(\d{4}-\d{2}-\d{2})\.html")


@dataclass(frozen=True)
class Stored:
    """A binder on disk. `checksum` is SHA-256 of the file, in hexadecimal digits; empty where it was not written."""

    path: Path
    day: date
    size: int
    checksum: str


def store(instance: Path, content: bytes, day: date) -> Stored:
    """Write the binder of a day and its checksum, let old ones go. Raises `Unavailable` where it cannot be written."""
    path = instance / FOLDER / f"krisparm-{day.isoformat()}.html"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        checksum = put(path, content)
        for old in _listed(instance)[KEPT:]:
            old.unlink(missing_ok=True)
            _beside(old).unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(f"Krispärmen går inte att spara: {error.strerror}. Den förra är kvar.") from error
    return Stored(path, day, len(content), checksum)


def put(path: Path, content: bytes) -> str:
    """Write a file and beside it its checksum, as `sha256sum --check` reads it; the checksum. Raises `OSError`."""
    checksum = hashlib.sha256(content).hexdigest()
    _write(path, content)
    _write(_beside(path), f"{checksum}  {path.name}\n".encode())
    return checksum


def newest(instance: Path) -> Stored | None:
    """The latest binder, if there is one."""
    for path in _listed(instance):
        try:
            size, words = path.stat().st_size, _checksum_of(path)
        except OSError:  # let go meanwhile
            continue
        return Stored(path, _day(path), size, words)
    return None


def is_whole(path: Path) -> bool:
    """Whether a file is what its checksum says. Raises `Refused` where either cannot be read."""
    try:
        checksum, content = _checksum_of(path), path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} går inte att läsa: {error.strerror}.") from error
    if not checksum:
        raise Refused(f"Det finns ingen kontrollsumma bredvid {path}.")
    return hashlib.sha256(content).hexdigest() == checksum


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the machine stops in between."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + CHECKSUM)


def _checksum_of(path: Path) -> str:
    beside = _beside(path)
    words = beside.read_text(encoding="utf-8", errors="replace").split() if beside.exists() else []
    return words[0] if words else ""


def _listed(instance: Path) -> list[Path]:
    """The binders, newest first."""
    folder = instance / FOLDER
    found = [path for path in folder.glob("krisparm-*.html") if _NAME.fullmatch(path.name)]
    return sorted(found, reverse=True)


def _day(path: Path) -> date:
    match = _NAME.fullmatch(path.name)
    assert match
    return date.fromisoformat(match[1])
