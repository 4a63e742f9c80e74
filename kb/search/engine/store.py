"""The index on disk: one writer at a time over all processes, rebuilding beside, readers that follow.

`<instance>/index/current.json` is the manifest; `<instance>/index/g-…/` holds Whoosh's files. The lock is the kernel's
(`flock` on `<instance>/index.lock`), so that it ends with its process. Files are pickles: never restored, only rebuilt.
"""

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import SegmentReader

from kb.cache import Cache
from kb.search.engine import manifest as manifests
from kb.search.engine.manifest import IndexUnavailable, Manifest, Signed
from kb.search.engine.postings import CACHE_BYTES, read_lists
from kb.search.engine.schema import Prepared, make_schema
from kb.search.engine.segments import NAME, SEGMENT, Desk, keep_in, merge_segments, write_segments
from kb.search.engine.snapshot import Snapshot

DEAD = 0.1  # a segment is written anew when more than this share of its documents is deleted, …
SMALL = 32  # … or when it has no more documents than this
FAT = 1.2  # the index is tidied when it takes so much more room than a fresh one, …
SLACK = 10_000  # … and so many bytes at least, …
MANY = 24  # … or is in so many segments, …
GROWN = 1.3  # … or holds so many times as many documents as when it was last looked at


class Store:
    """The index of one instance. One object a process, shared by its threads."""

    def __init__(self, instance: Path) -> None:
        self.root = instance / "index"
        self._lock_path = instance / "index.lock"
        self._cache = Cache(CACHE_BYTES)
        self._files: dict[str, bytes] = {}
        self._latest: dict[str, bytes] | None = None
        self._loading = threading.Lock()
        self._local = threading.local()

    # Reading

    def snapshot(self) -> Snapshot:
        """The newest generation, for the calling thread only. Raises `IndexUnavailable`."""
        stamp = self._stamp()
        if getattr(self._local, "stamp", None) != stamp:
            self._local.snapshot = self._open()
            self._local.stamp = stamp
        snapshot: Snapshot = self._local.snapshot
        return snapshot

    def last_snapshot(self) -> Snapshot | None:
        """What this thread, or another one, read last, however old: it lies in memory and outlives damage on disk."""
        snapshot: Snapshot | None = getattr(self._local, "snapshot", None)
        if snapshot is None and self._latest is not None:
            snapshot = self._local.snapshot = Snapshot(self._latest, self._cache)
        return snapshot

    def manifest(self) -> Manifest:
        """What the index consists of. Raises `IndexUnavailable`."""
        return manifests.read(self.root)

    def damage(self, *, thorough: bool = False) -> str | None:
        """What is wrong with the files on disk, in Swedish; None when nothing is."""
        try:
            manifest = self.manifest()
        except IndexUnavailable as error:
            return error.reason
        broken = manifest.differences(self.root, thorough=thorough)
        return f"Indexet är skadat: {', '.join(sorted(broken))}." if broken else None

    def _stamp(self) -> tuple[int, int, int]:
        try:
            status = (self.root / manifests.NAME).stat()
        except OSError as error:
            raise IndexUnavailable("Indexet saknas.") from error
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _open(self) -> Snapshot:
        for _attempt in range(4):
            stamp = self._stamp()
            try:
                return Snapshot(self._load(self.manifest()), self._cache)
            except IndexUnavailable:
                if self._stamp() == stamp:
                    raise
            except Exception as error:
                raise IndexUnavailable(f"Indexet går inte att öppna ({type(error).__name__}).") from error
        raise IndexUnavailable("Indexet ändras hela tiden.")

    def _load(self, manifest: Manifest) -> dict[str, bytes]:
        """The files of a generation; what is in memory already is not read again."""
        with self._loading:
            loaded: dict[str, bytes] = {}
            for name, signed in manifest.files.items():
                key = f"{manifest.folder}/{name}"
                content = self._files.get(key)
                loaded[key] = _read_verified(self.root / key, signed.digest) if content is None else content
            self._files = loaded
            self._latest = {key.partition("/")[2]: content for key, content in loaded.items()}
            return self._latest

    # Writing

    @contextmanager
    def lock(self, wait: float = 0) -> Iterator[bool]:
        """The right to write, as long as the block runs; False when another writer has it (or there is no disk)."""
        try:
            file = self._lock_path.open("a")
        except OSError:
            yield False
            return
        with file:
            yield _try_lock(file.fileno(), wait)

    def apply(self, removed: Collection[int], documents: Iterable[Prepared]) -> None:
        """One commit: take away the items `removed`, add `documents`. Needs the lock.

        Raises `IndexUnavailable` or `OSError`.
        """
        manifest = self.manifest()
        self._sweep(manifest)
        folder = self.root / manifest.folder
        storage = _Folder(str(folder))
        before = TOC.read(storage, NAME, schema=make_schema())
        _delete(storage, before.segments, removed)
        segments = [segment for segment in before.segments if segment.doc_count() > 0]
        segments += write_segments(documents, keep_in(folder))
        generation = before.generation + 1
        lean = (manifest.lean, manifest.lean_from)
        self._sweep(self._seal(manifest.folder, segments, generation, manifest.files, lean))

    def wants_tidying(self, patience: int = 1) -> bool:
        """Whether much of the index is deleted, or small segments. Raises `IndexUnavailable`."""
        manifest = self.manifest()
        fresh = manifest.lean * manifest.documents
        size = sum(file.size for file in manifest.files.values())
        return (
            manifest.segments > patience * MANY
            or size - fresh > patience * max(SLACK, (FAT - 1) * fresh)
            or manifest.documents > patience * (GROWN * manifest.lean_from + SMALL // 4)
        )

    def tidy(self, *, thorough: bool = False) -> None:
        """Write small segments, and those with much that is deleted, together; `thorough`: all but large ones.

        Needs the lock. Raises `IndexUnavailable` or `OSError`.
        """
        manifest = self.manifest()
        folder = self.root / manifest.folder
        before = TOC.read(_Folder(str(folder)), NAME, schema=make_schema())
        kept = [one for one in before.segments if _is_neat(one, SEGMENT // 2 if thorough else SMALL)]
        loose = sorted((one for one in before.segments if one not in kept), key=lambda one: one.doc_count())
        for group in _groups(loose):
            files = Desk()
            for name, signed in manifest.files.items():
                if name.startswith(tuple(f"{one.segment_id()}." for one in group)):
                    files.files[name] = _read_verified(folder / name, signed.digest)
            kept.append(merge_segments(files, group, keep_in(folder)))
        lean = None if thorough else (manifest.lean, manifest.lean_from)
        self._sweep(self._seal(manifest.folder, kept, before.generation + 1, manifest.files, lean))

    def build(self, documents: Iterable[Prepared]) -> Manifest:
        """A new index beside the old one, then the swap. Needs the lock. Readers go on meanwhile. Raises `OSError`."""
        if not self.root.is_dir():
            _remove(self.root)
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root.chmod(0o700)
        self._sweep(self._manifest_or_none())
        name = f"g-{time.time_ns():x}-{os.getpid()}"
        folder = self.root / name
        folder.mkdir(mode=0o700)
        manifest = self._seal(name, write_segments(documents, keep_in(folder)), 1, {})
        self._sweep(manifest)
        return manifest

    def _seal(
        self,
        name: str,
        segments: list[Any],
        generation: int,
        known: Mapping[str, Signed],
        lean: tuple[int, int] | None = None,
    ) -> Manifest:
        """Write the list of segments, sign the files but the `known` ones and make this the index that counts."""
        folder = self.root / name
        TOC(make_schema(), segments, generation).write(_Folder(str(folder)), NAME)
        begins = (f"_{NAME}_{generation}.toc", *(f"{segment.segment_id()}." for segment in segments))
        names = sorted(path.name for path in folder.iterdir() if path.name.startswith(begins))
        manifests.sync_folder(folder)
        files = {name: known.get(name) or manifests.sign(folder / name) for name in names}
        documents = sum(segment.doc_count() for segment in segments)
        lean = lean or (sum(file.size for file in files.values()) // max(1, documents), documents)
        fresh = Manifest(
            folder=name,
            documents=documents,
            deleted=sum(segment.deleted_count() for segment in segments),
            segments=len(segments),
            lean=lean[0],
            lean_from=lean[1],
            files=files,
        )
        manifests.write(self.root, fresh)
        return fresh

    def _sweep(self, manifest: Manifest | None) -> None:
        """Remove what is not in the manifest: what was replaced, and what interrupted writers left. Needs the lock."""
        if not self.root.is_dir():
            return
        for path in self.root.iterdir():
            if path.name == manifests.NAME:
                continue
            if manifest is None or path.name != manifest.folder:
                _remove(path)
        folder = self.root / manifest.folder if manifest is not None else None
        if manifest is None or folder is None or not folder.is_dir():
            return
        for path in folder.iterdir():
            if path.name not in manifest.files:
                _remove(path)

    def _manifest_or_none(self) -> Manifest | None:
        try:
            return self.manifest()
        except IndexUnavailable:
            return None


class _Folder(FileStorage):  # type: ignore[misc]
    """Whoosh's files in a folder, without memory maps (a truncated map kills the process)."""

    supports_mmap = False


def _try_lock(descriptor: int, wait: float) -> bool:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)


def _delete(storage: Any, segments: Iterable[Any], items: Collection[int]) -> None:
    """Mark the documents of some items as deleted, in the segments themselves; the list of them is written later."""
    if not items:
        return
    for segment in segments:
        reader = SegmentReader(storage, make_schema(), segment)
        for item in items:
            for doc in read_lists(reader, "key", str(item)).docs:
                segment.delete_document(doc)
        reader.close()


def _is_neat(segment: Any, small: int) -> bool:
    """Whether a segment can stay as it is: not small, and little of it deleted."""
    documents: int = segment.doc_count()
    return documents > small and segment.deleted_count() <= DEAD * segment.doc_count_all()


def _groups(segments: Iterable[Any]) -> Iterator[list[Any]]:
    """Segments that together are not too large."""
    group: list[Any] = []
    for segment in segments:
        if group and sum(one.doc_count() for one in group) + segment.doc_count() > SEGMENT:
            yield group
            group = []
        group.append(segment)
    if group:
        yield group


def _read_verified(path: Path, digest: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise IndexUnavailable(f"Indexet är skadat: {path.name} går inte att läsa.") from error
    if manifests.digest(content) != digest:
        raise IndexUnavailable(f"Indexet är skadat: {path.name} är inte som den skrevs.")
    return content


def _remove(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError:
        pass
