"""The one cache: never more than its limit, never a value of another stamp, plain data only."""

import threading
import tracemalloc
from datetime import UTC, date, datetime
from functools import partial
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from markupsafe import Markup

from kb.accounts.models import Unit
from kb.accounts.viewer import ANONYMOUS, Viewer
from kb.cache import MEGABYTE, Cache, bytes_of, entries
from kb.library.content.document import Document, Kind

KEYS, STAMPS = st.sampled_from("abc"), st.integers(0, 2)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.binary(max_size=40) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


class KeptRight(RuleBasedStateMachine):
    """What is taken, in any order and under any stamp, is what was built for exactly that key and stamp."""

    @initialize(limit=st.integers(0, 6000))
    def begin(self, limit):
        self.limit = limit
        self.cache = Cache(limit)
        self.built = []

    @rule(key=KEYS, stamp=STAMPS, size=st.integers(0, 3000))
    def take(self, key, stamp, size):
        value = self.cache.take(key, stamp, lambda: self._make(key, stamp, size))

        assert value[:2] == (key, stamp)

    @rule(key=KEYS, stamp=STAMPS, names=st.sets(st.integers(0, 5)), there=st.sets(st.integers(0, 5)))
    def take_each(self, key, stamp, names, there):
        there = {name for name in there if name % 2 == stamp % 2}  # what exists is the same for one stamp

        def build(missing):
            assert set(missing) <= names
            return {name: (key, stamp, name) for name in missing if name % 2 == stamp % 2}

        found = self.cache.take_each(key, stamp, names, build)

        assert found == {name: (key, stamp, name) for name in names if name % 2 == stamp % 2}

    @rule(key=KEYS, stamp=STAMPS)
    def fail(self, key, stamp):
        before = len(self.cache)
        with pytest.raises(ZeroDivisionError):
            self.cache.take((key, "fel"), stamp, lambda: 1 // 0)

        assert len(self.cache) == before

    @rule()
    def clear(self):
        self.cache.clear()

        assert (len(self.cache), self.cache.used) == (0, 0)

    @invariant()
    def is_within_its_limit_and_counts_truly(self):
        kept = self.cache._kept
        assert self.cache.used == sum(weight for _value, weight in kept.values()) <= self.limit
        assert all(weight > bytes_of(value) for value, weight in kept.values())

    def _make(self, key, stamp, size):
        self.built.append((key, stamp))
        return key, stamp, "x" * size


TestKeptRight = KeptRight.TestCase
TestKeptRight.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_a_value_is_built_once_for_each_stamp():
    cache = Cache(MEGABYTE)
    built: list[int] = []

    for stamp in (1, 1, 2, 1, 2):
        cache.take("a", stamp, partial(built.append, stamp))

    assert built == [1, 2]


def test_the_least_used_value_is_let_go():
    cache = Cache(2, weigh=entries)
    for key in "abac":
        cache.take(key, 1, partial(str, key))

    assert cache.take("a", 1, lambda: "ny") == "a"
    assert cache.take("b", 1, lambda: "ny") == "ny"


def test_what_is_larger_than_all_room_is_given_and_not_kept():
    cache = Cache(1000)
    cache.take("litet", 1, lambda: "x")

    assert len(cache.take("stort", 1, lambda: "x" * 5000)) == 5000
    assert cache.values() == ["x"]


def made_of(key, stamp):
    return key, stamp, "x" * 100 * key


def test_many_threads_get_what_is_theirs():
    cache, wrong = Cache(20_000), []

    def read(stamp):
        for number in range(3000):
            key = number % 40
            value = cache.take(key, stamp, partial(made_of, key, stamp))
            each = cache.take_each(
                "alla", stamp, range(key % 7), lambda names: {name: (name, stamp) for name in names}
            )
            if value[:2] != (key, stamp) or each != {name: (name, stamp) for name in range(key % 7)}:
                wrong.append((key, stamp, value[:2]))

    threads = [threading.Thread(target=read, args=(number // 2,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert cache.used == sum(weight for _value, weight in cache._kept.values()) <= 20_000


@pytest.mark.parametrize(
    "make",
    [
        lambda number: "å" * (number % 50) + str(number),
        lambda number: [str(number + inner) for inner in range(20)],
        lambda number: {str(number + inner): (number, float(inner)) for inner in range(20)},
        lambda number: Document(kind="vagledning", title=f"Text {number}", summary="s" * number),
    ],
    ids=["words", "lists", "tables", "documents"],
)
def test_the_bytes_that_are_counted_are_those_that_are_taken(make):
    cache = Cache(10**9)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(1000, 2000):
        cache.take(number, "s", partial(make, number))
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()

    assert 0.75 < cache.used / taken < 1.35


@settings(max_examples=40, deadline=None)
@given(PLAIN, PLAIN)
def test_more_weighs_more(one, other):
    assert bytes_of([one, other]) >= max(bytes_of(one), bytes_of(other)) >= 0


def test_a_thing_is_counted_once_however_often_it_is_referred_to():
    long = "x" * 10_000

    assert bytes_of([long] * 50) < 12_000


@pytest.mark.parametrize(
    "value",
    [
        ANONYMOUS,
        Kind.CHECKLIST,
        Markup("<b>ja</b>"),
        MappingProxyType({"a": 1}),
        frozenset({1, 2}),
        date(2026, 11, 30),
        datetime(2026, 11, 30, tzinfo=UTC),
        object(),
        Viewer,
    ],
    ids=lambda value: type(value).__name__,
)
def test_plain_data_can_be_kept(value):
    cache = Cache(MEGABYTE)

    assert cache.take("a", 1, lambda: value) is value
    assert len(cache) == 1


@pytest.mark.parametrize(
    "make",
    [lambda: Unit(name="Hemtjänst"), lambda: (number for number in "12"), threading.Lock, lambda: [[Unit()]]],
    ids=["a row", "an iterator", "a lock", "a row inside"],
)
def test_what_is_no_plain_data_is_refused(make):
    cache = Cache(MEGABYTE)

    with pytest.raises(TypeError, match="no plain data"):
        cache.take("a", 1, make)

    assert len(cache) == 0
