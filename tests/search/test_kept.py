"""What a process keeps of the index takes as much memory as it says: the limit would hold nothing back otherwise."""

import gc
import tracemalloc

import pytest

from kb.cache import KEY_BYTES, bytes_of
from kb.search.engine.schema import make_document
from kb.search.finding.query import parse
from kb.search.finding.ranking import Filters, rank
from tests.search.samples import TODAY, build, found, make_indexable, make_many, seen_in

QUERIES = (
    *("hot mot medarbetare", "våldet", "kollegornas ärenden", '"hot våld"', "hott", "aaa bbb ccc"),
    *("anmälan beslut barn", "utredningar", "risk regel", "socialtjänstens kontakter", "polisvittne"),
)


@pytest.fixture
def kept(store):
    """All that is kept after many ways of asking: (key, value, declared bytes)."""
    build(store, *make_many(900, words=60))
    ask_all(store)
    return [(key, value, weight) for (_stamp, key), (value, weight) in store._cache._kept.items()]


def ask_all(store):
    for query in QUERIES:
        found(store, query)
    for leaf in store.snapshot().leaves:
        leaf.terms("raw", "")
        leaf.places("raw", "hot", set(leaf.live_docs()))


def test_each_kind_is_as_large_as_it_says(kept):
    wrong = {}
    for key, value, weight in kept:
        if key[-1] == "terms":  # others may hold the same words: they are counted below
            continue
        declared, real = weight - KEY_BYTES, bytes_of(value)
        if abs(declared - real) > max(0.2 * real, 100):
            wrong[key[:3]] = (type(value).__name__, declared, real)

    assert not wrong
    kinds = {type(value).__name__ for _key, value, _weight in kept}
    assert kinds >= {"Postings", "Lists", "Best", "int", "list", "tuple", "array"}


def test_all_together_are_as_large_as_they_say(store):
    build(store, *make_many(900, words=60))
    ask_all(store)
    store._cache.clear()
    gc.collect()
    tracemalloc.start()
    try:
        ask_all(store)
        gc.collect()
        declared, before = store._cache.used, tracemalloc.get_traced_memory()[0]
        store._cache.clear()
        gc.collect()
        real = before - tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()

    assert declared == pytest.approx(real, rel=0.2)


def test_of_a_word_only_what_scores_is_kept_in_each_segment(store):
    """Or the queries of a day do not fit: what was asked a while ago was read anew each time, from 10,000 texts on."""
    build(store, *make_many(300, words=60))
    ask_all(store)
    snapshot = store.snapshot()
    store._cache.clear()

    rank(snapshot, parse("hot qqxxvitt"), Filters(seen_in(snapshot), {}), TODAY)
    found_by = {key[:2] for _stamp, key in store._cache._kept if key[-1] not in ("frequency", "mask")}

    assert {key for key in found_by if key[0] in ("stem", "part", "folded", "title")} == {("stem", "hot")}
    assert snapshot.document_frequency("stem", "hot") == len(snapshot.leaves[0].postings("stem", "hot").docs)


def test_terms_that_several_segments_hold_are_counted_once(store):
    texts = [" ".join(f"ord{chr(97 + number % 26)}{number}" for number in range(400))] * 2
    first, second = (make_indexable(text=text) for text in texts)
    build(store, first)
    with store.lock():
        store.apply([], [make_document(second)])
    leaves = store.snapshot().leaves
    sizes = []
    for leaf in leaves:
        before = store._cache.used
        assert len(leaf.terms("raw", "")) > 400
        sizes.append(store._cache.used - before)

    assert len(leaves) == 2
    assert sizes[1] < sizes[0] / 3
