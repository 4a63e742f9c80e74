"""The form of a backup: a zip with a file of JSON lines for each table, the uploads, and a signing manifest.

The same for SQLite and PostgreSQL, so that an installation can move from one to the other.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import Date, DateTime, LargeBinary, Table
from sqlalchemy.types import TypeDecorator, TypeEngine

from kb.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
TABLES = "tables/"
UPLOADS = "uploads/"
CHUNK = 1 << 20
NOT_OURS = "Filen är ingen säkerhetskopia från Rådrum, eller så är den skadad. Inget har ändrats."


@dataclass(frozen=True)
class Member:
    """One file in the archive: its digest, and for a table the number of rows."""

    sha256: str
    size: int
    rows: int | None = None


@dataclass(frozen=True)
class Manifest:
    """What the archive holds."""

    schema: str
    made_at: str
    members: dict[str, Member] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(member.rows or 0 for member in self.members.values())

    @property
    def uploads(self) -> list[str]:
        """The names of the uploaded files, below the uploads folder."""
        return [name.removeprefix(UPLOADS) for name in self.members if name.startswith(UPLOADS)]

    def to_json(self) -> str:
        """As it stands in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


class Writer:
    """Adds members to an archive and signs them as they pass."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: dict[str, Member] = {}

    def add(self, name: str, pieces: Iterator[bytes], *, counted: bool = False) -> None:
        """One member from `pieces`; `counted` says that each piece is a row."""
        digest, size, count = hashlib.sha256(), 0, 0
        with self._archive.open(name, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size, count = size + len(piece), count + 1
        self.members[name] = Member(digest.hexdigest(), size, count if counted else None)

    def finish(self, *, schema: str, made_at: datetime) -> Manifest:
        """Write the manifest, last."""
        manifest = Manifest(schema=schema, made_at=made_at.isoformat(), members=self.members)
        self._archive.writestr(MANIFEST, manifest.to_json())
        return manifest


def row_to_line(table: Table, row: Any) -> bytes:
    """A row as one line of JSON."""
    values = {column.name: row[n] for n, column in enumerate(table.columns)}
    return json.dumps(values, ensure_ascii=False, default=_plain).encode() + b"\n"


def line_to_row(table: Table, line: bytes) -> dict[str, Any]:
    """The row that a line holds. Raises `Refused` for a column that the table does not have."""
    values: dict[str, Any] = json.loads(line)
    if unknown := set(values) - set(table.columns.keys()):
        raise Refused(
            f"Säkerhetskopian passar inte: {table.name} har inget fält {', '.join(sorted(unknown))}."
        )
    return {name: _typed(table.columns[name].type, value) for name, value in values.items()}


def file_pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file, a piece at a time."""
    while piece := file.read(CHUNK):
        yield piece


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest of an archive. Raises `Refused` when there is none of ours, or a newer one."""
    try:
        found = json.loads(archive.read(MANIFEST))
        members = {name: Member(**values) for name, values in found.pop("members").items()}
        manifest = Manifest(members=members, **found)
    except (KeyError, ValueError, TypeError, AttributeError, OSError, zipfile.BadZipFile) as error:
        raise Refused(NOT_OURS) from error
    if manifest.format > FORMAT:
        raise Refused("Säkerhetskopian är gjord med en nyare version av Rådrum. Inget har ändrats.")
    return manifest


def verify(path: Path) -> Manifest:
    """Read a whole archive back: every member there, whole, with the right number of rows. Raises `Refused`."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = read_manifest(archive)
            names = set(archive.namelist()) - {MANIFEST}
            if names != set(manifest.members) or not all(map(_is_safe, names)):
                raise Refused(NOT_OURS)
            for name, member in manifest.members.items():
                if _signed(archive, name, counted=member.rows is not None) != member:
                    raise Refused(NOT_OURS)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        raise Refused(NOT_OURS) from error
    except OSError as error:
        raise Refused(f"Filen {path} går inte att läsa: {error.strerror}.") from error
    return manifest


def _signed(archive: zipfile.ZipFile, name: str, *, counted: bool) -> Member:
    digest, size, lines = hashlib.sha256(), 0, 0
    with archive.open(name) as file:
        for piece in file_pieces(file):
            digest.update(piece)
            size, lines = size + len(piece), lines + piece.count(b"\n")
    return Member(digest.hexdigest(), size, lines if counted else None)


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and name.startswith((TABLES, UPLOADS))


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"no portable form for {type(value).__name__}")


def _typed(kind: TypeEngine[Any], value: Any) -> Any:
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return value
