"""The index on disk: one writer at a time over all processes, rebuilding beside, readers that follow.

`<instance>/index/current.json` is the manifest; `<instance>/index/g-…/` holds Whoosh's files. The lock is the kernel's
(`flock` on `<instance>/index.lock`), so that it ends with its process. Files are pickles: never restored, only rebuilt.
"""

import fcntl
import os
import re
import shutil
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.codec import default_codec
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader, TermNotFound

from kb.search import manifest as manifests
from kb.search.manifest import IndexUnavailable, Manifest
from kb.search.postings import Cache
from kb.search.schema import make_schema
from kb.search.snapshot import Snapshot

WRITER_MB = 64
TIERS = (8, 64, 512, 4096)  # segments up to these sizes are merged among themselves …
TIER_WIDTH = 6  # … when there are more than this many of them
_TOC = re.compile(r"^_MAIN_(\d+)\.toc$")


class Store:
    """The index of one instance. One object a process, shared by its threads."""

    def __init__(self, instance: Path) -> None:
        self.root = instance / "index"
        self._lock_path = instance / "index.lock"
        self._cache = Cache()
        self._files: dict[str, bytes] = {}
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
        """What this thread read last, however old: it lies in memory and outlives damage on disk."""
        return getattr(self._local, "snapshot", None)

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
            return {key.partition("/")[2]: content for key, content in loaded.items()}

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

    def apply(
        self, removed: Collection[int], documents: Iterable[dict[str, Any]], *, merge_up_to: int = 64
    ) -> None:
        """One commit: take away the items `removed`, add `documents`. Needs the lock.

        Segments of more than `merge_up_to` documents are left alone. Raises `IndexUnavailable` or `OSError`.
        """
        manifest = self.manifest()
        self._sweep(manifest)
        folder = self.root / manifest.folder
        writer = _open_writer(_open_folder(folder))
        try:
            _delete(writer, removed)
            for document in documents:
                writer.add_document(**document)
            writer.commit(mergetype=_merge_policy(merge_up_to))
        finally:
            _let_go(writer)
        self._sweep(self._seal(manifest.folder, manifest))

    def build(self, documents: Iterable[dict[str, Any]]) -> Manifest:
        """A new index beside the old one, then the swap. Needs the lock. Readers go on meanwhile. Raises `OSError`."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root.chmod(0o700)
        self._sweep(self._manifest_or_none())
        name = f"g-{time.time_ns():x}-{os.getpid()}"
        folder = self.root / name
        folder.mkdir(mode=0o700)
        writer = _open_writer(_Folder(str(folder), supports_mmap=False).create_index(make_schema()))
        try:
            for document in documents:
                writer.add_document(**document)
            writer.commit(merge=False)
        finally:
            _let_go(writer)
        manifest = self._seal(name, None)
        self._sweep(manifest)
        return manifest

    def _seal(self, name: str, before: Manifest | None) -> Manifest:
        """Sign the files of the newest commit in the folder and make it the index that counts."""
        folder = self.root / name
        known = before.files if before is not None and before.folder == name else {}
        with _open_folder(folder).reader() as reader:
            leaves = [leaf for leaf, _offset in reader.leaf_readers()] if reader.doc_count_all() else []
            segments = tuple(f"{leaf.segment().segment_id()}." for leaf in leaves)
            documents, all_documents = reader.doc_count(), reader.doc_count_all()
        toc = f"_MAIN_{_newest_generation(folder)}.toc"
        names = sorted(
            path.name for path in folder.iterdir() if path.name == toc or path.name.startswith(segments)
        )
        manifests.sync_folder(folder)
        fresh = Manifest(
            folder=name,
            documents=documents,
            deleted=all_documents - documents,
            segments=len(segments),
            files={name: known.get(name) or manifests.sign(folder / name) for name in names},
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


class _NoLock:
    """Stands in for Whoosh's own lock: ours is held already, and it ends with the process."""

    def acquire(self, blocking: bool = False) -> bool:  # noqa: ARG002
        return True

    def release(self) -> None:
        return None


class _Folder(FileStorage):  # type: ignore[misc]
    """Whoosh's files in a folder of their own, without memory maps (a truncated map kills the process)."""

    def lock(self, name: str) -> _NoLock:  # noqa: ARG002
        return _NoLock()

    def delete_file(self, name: str) -> None:
        """Nothing: readers may be at it until the manifest says otherwise; then we sweep."""


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


def _delete(writer: Any, items: Collection[int]) -> None:
    if not items:
        return
    with writer.reader() as reader:
        for item in items:
            try:
                for doc in list(reader.postings("key", str(item)).all_ids()):
                    writer.delete_document(doc)
            except TermNotFound:
                continue


def _let_go(writer: Any) -> None:
    """After a failure: close what is open and drop the half-made segment; after a commit there is nothing to do."""
    if writer.is_closed:
        return
    try:
        writer.cancel()
    except Exception:
        writer.is_closed = True  # a full disk lets nothing be closed in order; the next writer sweeps


def _merge_policy(merge_up_to: int) -> Any:
    def merge(writer: Any, segments: list[Any]) -> list[Any]:
        """Drop empty segments; merge the small ones of a tier when they are too many."""
        kept = [segment for segment in segments if segment.doc_count() > 0]
        floor = 0
        for limit in TIERS:
            tier = [segment for segment in kept if floor < segment.doc_count() <= min(limit, merge_up_to)]
            floor = limit
            if len(tier) <= TIER_WIDTH:
                continue
            for segment in tier:
                reader = SegmentReader(writer.storage, writer.schema, segment)
                writer.add_reader(reader)
                reader.close()
            kept = [segment for segment in kept if segment not in tier]
            break
        return kept

    return merge


def _open_writer(index: Any) -> Any:
    """Whoosh's writer, without lengths of fields (ours are in the weights): asking for them is most of its work."""
    codec = default_codec(blocklimit=512)
    codec.length_stats = False
    return index.writer(compound=False, limitmb=WRITER_MB, codec=codec)


def _newest_generation(folder: Path) -> int:
    try:
        found = [int(match[1]) for path in folder.iterdir() if (match := _TOC.match(path.name))]
    except OSError:
        return -1
    return max(found, default=-1)


def _open_folder(folder: Path) -> Any:
    """Whoosh's index in a folder, for the writer."""
    return _Folder(str(folder), supports_mmap=False).open_index(schema=make_schema())


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
