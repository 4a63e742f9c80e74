"""Keeping the index equal to the database: following its changes, rebuilding, comparing, healing."""

import gc
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kb.audit.services import record
from kb.db import Database
from kb.jobs.outbox import Outbox
from kb.jobs.queries import pending
from kb.library.core.indexable import Indexable, get_indexable, list_stamps
from kb.search.engine import changes
from kb.search.engine.changes import QUEUE, Standing
from kb.search.engine.comparing import Report, compare
from kb.search.engine.manifest import IndexUnavailable, Manifest, Place
from kb.search.engine.nodes import Node
from kb.search.engine.schema import Prepared, make_document
from kb.search.engine.store import Store

log = logging.getLogger(__name__)
BATCH = 200
LOOK = 1.0  # seconds between two looks at what other nodes changed
TELL = 30.0  # seconds after which a node says again that it is there
LACKS = "Indexet vet inte vad som har ändrats sedan det skrevs."
ELSEWHERE = "Indexet hör till ett annat läge av databasen, som före en återställning."
PATIENCE = 4  # how much longer a process that serves waits for the worker to tidy up
Progress = Callable[[int, int], None]


class Healing(Enum):
    """What happens when the index cannot be read: mend it at once, in a thread, or leave it to the worker."""

    INLINE = "inline"
    THREAD = "thread"
    WORKER = "worker"


class Indexer:
    """Writes the index of one instance from its database. Safe in any number of threads and processes."""

    def __init__(
        self, database: Database, store: Store, healing: Healing = Healing.INLINE, node: Node | None = None
    ) -> None:
        self.database = database
        self.store = store
        self.healing = healing
        self.node = node or Node(store.root.parent)
        self._pause_until = 0.0
        self._failures = 0
        self._told: tuple[float, Place | None] = (-TELL, None)
        self._thread: threading.Thread | None = None
        self._thread_lock = threading.Lock()

    # Following

    def follow(self, outbox: Outbox) -> None:
        """Do what is asked for by `search.index_item`: each node for its own index, which follows the changes.

        That is after the commit the process that asked, if it gets the index's writer lock, and the node's worker,
        which heals and tidies up too.
        """
        outbox.drain("search.index_item", self.tick, takes={"item": int}, queue=QUEUE, at_once=self.drain)
        outbox.write_down("search.index_item", lambda session, asked: changes.note(session, asked["item"]))

    def drain(self) -> None:
        """Bring what changed into the index unless another process is at it. Never raises for what may pass."""
        try:
            while time.monotonic() >= self._pause_until and self._is_behind():
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
            hindrance = "Indexet saknas eller är skadat." if self.store.damage() else self._catch_up()
        if hindrance:
            self._mend_soon(hindrance)
        else:
            self._tell()
        return not hindrance or self.healing is Healing.INLINE

    def tick(self) -> None:
        """The worker's turn: heal what is damaged, drain, tidy up, tell the others."""
        if time.monotonic() < self._pause_until:
            return
        self._adopt()
        damage = self.store.damage()
        if damage:
            self.mend(damage)
        self.drain()
        self._tidy()
        self._tell()

    def keep_looking(self) -> None:
        """Look, in a thread, for what other nodes changed: a process that serves does so, also without a worker."""

        def look() -> None:
            while True:
                time.sleep(LOOK)
                try:
                    self.drain()
                    self._tell()
                except Exception:
                    log.exception("what other nodes changed could not be looked for")

        threading.Thread(target=look, daemon=True, name="search-changes").start()

    def _is_behind(self) -> bool:
        with self.database.reading() as session:
            newest = changes.newest(session)
        held = self._manifest_or_none()
        return held is None or held.place != newest

    def _catch_up(self) -> str | None:
        """Apply what changed, some at a time; why that cannot be, if it cannot. Needs the lock."""
        place = self.store.manifest().place
        with self.database.reading() as session:
            stands = changes.standing(session, place)
        if place is None or stands is Standing.BEHIND_ALL:
            return LACKS
        if stands is Standing.ELSEWHERE:
            return ELSEWHERE
        following: Place | None = place
        while following is not None:
            following = self._apply_next(following)
        return None

    def _apply_next(self, place: Place) -> Place | None:
        """Up to `BATCH` changes in one commit of the index, which is then there. Twice does no harm."""
        with self.database.reading() as session:
            step = changes.step_after(session, place, BATCH)
            items = get_indexable(session, sorted(step.items)) if step else []
        if step is None:
            return None
        self._apply(step.items, items, step.place)
        return step.place

    def _adopt(self) -> None:
        try:
            while self._is_asked():
                with self.database.transaction() as session:
                    changes.adopt(session, BATCH)
        except SQLAlchemyError as error:
            self._back_off(error)

    def _is_asked(self) -> bool:
        with self.database.reading() as session:
            return bool(pending(session, QUEUE, limit=1))

    def _tell(self) -> None:
        """Say how far this index has come, when that is new or was said long ago. What hinders it passes."""
        manifest = self._manifest_or_none()
        place = manifest.place if manifest else None
        told_at, told = self._told
        if place == told and time.monotonic() - told_at < TELL:
            return
        self._told = time.monotonic(), place
        try:
            with self.database.transaction() as session:
                self.node.tell(session, manifest)
        except SQLAlchemyError as error:
            log.debug("how far the search index has come could not be told: %s", type(error).__name__)

    def _manifest_or_none(self) -> Manifest | None:
        try:
            return self.store.manifest()
        except IndexUnavailable:
            return None

    def _apply(
        self, removed: Collection[int], items: Sequence[Indexable], place: Place | None = None
    ) -> None:
        """One commit. Raises `OSError` for the disk, `IndexUnavailable` for everything that Whoosh trips over."""
        try:
            self.store.apply(removed, _documents(items), place)
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
        return self._look()[0]

    def _look(self) -> tuple[Report, Place]:
        """How the index differs, and where one is that does not."""
        held = self._manifest_or_none()  # before the database is looked at, which goes on meanwhile
        with self.database.reading() as session:
            place, stamps = changes.newest(session), list_stamps(session)
            stands = changes.standing(session, held.place if held else None)
        report = Report(published=len(stamps))
        try:
            report.damage = self.store.damage(thorough=True)
            if stands is Standing.ELSEWHERE:
                report.damage = report.damage or ELSEWHERE
            if not report.damage:
                compare(report, self.store.snapshot(), stamps)
        except IndexUnavailable as error:
            report.damage = error.reason
        return report, place

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
        report, place = self._look()
        if report.damage or report.unfindable:
            self._build(report.damage or "Ord saknades i indexet.", None)
        elif report.touched or self.store.manifest().place != place:
            with self.database.reading() as session:
                items = get_indexable(session, report.touched)
            self._apply(report.touched, items, place)
        self._tell()
        return report

    def _build(self, reason: str, progress: Progress | None) -> int:
        with self.database.reading() as session, _little_rubbish():
            place = changes.newest(session)
            ids = sorted(list_stamps(session))
            manifest = self.store.build(_documents(_all_items(session, ids), len(ids), progress), place)
        with self.database.transaction() as session:
            record(session, "search.rebuilt", actor="system", documents=manifest.documents, reason=reason)
            self.node.tell(session, manifest)
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
