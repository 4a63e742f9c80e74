"""What a disk can do to the index while the site serves: it heals without a hand, and nothing is lost."""

import errno
import os
import shutil
import subprocess
import threading

import pytest

from kb.accounts.viewer import ANONYMOUS
from kb.library.core.indexable import get_indexable
from kb.search.engine import manifest as manifests
from kb.search.engine import segments
from kb.search.engine import store as index_module
from kb.search.engine.indexer import Indexer
from kb.search.engine.schema import make_document
from kb.search.engine.store import Store
from kb.search.finding.searching import SearchRequest
from kb.search.results import search
from tests.search.samples import build, make_many, waiting
from tests.search.test_index import file_of, rewrite

TEXTS = [" ".join(f"ord{number * step % 997}" for step in range(300)) for number in range(1, 41)]


def slugs(indexer, session, text):
    return [hit.slug for hit in search(indexer, session, ANONYMOUS, SearchRequest(text)).hits]


def worker(indexer):
    """Another process on the same index, as it is after its start."""
    return Indexer(indexer.database, Store(indexer.store.root.parent))


@pytest.mark.parametrize("kind", ["_stored.col", ".pst", ".trm"])
def test_a_flipped_bit_that_changes_neither_size_nor_time_is_found_by_the_nightly_check(
    indexer, session, publish, kind
):
    publish(title="Nödlarm", slug="nodlarm")
    path = file_of(indexer.store, kind)
    content, before = path.read_bytes(), path.stat()
    path.write_bytes(content[:40] + bytes([content[40] ^ 4]) + content[41:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert indexer.store.damage() is None
    assert slugs(indexer, session, "nödlarm") == ["nodlarm"], "what is in memory is sound"

    worker(indexer).check_and_repair()

    assert indexer.check().agrees
    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]


def test_a_word_that_lost_its_postings_is_found_by_the_probes(indexer, session, publish, monkeypatch):
    publish(title="Nödlarm", slug="nodlarm")
    monkeypatch.setattr("kb.search.engine.indexer.make_document", without_terms)
    with indexer.store.lock():
        indexer._build("Prov.", None)
    monkeypatch.undo()
    report = worker(indexer).check()
    assert report.unfindable

    indexer.check_and_repair()

    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]


def without_terms(item):
    return make_document(item)._replace(tokens={})


def test_an_index_of_another_maker_is_built_anew(indexer, session, publish):
    publish(title="Nödlarm", slug="nodlarm")
    rewrite(indexer.store.root / manifests.NAME, maker="2.1+whoosh-(9,9,9)")

    other = worker(indexer)
    assert other.store.damage() == "Indexet är gjort av en annan version."
    other.tick()

    assert slugs(other, session, "nödlarm") == ["nodlarm"]
    assert other.check().agrees


@pytest.mark.parametrize("files", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EROFS, errno.EIO], ids=["full", "read-only", "broken"]
)
def test_a_disk_that_fails_at_any_file_of_a_commit_costs_nothing(
    indexer, session, publish, monkeypatch, files, number
):
    publish(title="Brandväst", slug="vast")
    real = segments.keep_in
    monkeypatch.setattr(index_module, "keep_in", lambda folder: failing(real(folder), files, number))
    publish(title="Nödlarm", slug="nodlarm")
    assert slugs(indexer, session, "brandväst") == ["vast"]
    assert files == 3 or len(waiting(indexer, session)) == 1

    monkeypatch.undo()
    indexer._pause_until = 0
    indexer.tick()

    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]
    assert indexer.check().agrees


def failing(keep, files, number):
    """Writes so many files, half of the next one, and fails."""
    written: list[str] = []

    def keep_some(name, content):
        if len(written) == files:
            keep(name, content[: len(content) // 2])
            raise OSError(number, os.strerror(number))
        written.append(name)
        keep(name, content)

    return keep_some


@pytest.mark.parametrize("kind", ["_stored.col", ".pst"])
def test_a_large_file_that_is_emptied_while_the_site_serves_is_built_anew(
    indexer, session, publish, monkeypatch, kind
):
    monkeypatch.setattr("kb.search.engine.files.SHARED", 1)
    publish(title="Nödlarm", slug="nodlarm")
    publish(title="Brandväst", slug="vast")
    assert slugs(indexer, session, "brandväst") == ["vast"]

    os.truncate(file_of(indexer.store, kind), 0)
    for word in ("nödlarm", "brandväst"):  # one of them reads the file, or what it wants is kept
        slugs(indexer, session, word)
    indexer.tick()

    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]
    assert slugs(indexer, session, "brandväst") == ["vast"]
    assert indexer.check().agrees


@pytest.fixture
def small_disk(tmp_path, indexer):
    """The index on a disk of its own that is small; gives its folder."""
    place = indexer.store.root.parent / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", place]
    if os.geteuid() or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root mounts disks")
    indexer.store = Store(place)
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_full_disk_heals_when_there_is_room_again(small_disk, indexer, session, publish):
    publish(title="Brandväst", slug="vast")
    filler = small_disk / "filler"
    filler.write_bytes(bytes(4096 * (shutil.disk_usage(small_disk).free // 4096)))

    publish(title="Nödlarm", slug="nodlarm")
    assert slugs(indexer, session, "brandväst") == ["vast"]
    assert len(waiting(indexer, session)) == 1

    filler.unlink()
    indexer._pause_until = 0
    indexer.tick()

    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]
    assert indexer.check().agrees


def test_a_disk_that_turns_read_only_keeps_searching_and_heals(small_disk, indexer, session, publish):
    publish(title="Brandväst", slug="vast")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    publish(title="Nödlarm", slug="nodlarm")
    assert slugs(indexer, session, "brandväst") == ["vast"]
    assert slugs(worker(indexer), session, "brandväst") == ["vast"]

    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    indexer._pause_until = 0
    indexer.tick()

    assert slugs(indexer, session, "nödlarm") == ["nodlarm"]


def test_a_thread_that_never_read_serves_what_another_read_while_the_disk_is_away(store):
    build(store, *make_many(5))
    other = threading.Thread(target=store.snapshot)
    other.start()
    other.join()
    shutil.rmtree(store.root)

    snapshot = store.last_snapshot()

    assert snapshot is not None
    assert snapshot.documents == 5


def test_the_index_stays_small_while_texts_are_edited(indexer, session, publish):
    ids = [publish(title=f"Text {number}", body=f"<p>{text}</p>").id for number, text in enumerate(TEXTS)]

    for number in range(60):
        item = ids[number * 7 % len(ids)]
        with indexer.store.lock():
            indexer._apply([item], get_indexable(session, [item]))
        indexer._tidy()

    edited = size(indexer.store)
    indexer.rebuild("Prov.")
    assert edited <= 1.3 * size(indexer.store)
    assert indexer.check().agrees


def size(store):
    return store.manifest().bytes
