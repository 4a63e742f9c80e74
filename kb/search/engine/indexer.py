"""Keeping the index equal to the database: the queue, rebuilding, comparing, healing."""

import gc
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kb.audit.services import record
from kb.db import Database
from kb.jobs.outbox import Outbox
from kb.jobs.queries import pending
from kb.jobs.services import take_batch
from kb.language.analysis import term_of
from kb.language.words import read_words
from kb.library.core.indexable import Indexable, get_indexable, list_stamps
from kb.search.engine.manifest import IndexUnavailable
from kb.search.engine.schema import Prepared, make_document
from kb.search.engine.snapshot import Snapshot
from kb.search.engine.store import Store

log = logging.getLogger(__name__)
QUEUE = "search"
BATCH = 200
PATIENCE = 4  # how much longer a process that serves waits for the worker to tidy up
PROBES = 25
Progress = Callable[[int, int], None]


class Healing(Enum):
    """What happens when the index cannot be read: mend it at once, in a thread, or leave it to the worker."""

    INLINE = "inline"
    THREAD = "thread"
    WORKER = "worker"


@dataclass
class Report:
    """How index and database differ; ids of items. `damage` when the index cannot be trusted at all."""

    damage: str | None = None
    documents: int = 0
    published: int = 0
    missing: list[int] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    unfindable: list[int] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether index and database say the same."""
        return not (self.damage or self.missing or self.stale or self.surplus or self.unfindable)

    @property
    def touched(self) -> list[int]:
        """The items to write anew or to take away."""
        return sorted({*self.missing, *self.stale, *self.surplus})


class Indexer:
    """Writes the index of one instance from its database. Safe in any number of threads and processes."""

    def __init__(self, database: Database, store: Store, healing: Healing = Healing.INLINE) -> None:
        self.database = database
        self.store = store
        self.healing = healing
        self._pause_until = 0.0
        self._failures = 0
        self._thread: threading.Thread | None = None
        self._thread_lock = threading.Lock()

    # The queue

    def follow(self, outbox: Outbox) -> None:
        """Do the jobs `search.index_item`, many at a time, in the process that has the index's writer lock.

        That is after the commit the one that asked, and now and then the worker, which heals and tidies up too.
        """
        outbox.drain("search.index_item", self.tick, takes={"item": int}, queue=QUEUE, at_once=self.drain)

    def drain(self) -> None:
        """Bring the queue into the index unless another process is at it. Never raises for what may pass."""
        try:
            while time.monotonic() >= self._pause_until and self._pending():
                if not self._drain_locked():
                    return
                self._failures = 0
                self._tidy_soon()
        except IndexUnavailable as error:
            self._mend_soon(error.reason, anew=True)
        except (OSError, SQLAlchemyError) as error:
            self._back_off(error)

    def _drain_locked(self) -> bool:
        """Drain under the lock; False when somebody else will do it."""
        with self.store.lock() as held:
            if not held:
                return False
            sound = self.store.damage() is None
            while sound and self._drain_batch():
                pass
        if not sound:
            self._mend_soon("Indexet saknas eller är skadat.")
        return sound or self.healing is Healing.INLINE

    def tick(self) -> None:
        """The worker's turn: heal what is damaged, drain, tidy up."""
        if time.monotonic() < self._pause_until:
            return
        damage = self.store.damage()
        if damage:
            self.mend(damage)
        self.drain()
        self._tidy()

    def _pending(self) -> bool:
        with self.database.reading() as session:
            return bool(pending(session, QUEUE, limit=1))

    def _drain_batch(self) -> bool:
        """Up to `BATCH` jobs in one commit of the index; then they are finished. Twice does no harm."""
        with self.database.reading() as session:
            batch = take_batch(session, QUEUE, BATCH)
            wanted = {payload["item"] for payload in batch.payloads}
            items = get_indexable(session, sorted(wanted))
        if not batch:
            return False
        self._apply(wanted, items)
        with self.database.transaction() as session:
            batch.finish(session)
        return True

    def _apply(self, removed: Collection[int], items: Sequence[Indexable]) -> None:
        """One commit. Raises `OSError` for the disk, `IndexUnavailable` for everything that Whoosh trips over."""
        try:
            self.store.apply(removed, _documents(items))
        except (OSError, IndexUnavailable):
            raise
        except Exception as error:
            log.exception("a commit of the search index failed")
            raise IndexUnavailable(f"Indexet gick inte att skriva i ({type(error).__name__}).") from error

    # Comparing and mending

    def rebuild(self, reason: str, *, progress: Progress | None = None, wait: float = 0) -> int | None:
        """A new index from the database, then the swap; None when another process writes. Raises `OSError`."""
        with self.store.lock(wait) as held:
            return self._build(reason, progress) if held else None

    def check(self) -> Report:
        """Compare files, documents, versions and words of the index with the database. Changes nothing."""
        with self.database.reading() as session:
            stamps = list_stamps(session)
        report = Report(published=len(stamps))
        try:
            report.damage = self.store.damage(thorough=True)
            if report.damage:
                return report
            snapshot = self.store.snapshot()
            _compare(report, snapshot, stamps)
        except IndexUnavailable as error:
            report.damage = error.reason
        return report

    def repair(self, *, wait: float = 0) -> Report | None:
        """Write what differs, or everything when the index is damaged; None when another process writes."""
        with self.store.lock(wait) as held:
            return self._repair() if held else None

    def mend(self, reason: str, *, anew: bool = False) -> None:
        """Repair, or `anew` rebuild; a failure is logged and tried again later, each time after a longer pause."""
        try:
            done = self.rebuild(reason) if anew else self.repair()
            if done is not None:
                log.info("the search index was mended: %s", reason)
                self._failures = 0
        except Exception as error:
            self._back_off(error)

    def heal(self, reason: str) -> None:
        """Called by a reader that found the index unreadable. Never raises, and returns at once unless INLINE."""
        if time.monotonic() >= self._pause_until:
            self._mend_soon(reason)

    def check_and_repair(self) -> None:
        """The check at start and each night."""
        report = self.check()
        if not report.agrees:
            self.mend(report.damage or "Indexet skilde sig från databasen.")
        self._tidy()

    def _repair(self) -> Report:
        report = self.check()
        if report.damage or report.unfindable:
            self._build(report.damage or "Ord saknades i indexet.", None)
        elif report.touched:
            with self.database.reading() as session:
                items = get_indexable(session, report.touched)
            self._apply(report.touched, items)
        return report

    def _build(self, reason: str, progress: Progress | None) -> int:
        with self.database.reading() as session, _little_rubbish():
            ids = sorted(list_stamps(session))
            manifest = self.store.build(_documents(_all_items(session, ids), len(ids), progress))
        with self.database.transaction() as session:
            record(session, "search.rebuilt", actor="system", documents=manifest.documents, reason=reason)
        return manifest.documents

    def _mend_soon(self, reason: str, *, anew: bool = False) -> None:
        if self.healing is Healing.INLINE:
            self.mend(reason, anew=anew)
        elif self.healing is Healing.THREAD:
            self.start_thread(lambda: self.mend(reason, anew=anew))

    def start_thread(self, action: Callable[[], None]) -> None:
        """Run `action`, then drain, in the one background thread of this process; nothing when that is busy."""

        def run() -> None:
            try:
                action()
                self.drain()
            except Exception:
                log.exception("the search index could not be looked after")

        with self._thread_lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=run, daemon=True, name="search-index")
                self._thread.start()

    def _tidy(self) -> None:
        """Write anew what holds too much that is deleted or small: it takes space and time."""
        try:
            for thorough in (False, True):
                if self.store.wants_tidying():
                    with self.store.lock() as held:
                        if held:
                            self.store.tidy(thorough=thorough)
        except IndexUnavailable:
            return  # it is mended as a whole, by whoever met it
        except (OSError, SQLAlchemyError) as error:
            self._back_off(error)
        except Exception as error:
            log.exception("the search index could not be tidied")
            self._mend_soon(f"Indexet gick inte att städa ({type(error).__name__}).", anew=True)

    def _tidy_soon(self) -> None:
        """After a drain: at once where nobody waits; a process that serves only when the worker does not."""
        if self.healing is Healing.INLINE:
            self._tidy()
        elif self.healing is Healing.THREAD and self.store.wants_tidying(PATIENCE):
            self.start_thread(self._tidy)

    def _back_off(self, error: Exception) -> None:
        self._failures += 1
        pause = min(60.0, 2.0 ** min(self._failures, 6))
        self._pause_until = time.monotonic() + pause
        log.error("the search index could not be written, next try in %d s: %s", pause, error)


@contextmanager
def _little_rubbish() -> Iterator[None]:
    """Look for rubbish seldom while much is made that stays: it was a sixth of the time of building an index."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], 200_000), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _all_items(session: Session, ids: Sequence[int]) -> Iterator[Indexable]:
    """The items, some at a time: a large library need not lie in memory whole."""
    for start in range(0, len(ids), BATCH):
        yield from get_indexable(session, ids[start : start + BATCH])
        session.expunge_all()


def _documents(
    items: Iterable[Indexable], total: int = 0, progress: Progress | None = None
) -> Iterator[Prepared]:
    for number, item in enumerate(items, 1):
        try:
            document = make_document(item)
        except Exception:  # one odd text must not keep the others out
            log.exception("item %s could not be indexed", item.item_id)
            continue
        yield document
        if progress is not None:
            progress(number, total)


def _compare(report: Report, snapshot: Snapshot, stamps: dict[int, str]) -> None:
    seen: dict[int, str] = {}
    doubled: set[int] = set()
    report.documents = snapshot.documents
    for number, data in enumerate(snapshot.stored()):
        if data["item"] in seen:
            doubled.add(data["item"])
        seen[data["item"]] = data["stamp"]
        if number % max(1, snapshot.documents // PROBES) == 0 and not _is_findable(snapshot, data["title"]):
            report.unfindable.append(data["item"])
    report.missing = sorted(stamps.keys() - seen.keys())
    report.surplus = sorted(seen.keys() - stamps.keys())
    report.stale = sorted(
        {item for item, stamp in stamps.items() if seen.get(item, stamp) != stamp} | doubled
    )


def _is_findable(snapshot: Snapshot, title: str) -> bool:
    """Whether every word of a title leads to some document."""
    return all(snapshot.document_frequency("stem", term_of(word)) for word in read_words(title))
