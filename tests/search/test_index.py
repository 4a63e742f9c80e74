"""The index on disk: what another process, a crash or a broken disk may do to it."""

import json
import multiprocessing
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import whoosh

from kb.language.analysis import analyse
from kb.search.engine import manifest as manifests
from kb.search.engine.files import SHARED
from kb.search.engine.manifest import IndexUnavailable
from kb.search.engine.schema import FIELDS, make_document
from kb.search.engine.snapshot import Leaf
from kb.search.engine.store import Store
from tests.search.samples import build, found, make_indexable, make_many


def apply(store, *items, removed=()):
    with store.lock(wait=30) as held:
        assert held
        store.apply({*removed, *(item.item_id for item in items)}, map(make_document, items))


def test_the_whoosh_that_was_asked_for_is_the_one_that_is_tested():
    assert whoosh.__version__[0] == (3 if "RADRUM_TEST_WHOOSH3" in os.environ else 2)


def test_the_folder_is_for_its_owner_only(store):
    build(store, make_indexable())

    assert stat.S_IMODE(store.root.stat().st_mode) == 0o700


def test_a_missing_index_is_said_to_be_missing(store):
    with pytest.raises(IndexUnavailable, match="saknas"):
        store.snapshot()
    assert store.damage() == "Indexet saknas."


def test_a_commit_is_seen_by_all_who_read_and_changes_replace(store):
    item = make_indexable(title="Gammal rubrik")
    build(store, item)
    other = Store(store.root.parent)
    assert found(other, "gammal") == [item.slug]

    apply(store, make_indexable(item_id=item.item_id, slug=item.slug, title="Ny rubrik"))

    assert found(other, "gammal") == []
    assert found(other, "ny rubrik") == [item.slug]


def test_a_removed_item_is_gone_at_once(store):
    item = make_indexable(text="rutin")
    build(store, item, make_indexable(slug="kvar", text="rutin"))
    assert len(found(store, "rutin")) == 2

    apply(store, removed=[item.item_id])

    assert found(store, "rutin") == ["kvar"]
    assert store.manifest().documents == 1


def test_many_small_commits_are_merged(store):
    build(store, *make_many(5))

    for number in range(30):
        apply(store, make_indexable(item_id=100 + number, text="rutin"))
    assert store.wants_tidying()
    tidy(store)

    assert not store.wants_tidying()
    assert (store.manifest().documents, store.manifest().segments) == (35, 1)
    assert len(found(store, "rutin")) == 30


def tidy(store):
    with store.lock() as held:
        assert held
        store.tidy(thorough=True)


def test_only_one_writes_at_a_time_also_within_a_process(store):
    with store.lock() as first, store.lock() as second:
        assert (first, second) == (True, False)
    with store.lock() as third:
        assert third


def test_a_failed_commit_leaves_lock_and_index_usable(store):
    build(store, make_indexable(text="rutin"))

    with store.lock(), pytest.raises(ValueError, match="sönder"):
        store.apply([], broken_documents())

    apply(store, make_indexable(slug="ny", text="rutin"))
    assert len(found(store, "rutin")) == 2


def broken_documents():
    yield make_document(make_indexable(text="rutin"))
    raise ValueError("sönder")


def spoil(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif how == "zeroed":
        path.write_bytes(bytes(len(content)))
    elif how == "flipped":
        path.write_bytes(content[:-5] + bytes([content[-5] ^ 16]) + content[-4:])
    elif how == "garbage":
        path.write_bytes(os.urandom(len(content) + 7))
    elif how == "emptied":
        path.write_bytes(b"")
    else:
        path.unlink()


KINDS = ["_stored.col", ".pst", ".trm", manifests.NAME]
HOWS = ["truncated", "zeroed", "flipped", "garbage", "emptied", "deleted"]


def file_of(store: Store, kind: str) -> Path:
    if kind == manifests.NAME:
        return store.root / kind
    return next((store.root / store.manifest().folder).glob(f"*{kind}"))


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_noticed_and_never_read(store, kind, how):
    build(store, *make_many(20))
    path = file_of(store, kind)
    time.sleep(0.01)

    spoil(path, how)

    assert store.damage()
    fresh = Store(store.root.parent)
    with pytest.raises(IndexUnavailable):
        fresh.snapshot()


def test_a_reader_goes_on_with_what_it_has_when_files_are_truncated_under_it(store):
    build(store, make_indexable(slug="a", text="rutin"))
    assert found(store, "rutin") == ["a"]

    for path in (store.root / store.manifest().folder).iterdir():
        os.truncate(path, 0)

    assert found(store, "rutin") == ["a"]


def large(store: Store, kind: str) -> Path:
    """A file that processes share, of a new index."""
    build(store, *make_many(500, words=300))
    path = file_of(store, kind)
    assert path.stat().st_size > SHARED
    return path


def read_all(leaf: Leaf) -> int:
    """Read every list and what is stored of every document; how many."""
    lists = [leaf.places(field, term, {1}) for field in FIELDS for term in leaf.terms(field, "")]
    return len(lists) + len([leaf.stored(doc) for doc in range(leaf.size)])


@pytest.mark.parametrize("kind", ["_stored.col", ".pst"])
def test_a_large_file_that_is_removed_under_a_reader_is_read_on(store, kind):
    path = large(store, kind)
    snapshot = store.snapshot()

    path.unlink()

    assert read_all(snapshot.leaves[0]) > 500


@pytest.mark.parametrize("how", ["truncated", "emptied", "zeroed", "inverted"])
@pytest.mark.parametrize("kind", ["_stored.col", ".pst"])
def test_a_large_file_that_is_damaged_under_a_reader_is_an_error_and_no_crash(store, kind, how):
    path = large(store, kind)
    snapshot = store.snapshot()
    if how == "inverted":
        path.write_bytes(bytes(byte ^ 255 for byte in path.read_bytes()))
    else:
        spoil(path, how)

    with pytest.raises(IndexUnavailable, match="skadat"):
        read_all(snapshot.leaves[0])
    assert store.damage()


def rewrite(path: Path, **values: object) -> None:
    """Change the manifest and seal it again, as somebody with a hand in the folder could."""
    body = json.dumps({**json.loads(path.read_bytes().partition(b"\n")[0]), **values}).encode()
    path.write_bytes(body + b"\n" + manifests.digest(body).encode())


def test_an_index_of_another_version_is_not_opened(store):
    build(store, make_indexable())
    path = store.root / manifests.NAME
    rewrite(path, maker="0.0+other-9")

    with pytest.raises(IndexUnavailable, match="annan version"):
        store.snapshot()


def test_a_manifest_cannot_point_outside_the_folder(store):
    build(store, make_indexable())
    path = store.root / manifests.NAME
    rewrite(path, folder="g-/../../..")

    with pytest.raises(IndexUnavailable, match="skadat"):
        store.snapshot()


def test_a_rebuild_leaves_nothing_of_the_old_behind(store):
    build(store, *make_many(10))
    (store.root / "g-avbruten").mkdir()
    (store.root / "g-avbruten" / "MAIN_x.trm").write_bytes(b"x")

    build(store, *make_many(12))

    assert sorted(path.name for path in store.root.iterdir()) == sorted(
        [manifests.NAME, store.manifest().folder]
    )


def test_stale_locks_of_whoosh_do_not_stop_a_commit(store):
    build(store, make_indexable())
    (store.root / store.manifest().folder / "MAIN_WRITELOCK").write_text("")

    apply(store, make_indexable(slug="ny", text="rutin"))

    assert found(store, "rutin") == ["ny"]


def test_four_threads_read_while_one_writes(store):
    build(store, *make_many(30), make_indexable(item_id=900, slug="kvar", text="rutinen"))
    errors: list[Exception] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                assert found(store, "rutinen").count("kvar") == 1
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(12):
        apply(store, make_indexable(item_id=1000 + number % 3, text="rutin"))
    stop.set()
    for thread in threads:
        thread.join()

    assert errors == []


# Other processes


def write_some(instance: str, start: int) -> None:
    store = Store(Path(instance))
    for number in range(start, start + 8):
        apply(store, make_indexable(item_id=number, text="rutin"))


def test_two_processes_write_at_once_and_nothing_is_lost(store):
    build(store, *make_many(3))
    context = multiprocessing.get_context("fork")
    writers = [
        context.Process(target=write_some, args=(str(store.root.parent), start)) for start in (100, 200)
    ]

    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(found(store, "rutin")) == 16


WRITER = """
import sys
from pathlib import Path
from kb.search.engine.store import Store
from kb.search.engine.schema import make_document
from tests.search.samples import make_indexable, make_many
store = Store(Path(sys.argv[1]))
number = 1000
print("ready", flush=True)
while True:
    with store.lock(wait=10) as held:
        if sys.argv[2] == "rebuild":
            store.build(map(make_document, make_many(40)))
        else:
            number += 1
            store.apply({number}, [make_document(make_indexable(item_id=number, text="rutin"))])
"""


@pytest.mark.parametrize("what", ["commit", "rebuild"])
@pytest.mark.parametrize("pause", [0.05, 0.11, 0.19])
def test_a_killed_writer_leaves_an_index_that_can_be_read_and_written(store, what, pause):
    build(store, *make_many(40))
    writer = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WRITER, str(store.root.parent), what],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    time.sleep(pause)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()

    with store.lock() as held:
        assert held, "the kernel lets go of the lock"
    apply(store, make_indexable(slug="efter", text="alldeles särskild"))

    assert found(store, "särskild") == ["efter"]
    assert store.damage(thorough=True) is None


def test_posting_lists_are_what_the_documents_hold(store):
    items = {item.item_id: item for item in make_many(700, words=30)}
    changed = make_indexable(item_id=3, text="larm")
    build(store, *items.values())
    apply(store, changed, removed=[5])
    documents = [make_document(item) for number, item in {**items, 3: changed}.items() if number != 5]
    for term in ("larm", "hot", "våld", "finns-inte"):
        weights, places = {}, {}
        for leaf in store.snapshot().leaves:
            numbers = dict(enumerate(leaf.items()))
            lists = leaf._reader.lists("stem", term)
            assert list(lists.docs) == sorted(lists.docs)
            for doc, weight in zip(lists.docs, lists.weights or [1.0] * len(lists.docs), strict=True):
                if leaf.live >> doc & 1:
                    weights[numbers[doc]] = weight
            for doc, spots in leaf.places("raw", term, set(leaf.live_docs())).items():
                places[numbers[doc]] = list(spots)
        assert weights == pytest.approx(worths(documents, term), rel=0.001), (
            "eleven bits are kept of a weight"
        )
        held = {one.data["item"]: places_of(one, term) for one in documents}
        assert places == {item: spots for item, spots in held.items() if spots}


def worths(documents, term):
    """Item → what all tokens that are found by a term are worth in it."""
    found = {}
    for document in documents:
        worth = [worth for token, worth in document.tokens.items() if term in analyse(token).terms]
        if worth:
            found[document.data["item"]] = sum(worth)
    return found


def places_of(document, word):
    """Where a word stands in a document."""
    return [place for start, words in document.words for place, one in enumerate(words, start) if one == word]


def test_what_is_merged_is_what_was_written(store):
    items = list(make_many(60, words=40))
    build(store, *items[:20])
    for item in items[20:]:
        apply(store, item)
    apply(store, removed=[item.item_id for item in items[::7]])
    tidy(store)
    fresh = Store(store.root.parent / "beside")
    fresh.root.parent.mkdir()
    build(fresh, *(item for item in items if item not in items[::7]))

    assert store.manifest().segments == 1
    assert store.damage(thorough=True) is None
    for text in ("hot", "våld boende", '"larm ledning"', "polis"):
        assert sorted(found(store, text)) == sorted(found(fresh, text))
