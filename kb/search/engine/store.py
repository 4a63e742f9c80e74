"""The index on disk: one writer at a time over all processes, rebuilding beside, readers that follow.

`<instance>/index/current.json` is the manifest; `<instance>/index/g-…/` holds the segments. The lock is the kernel's
(`flock` on `<instance>/index.lock`), so that it ends with its process. Stored values are pickles: never restored, only
rebuilt.
"""

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kb.cache import MEGABYTE, Cache
from kb.language.analysis import ANALYSIS
from kb.library.core.facets import FACETS
from kb.search.engine import manifest as manifests
from kb.search.engine.files import Content, Files, open_verified, read_verified
from kb.search.engine.manifest import IndexUnavailable, Manifest, Place, Segment
from kb.search.engine.schema import FORMAT, Prepared
from kb.search.engine.segments import SEGMENT, keep_in, merge_segments, write_segments
from kb.search.engine.snapshot import Snapshot
from kb.search.engine.whoosh_files import VERSION, SegmentReader, files_of

# What wrote the index. One without a facet that there is now would find nothing by it.
MAKER = f"{FORMAT}.{ANALYSIS}+{','.join(facet.name for facet in FACETS)}+whoosh-{VERSION}"

CACHE_BYTES = 24 * MEGABYTE  # of what was read, in each process
DEAD = 0.1  # a segment is written anew when more than this share of its documents is deleted, …
SMALL = 32  # … or when it has no more documents than this
FAT = 1.2  # the index is tidied when it takes so much more room than a fresh one, …
SLACK = 10_000  # … and so many bytes at least, …
MANY = 24  # … or is in so many segments, …
GROWN = 1.3  # … or holds so many times as many documents as when it was last looked at
_Stamp = tuple[int, int, int]  # by which a manifest is known to be another one


class Store:
    """The index of one instance. One object a process, shared by its threads."""

    def __init__(self, instance: Path) -> None:
        self.root = instance / "index"
        self._lock_path = instance / "index.lock"
        self._cache = Cache(CACHE_BYTES)
        self._opened: dict[str, Content] = {}
        self._opening = threading.Lock()
        self._latest: tuple[_Stamp, Snapshot] | None = None

    # Reading

    def snapshot(self) -> Snapshot:
        """The newest generation. Raises `IndexUnavailable`."""
        stamp, latest = self._stamp(), self._latest
        if latest is not None and latest[0] == stamp:
            return latest[1]
        with self._opening:
            if self._latest is None or self._latest[0] != stamp:
                self._latest = stamp, self._open()
            return self._latest[1]

    def last_snapshot(self) -> Snapshot | None:
        """What was opened last, however old: its files stay open, also when they are removed."""
        return self._latest[1] if self._latest else None

    def manifest(self) -> Manifest:
        """What the index consists of. Raises `IndexUnavailable`."""
        return manifests.read(self.root, MAKER)

    def damage(self, *, thorough: bool = False) -> str | None:
        """What is wrong with the files on disk, in Swedish; None when nothing is."""
        try:
            manifest = self.manifest()
        except IndexUnavailable as error:
            return error.reason
        broken = manifest.differences(self.root, thorough=thorough)
        return f"Indexet är skadat: {', '.join(sorted(broken))}." if broken else None

    def _stamp(self) -> _Stamp:
        try:
            status = (self.root / manifests.NAME).stat()
        except OSError as error:
            raise IndexUnavailable("Indexet saknas.") from error
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _open(self) -> Snapshot:
        for _attempt in range(4):
            stamp = self._stamp()
            try:
                manifest = self.manifest()
                return Snapshot(self._open_files(manifest), manifest.parts, self._cache)
            except IndexUnavailable:
                if self._stamp() == stamp:
                    raise
            except Exception as error:
                raise IndexUnavailable(f"Indexet går inte att öppna ({type(error).__name__}).") from error
        raise IndexUnavailable("Indexet ändras hela tiden.")

    def _open_files(self, manifest: Manifest) -> Files:
        """The files of a generation; those that are open already are not verified again."""
        opened: dict[str, Content] = {}
        for name, signed in manifest.files.items():
            content = self._opened.get(name)
            opened[name] = (
                open_verified(self.root / manifest.folder / name, signed) if content is None else content
            )
        self._opened = opened
        return opened

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
        self, removed: Collection[int], documents: Iterable[Prepared], place: Place | None = None
    ) -> None:
        """One commit: take away the items `removed`, add `documents`; with them the index has come to `place`.

        Needs the lock. Raises `IndexUnavailable` or `OSError`.
        """
        manifest = self.manifest()
        self._sweep(manifest)
        kept = [part for part in self._without(manifest, removed) if part.documents]
        fresh = write_segments(documents, keep_in(self.root / manifest.folder))
        self._sweep(self._seal(replace(manifest, parts=(*kept, *fresh), place=place or manifest.place)))

    def _without(self, manifest: Manifest, items: Collection[int]) -> Sequence[Segment]:
        """The segments with the documents of some items deleted."""
        if not items:
            return manifest.parts
        with self._opening:
            files = self._open_files(manifest)
        return [_delete(SegmentReader(files, part), part, items) for part in manifest.parts]

    def wants_tidying(self, patience: int = 1) -> bool:
        """Whether much of the index is deleted, or small segments. Raises `IndexUnavailable`."""
        manifest = self.manifest()
        fresh = manifest.lean * manifest.documents
        return (
            manifest.segments > patience * MANY
            or manifest.bytes - fresh > patience * max(SLACK, (FAT - 1) * fresh)
            or manifest.documents > patience * (GROWN * manifest.lean_from + SMALL // 4)
        )

    def tidy(self, *, thorough: bool = False) -> None:
        """Write small segments, and those with much that is deleted, together; `thorough`: all but large ones.

        Needs the lock. Raises `IndexUnavailable` or `OSError`.
        """
        manifest = self.manifest()
        folder = self.root / manifest.folder
        small = SEGMENT // 2 if thorough else SMALL
        kept = [part for part in manifest.parts if _is_neat(part, small)]
        loose = sorted((part for part in manifest.parts if part not in kept), key=lambda part: part.documents)
        merged = (
            merge_segments(_files_of_all(manifest, group, folder), group, keep_in(folder))
            for group in _groups(loose)
        )
        self._sweep(self._seal(replace(manifest, parts=(*kept, *merged)), measure=thorough))

    def build(self, documents: Iterable[Prepared], place: Place | None = None) -> Manifest:
        """A new index, of the database at `place`, beside the old one; then the swap. Readers go on meanwhile.

        Needs the lock. Raises `OSError`.
        """
        if not self.root.is_dir():
            _remove(self.root)
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root.chmod(0o700)
        self._sweep(self._manifest_or_none())
        name = f"g-{time.time_ns():x}-{os.getpid()}"
        folder = self.root / name
        folder.mkdir(mode=0o700)
        parts = tuple(write_segments(documents, keep_in(folder)))
        manifest = self._seal(Manifest(name, MAKER, parts, place=place), measure=True)
        self._sweep(manifest)
        return manifest

    def _seal(self, manifest: Manifest, *, measure: bool = False) -> Manifest:
        """Sign the files of its segments that are not signed yet and make this the index that counts."""
        folder, begins = self.root / manifest.folder, tuple(map(files_of, manifest.parts))
        names = sorted(path.name for path in folder.iterdir() if path.name.startswith(begins))
        manifests.sync_folder(folder)
        files = {name: manifest.files.get(name) or manifests.sign(folder / name) for name in names}
        manifest = replace(manifest, files=files)
        if measure:
            documents = manifest.documents
            manifest = replace(manifest, lean=manifest.bytes // max(1, documents), lean_from=documents)
        manifests.write(self.root, manifest)
        return manifest

    def _sweep(self, manifest: Manifest | None) -> None:
        """Remove what is not in the manifest: what was replaced, and what interrupted writers left. Needs the lock."""
        _remove_all_but(self.root, {manifests.NAME, manifest.folder} if manifest else {manifests.NAME})
        if manifest:
            _remove_all_but(self.root / manifest.folder, manifest.files)

    def _manifest_or_none(self) -> Manifest | None:
        try:
            return self.manifest()
        except IndexUnavailable:
            return None


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


def _delete(reader: SegmentReader, segment: Segment, items: Iterable[int]) -> Segment:
    """The segment with the documents of some items deleted."""
    gone = {doc for item in items for doc in reader.lists("key", str(item)).docs}
    return replace(segment, deleted=tuple(sorted(gone.union(segment.deleted))))


def _is_neat(segment: Segment, small: int) -> bool:
    """Whether a segment can stay as it is: not small, and little of it deleted."""
    return segment.documents > small and len(segment.deleted) <= DEAD * segment.size


def _files_of_all(manifest: Manifest, segments: Iterable[Segment], folder: Path) -> dict[str, bytes]:
    """The files of some segments, read whole. Raises `IndexUnavailable`."""
    begins = tuple(map(files_of, segments))
    return {
        name: read_verified(folder / name, signed)
        for name, signed in manifest.files.items()
        if name.startswith(begins)
    }


def _groups(segments: Iterable[Segment]) -> Iterator[list[Segment]]:
    """Segments that together are not too large."""
    group: list[Segment] = []
    for segment in segments:
        if group and sum(one.documents for one in group) + segment.documents > SEGMENT:
            yield group
            group = []
        group.append(segment)
    if group:
        yield group


def _remove_all_but(folder: Path, names: Collection[str]) -> None:
    """Remove what lies in a folder, if there is one, and has none of these names."""
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name not in names:
                _remove(path)


def _remove(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError:
        pass
