"""What the index on disk consists of: one small file that names the folder and signs every file in it."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import whoosh

from kb.language.analysis import ANALYSIS
from kb.library.core.facets import FACETS
from kb.search.engine.schema import FORMAT

NAME = "current.json"


class IndexUnavailable(Exception):
    """The index cannot be read as it is; `reason` says why, in Swedish."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def made_by() -> str:
    """What wrote the index; another maker's index is never opened."""
    facets = ",".join(facet.name for facet in FACETS)  # an index without one of them would find nothing by it
    return f"{FORMAT}.{ANALYSIS}+{facets}+whoosh-{getattr(whoosh, '__version__', '')}".replace(" ", "")


@dataclass(frozen=True)
class Signed:
    """A file as it was when it was written."""

    size: int
    changed_ns: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """The index that counts. `lean`: the bytes that each of `lean_from` documents took when it was tidy."""

    folder: str
    documents: int
    deleted: int
    segments: int
    lean: int = 0
    lean_from: int = 0
    maker: str = field(default_factory=made_by)
    files: dict[str, Signed] = field(default_factory=dict)

    def differences(self, root: Path, *, thorough: bool = False) -> list[str]:
        """The files that are not as they were signed; by size and time, or `thorough` by their content."""
        return [
            name
            for name, signed in self.files.items()
            if not _is_intact(root / self.folder / name, signed, thorough)
        ]


def read(root: Path) -> Manifest:
    """The manifest of the index in `root`. Raises `IndexUnavailable`."""
    try:
        body, _, seal = (root / NAME).read_bytes().partition(b"\n")
        if digest(body) != seal.decode():
            raise ValueError(NAME)
        data: dict[str, Any] = json.loads(body)
        files = {name: Signed(**signed) for name, signed in data.pop("files").items()}
        manifest = Manifest(**data, files=files)
    except FileNotFoundError as error:
        raise IndexUnavailable("Indexet saknas.") from error
    except OSError as error:
        raise IndexUnavailable(f"Indexet går inte att läsa: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexUnavailable("Indexet är skadat: innehållsförteckningen går inte att läsa.") from error
    if manifest.maker != made_by():
        raise IndexUnavailable("Indexet är gjort av en annan version.")
    if not str(manifest.folder).startswith("g-") or any(
        "/" in name for name in (str(manifest.folder), *files)
    ):
        raise IndexUnavailable("Indexet är skadat: innehållsförteckningen pekar fel.")
    return manifest


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
        content = file.read()
        os.fsync(file.fileno())
        status = os.fstat(file.fileno())
    return Signed(len(content), status.st_mtime_ns, digest(content))


def digest(content: bytes) -> str:
    """The signature of a file's content."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


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
        return digest(path.read_bytes()) == signed.digest
    except OSError:
        return False
