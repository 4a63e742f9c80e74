"""The files of the index as a process reads them: verified once, then where they lie, so that all processes share them.

Large files are not read into the process but, piece by piece, from the system's memory of the disk (`pread`), which is
one for all processes. A memory map would give the same, but a map of a file that is cut short, or of a disk that fails,
kills the process; here it is an error like any other. A file stays readable when its name is gone.
"""

import os
import weakref
from collections.abc import Mapping
from pathlib import Path

from kb.search.engine.manifest import IndexUnavailable, Signed, digest, digest_of

SHARED = 128 * 1024  # from so many bytes a file is read where it lies; small ones are many and are kept


class Pages:
    """A file that is read where it lies. Safe for all threads."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._descriptor)
        self._size = os.fstat(self._descriptor).st_size

    def __len__(self) -> int:
        return self._size

    def read(self, position: int, length: int) -> bytes:
        """A piece. Raises `IndexUnavailable` when it is not there any more."""
        length = max(0, min(length, self._size - position))
        try:
            piece = os.pread(self._descriptor, length, position)
        except OSError as error:
            raise IndexUnavailable(f"Indexet är skadat: {self.name} går inte att läsa.") from error
        if len(piece) != length:
            raise IndexUnavailable(f"Indexet är skadat: {self.name} har blivit kortare.")
        return piece

    def digest(self) -> str:
        """The signature of the content."""
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            file.seek(0)
            return digest_of(file)


Content = bytes | Pages
Files = Mapping[str, Content]


def open_verified(path: Path, signed: Signed) -> Content:
    """A file that is as it was signed. Raises `IndexUnavailable`."""
    if signed.size < SHARED:
        return read_verified(path, signed)
    try:
        pages = Pages(path)
        found = pages.digest()
    except OSError as error:
        raise _unreadable(path) from error
    if found != signed.digest:
        raise _changed(path)
    return pages


def read_verified(path: Path, signed: Signed) -> bytes:
    """The content of a file that is as it was signed. Raises `IndexUnavailable`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path) from error
    if digest(content) != signed.digest:
        raise _changed(path)
    return content


def _unreadable(path: Path) -> IndexUnavailable:
    return IndexUnavailable(f"Indexet är skadat: {path.name} går inte att läsa.")


def _changed(path: Path) -> IndexUnavailable:
    return IndexUnavailable(f"Indexet är skadat: {path.name} är inte som den skrevs.")
