"""The form of a backup: a zip with a file of JSON lines for each table, the uploads, and a signing manifest.

The same for SQLite and PostgreSQL, so that an installation can move from one to the other.
"""

import hashlib
import json
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from kb.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
TABLES = "tables/"
UPLOADS = "uploads/"
CHUNK = 1 << 20
MAX_MANIFEST = 16 << 20
MAX_LINE = 16 << 20  # the largest document that can be stored is some 2 MB
MAX_BYTES = 50 << 30
MAX_RATIO, ALWAYS = 200, 64 << 20  # rows of JSON shrink to a tenth; what grows more than 200 times is a bomb
NOT_OURS = "Filen är ingen säkerhetskopia från Rådrum, eller så är den skadad. Inget har ändrats."


_ODD = re.compile(r"[\x00-\x1f\x7f\\]")
_UNREADABLE = (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RecursionError, RuntimeError)


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


def file_pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file, a piece at a time."""
    while piece := file.read(CHUNK):
        yield piece


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest of an archive. Raises `Refused` when there is none of ours, or a newer one."""
    try:
        if archive.getinfo(MANIFEST).file_size > MAX_MANIFEST:
            raise ValueError(MANIFEST)
        found = json.loads(archive.read(MANIFEST))
        members = {name: Member(**values) for name, values in found.pop("members").items()}
        manifest = Manifest(members=members, **found)
        _check_types(manifest)
    except (*_UNREADABLE, KeyError, TypeError, AttributeError, OSError) as error:
        raise Refused(NOT_OURS) from error
    if manifest.format > FORMAT:
        raise Refused("Säkerhetskopian är gjord med en nyare version av Rådrum. Inget har ändrats.")
    return manifest


def verify(path: Path) -> Manifest:
    """Read a whole archive back: every member there, whole, with the right number of rows. Raises `Refused`."""
    with opened(path) as (_archive, manifest):
        return manifest


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A verified archive, held open so that nobody changes its names meanwhile. Raises `Refused`."""
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise Refused(f"Filen {path} går inte att läsa: {error.strerror}.") from error
    except _UNREADABLE as error:
        raise Refused(NOT_OURS) from error
    with archive:
        try:
            manifest = _verified(archive, path.stat().st_size)
        except OSError as error:
            raise Refused(f"Filen {path} går inte att läsa: {error.strerror}.") from error
        except _UNREADABLE as error:
            raise Refused(NOT_OURS) from error
        yield archive, manifest


def is_ours(path: Path) -> bool:
    """Whether a file is a backup of ours, by its manifest; its rows are not read."""
    try:
        with zipfile.ZipFile(path) as archive:
            read_manifest(archive)
    except (*_UNREADABLE, Refused):
        return False
    return True


def begins_like_ours(path: Path) -> bool:
    """Whether a file that is no whole backup looks as if it had become one."""
    with path.open("rb") as file:
        head = file.read(64)
    return head.startswith(b"PK\x03\x04") and (TABLES.encode() in head or UPLOADS.encode() in head)


def lines_of(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The lines of a member. Raises `Refused` for one that no row can be."""
    with archive.open(name) as file:
        while line := file.readline(MAX_LINE):
            if len(line) >= MAX_LINE:  # it may give somewhat more than it is asked for
                raise Refused(f"Säkerhetskopian passar inte: {name} har en orimligt lång rad.")
            yield line


def _verified(archive: zipfile.ZipFile, packed_size: int) -> Manifest:
    manifest = read_manifest(archive)
    _check_contents(archive.infolist(), manifest, packed_size)
    for name, member in manifest.members.items():
        if _signed(archive, name, counted=member.rows is not None) != member:
            raise Refused(NOT_OURS)
    return manifest


def _check_contents(infos: Sequence[zipfile.ZipInfo], manifest: Manifest, packed_size: int) -> None:
    """Ordinary files alone, those of the manifest, of a size that can be: before anything is unpacked."""
    names = {info.filename for info in infos} - {MANIFEST}
    if names != set(manifest.members) or len(names) + 1 != len(infos) or not are_safe(names):
        raise Refused(NOT_OURS)
    if not all(map(_is_ordinary_file, infos)):
        raise Refused(NOT_OURS)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_BYTES or unpacked > max(ALWAYS, MAX_RATIO * packed_size):
        raise Refused("Säkerhetskopian är orimligt stor uppackad. Inget har ändrats.")


def _is_ordinary_file(info: zipfile.ZipInfo) -> bool:
    return not stat.S_ISLNK(info.external_attr >> 16) and not info.is_dir()


def _check_types(manifest: Manifest) -> None:
    """Raise `TypeError` for what is not of the kind that we write."""
    texts = (manifest.schema, manifest.made_at, *(member.sha256 for member in manifest.members.values()))
    if not all(isinstance(text, str) for text in texts) or not re.fullmatch(r"\w{0,64}", manifest.schema):
        raise TypeError("text")
    if type(manifest.format) is not int:
        raise TypeError("format")


def _signed(archive: zipfile.ZipFile, name: str, *, counted: bool) -> Member:
    digest, size, lines = hashlib.sha256(), 0, 0
    with archive.open(name) as file:
        for piece in file_pieces(file):
            digest.update(piece)
            size, lines = size + len(piece), lines + piece.count(b"\n")
    return Member(digest.hexdigest(), size, lines if counted else None)


def are_safe(names: Iterable[str]) -> bool:
    """Whether every name stays below its folder on every kind of disk, and none takes the place of another."""
    parts = [tuple(name.split("/")) for name in names]
    if not all(map(_is_plain, parts)):
        return False
    folded = {tuple(unicodedata.normalize("NFC", part).casefold() for part in path) for path in parts}
    folders = {path[:end] for path in folded for end in range(1, len(path))}
    return len(folded) == len(parts) and not folded & folders


def _is_plain(path: tuple[str, ...]) -> bool:
    """Whether a name is `tables/x.jsonl` or `uploads/…`, each part of it an ordinary name."""
    if path[0] == TABLES[:-1]:
        return len(path) == 2 and re.fullmatch(r"\w{1,63}\.jsonl", path[1]) is not None
    return path[0] == UPLOADS[:-1] and len(path) > 1 and all(map(_is_ordinary, path))


def _is_ordinary(part: str) -> bool:
    return part not in ("", ".", "..") and len(part.encode()) <= 255 and not _ODD.search(part)
