"""The binders of this machine: written whole or not at all, the newest ones kept, each with its checksum beside it.

One that is not what its checksum says (damaged, or the machine stopped between the two files) counts as none, and so
does one of a day to come, which a wrong clock has made.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb import clock
from kb.errors import Refused, Unavailable
from kb.locks import file_lock

FOLDER = "binder"
KEPT = 3
MOST_BYTES = 20_000_000
CHECKSUM = ".sha256"
_HALF = ".krisparm-"
_NAME = re.compile(r"krisparm-(\d{4}-\d{2}-\d{2})\.html")


@dataclass(frozen=True)
class Stored:
    """A binder on disk. `checksum` is SHA-256 of the file, in hexadecimal digits."""

    path: Path
    day: date
    content: bytes
    checksum: str

    @property
    def size(self) -> int:
        """How large it is, in bytes."""
        return len(self.content)


def store(instance: Path, content: bytes, day: date) -> Stored:
    """Write the binder of a day and its checksum, let old ones go. Raises `Unavailable` where it cannot be written."""
    path = instance / FOLDER / f"krisparm-{day.isoformat()}.html"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with file_lock(instance / f"{FOLDER}.lock"):
            for half in path.parent.glob(f"{_HALF}*"):  # of a process that was stopped
                half.unlink(missing_ok=True)
            checksum = put(path, content)
            _let_go(instance, day)
    except OSError as error:
        raise Unavailable(f"Krispärmen går inte att spara: {error.strerror}. Den förra är kvar.") from error
    return Stored(path, day, content, checksum)


def _let_go(instance: Path, day: date) -> None:
    """Take away what is too old, and what is of a day to come."""
    found = _listed(instance)
    ahead = [path for path in found if _day(path) > day]
    for old in (*ahead, *found[len(ahead) + KEPT :]):
        old.unlink(missing_ok=True)
        _beside(old).unlink(missing_ok=True)


def put(path: Path, content: bytes) -> str:
    """Write a file and beside it its checksum, as `sha256sum --check` reads it; the checksum. Raises `OSError`."""
    checksum = hashlib.sha256(content).hexdigest()
    _write(path, content)
    _write(_beside(path), f"{checksum}  {path.name}\n".encode())
    return checksum


def newest(instance: Path) -> Stored | None:
    """The latest binder that is whole, if there is one."""
    today = clock.today()
    for path in _listed(instance):
        try:
            checksum, content = _checksum_of(path), path.read_bytes()
        except OSError:  # let go meanwhile, or not to be read
            continue
        if _day(path) <= today and hashlib.sha256(content).hexdigest() == checksum:
            return Stored(path, _day(path), content, checksum)
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
    return words[0].lower() if words else ""


def _listed(instance: Path) -> list[Path]:
    """The binders, newest first."""
    folder = instance / FOLDER
    found = [path for path in folder.glob("krisparm-*.html") if _NAME.fullmatch(path.name)]
    return sorted(found, reverse=True)


def _day(path: Path) -> date:
    match = _NAME.fullmatch(path.name)
    assert match
    return date.fromisoformat(match[1])
