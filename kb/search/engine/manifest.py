"""What the index on disk consists of: one small file that names the folder and signs every file in it."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

NAME = "current.json"


class IndexUnavailable(Exception):
    """The index cannot be read as it is; `reason` says why, in Swedish."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Signed:
    """A file as it was when it was written."""

    size: int
    changed_ns: int
    digest: str


@dataclass(frozen=True)
class Segment:
    """A part of the index: its name, its documents, and the numbers of those that are deleted."""

    name: str
    size: int
    deleted: tuple[int, ...] = ()

    @property
    def documents(self) -> int:
        """How many are not deleted."""
        return self.size - len(self.deleted)


@dataclass(frozen=True)
class Place:
    """How far in the database's sequence of changes an index has come.

    `number` is that of the last change it holds, and `token` what that change alone has: a database that was put back
    gives the same number to another change. `history` is of the database as a whole.
    """

    history: int
    number: int
    token: str


@dataclass(frozen=True)
class Manifest:
    """The index that counts. `lean`: the bytes that each of `lean_from` documents took when it was tidy.

    `maker` is what wrote it; another maker's index is never opened. The `place` stands in the same file as what it is
    true of, so that no end of a process can part them; None where nobody knows (written by an earlier version).
    """

    folder: str
    maker: str
    parts: tuple[Segment, ...] = ()
    files: dict[str, Signed] = field(default_factory=dict)
    lean: int = 0
    lean_from: int = 0
    place: Place | None = None

    @property
    def documents(self) -> int:
        """How many documents can be found."""
        return sum(part.documents for part in self.parts)

    @property
    def deleted(self) -> int:
        """How many are deleted and still take room."""
        return sum(len(part.deleted) for part in self.parts)

    @property
    def segments(self) -> int:
        """How many parts there are."""
        return len(self.parts)

    @property
    def bytes(self) -> int:
        """What it takes on disk."""
        return sum(file.size for file in self.files.values())

    def differences(self, root: Path, *, thorough: bool = False) -> list[str]:
        """The files that are not as they were signed; by size and time, or `thorough` by their content."""
        return [
            name
            for name, signed in self.files.items()
            if not _is_intact(root / self.folder / name, signed, thorough)
        ]


def read(root: Path, maker: str) -> Manifest:
    """The manifest of the index in `root` that `maker` wrote. Raises `IndexUnavailable`."""
    try:
        body, _, seal = (root / NAME).read_bytes().partition(b"\n")
        if digest(body) != seal.decode():
            raise ValueError(NAME)
        data: dict[str, Any] = json.loads(body)
        if data["maker"] != maker:
            raise IndexUnavailable("Indexet är gjort av en annan version.")
        manifest = _of(data)
    except FileNotFoundError as error:
        raise IndexUnavailable("Indexet saknas.") from error
    except OSError as error:
        raise IndexUnavailable(f"Indexet går inte att läsa: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexUnavailable("Indexet är skadat: innehållsförteckningen går inte att läsa.") from error
    if not manifest.folder.startswith("g-") or any(
        "/" in name for name in (manifest.folder, *manifest.files)
    ):
        raise IndexUnavailable("Indexet är skadat: innehållsförteckningen pekar fel.")
    return manifest


def _of(data: Mapping[str, Any]) -> Manifest:
    parts = tuple(Segment(part["name"], part["size"], tuple(part["deleted"])) for part in data["parts"])
    files = {name: Signed(**signed) for name, signed in data["files"].items()}
    place = Place(**data["place"]) if data.get("place") else None
    return Manifest(**{**data, "parts": parts, "files": files, "place": place})


def write(root: Path, manifest: Manifest) -> None:
    """Put the manifest in place in one step that survives a power cut."""
    fresh = root / f"{NAME}.{os.getpid()}"
    body = json.dumps(asdict(manifest)).encode()
    with fresh.open("wb") as file:
        file.write(body + b"\n" + digest(body).encode())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(root / NAME)
    sync_folder(root)


def sign(path: Path) -> Signed:
    """Make a file safe on disk and sign it."""
    with path.open("rb") as file:
        signature = digest_of(file)
        os.fsync(file.fileno())
        status = os.fstat(file.fileno())
    return Signed(status.st_size, status.st_mtime_ns, signature)


def digest(content: bytes) -> str:
    """The signature of a file's content."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def digest_of(file: IO[bytes]) -> str:
    """The signature of an open file, which need not lie in memory whole."""
    return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()  # type: ignore[arg-type]


def sync_folder(path: Path) -> None:
    """Make the names in a folder safe on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_intact(path: Path, signed: Signed, thorough: bool) -> bool:
    try:
        status = path.stat()
        if status.st_size != signed.size:
            return False
        if not thorough and status.st_mtime_ns == signed.changed_ns:
            return True
        with path.open("rb") as file:
            return digest_of(file) == signed.digest
    except OSError:
        return False
