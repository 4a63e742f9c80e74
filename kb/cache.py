"""The one cache: plain data under a stamp, at most so many bytes, the least recently used let go first.

Three rules make it safe to use, in any number of threads and processes:

* The stamp is read in the same snapshot of the database as what the value is made from. A stamp that was read beside it
  may be newer, and then what a withdrawal took away would be kept under the name of what came after it.
* A value is never changed after it was made, and holds no object of the database, which would be read from another
  session's thread and keep what is gone. What is no plain data is refused with `TypeError`.
* What is asked for under one stamp never gives what was made under another. Old values are not looked for and taken
  away: nobody asks for them any more, so they are the first to go.

A pure function of constant data needs none of this: it has `functools.lru_cache`.
"""

import sys
from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from enum import Enum
from functools import cache
from threading import Lock
from typing import Any, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
MEGABYTE = 1024 * 1024
ENTRY_BYTES = 150  # what an entry takes besides its key and value: a place in the order, a tuple, a number
KEY_BYTES = 300  # the same with a short key
_SHARED = (bool, Enum, type)
_SCALARS = frozenset({str, bytes, int, float, date, datetime})
_SUBCLASSED = (str, bytes, int, float, date, timedelta, tzinfo, array)
_COLLECTIONS = (tuple, list, set, frozenset)


def bytes_of_entry(key: Hashable, value: object) -> int:
    """The bytes that an entry takes with its key. Raises `TypeError` for what is no plain data."""
    return bytes_of(value) + bytes_of(key) + ENTRY_BYTES


def entries(_key: Hashable, _value: object) -> int:
    """For a cache of so many entries, all about as large, which it would take longer to weigh than to make."""
    return 1


class Cache:
    """The most recently used values: `limit` bytes with their keys, or `limit` of what else `weigh` counts."""

    def __init__(self, limit: int, weigh: Callable[[Hashable, Any], int] = bytes_of_entry) -> None:
        self._limit = limit
        self._weigh = weigh
        self._used = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    @property
    def used(self) -> int:
        """What is kept, in bytes or as `weigh` counts."""
        return self._used

    def __len__(self) -> int:
        return len(self._kept)

    def values(self) -> list[Any]:
        """All that is kept."""
        with self._lock:
            return [value for value, _weight in self._kept.values()]

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._kept.clear()
            self._used = 0

    def take(
        self, key: Hashable, stamp: Hashable, build: Callable[[], T], size: Callable[[T], int] | None = None
    ) -> T:
        """The value of `key` under `stamp`, built when it is not there; what `build` raises is not kept.

        `size` gives the bytes of the value where its maker knows them and to count them would take long.
        """
        entry = (stamp, key)
        with self._lock:
            kept = self._kept.get(entry)
            if kept is not None:
                self._kept.move_to_end(entry)
                found: T = kept[0]
                return found
        value = build()
        self._put({entry: (value, size(value) + KEY_BYTES if size else self._weigh(entry, value))})
        return value

    def take_each(
        self,
        key: Hashable,
        stamp: Hashable,
        names: Collection[K],
        build: Callable[[Collection[K]], Mapping[K, T]],
    ) -> dict[K, T]:
        """The values of those names that exist; those missing are built in one go. That there is none is kept."""
        places: dict[Hashable, K] = {(stamp, (key, name)): name for name in names}
        found, missing = self._find(places)
        values: dict[K, T | None] = {places[place]: value for place, value in found.items()}
        if missing:
            built = build([places[place] for place in missing])
            fresh = {place: built.get(places[place]) for place in missing}
            self._put({place: (value, self._weigh(place, value)) for place, value in fresh.items()})
            values |= {places[place]: value for place, value in fresh.items()}
        return {name: value for name in names if (value := values[name]) is not None}

    def _find(self, entries: Iterable[Hashable]) -> tuple[dict[Hashable, Any], list[Hashable]]:
        """What is kept of these entries, and which are missing."""
        found: dict[Hashable, Any] = {}
        missing: list[Hashable] = []
        with self._lock:
            for entry in entries:
                if (kept := self._kept.get(entry)) is None:
                    missing.append(entry)
                else:
                    self._kept.move_to_end(entry)
                    found[entry] = kept[0]
        return found, missing

    def _put(self, weighed: Mapping[Hashable, tuple[Any, int]]) -> None:
        with self._lock:
            for entry, (value, weight) in weighed.items():
                if weight > self._limit or entry in self._kept:
                    continue
                self._kept[entry] = (value, weight)
                self._used += weight
            while self._used > self._limit:
                _entry, (_value, freed) = self._kept.popitem(last=False)
                self._used -= freed


def bytes_of(value: object) -> int:
    """The bytes that plain data takes, each thing in it counted once. Raises `TypeError` for what is no plain data."""
    total, seen, waiting = 0, set[int](), [value]
    while waiting:
        one = waiting.pop()
        number, kind = id(one), type(one)
        if one is None or number in seen:
            continue
        seen.add(number)
        if kind not in _SCALARS:
            parts = _parts(one, kind)
            if parts is None:
                continue
            waiting += parts
            total += sys.getsizeof(getattr(one, "__dict__", None)) if hasattr(one, "__dict__") else 0
        total += sys.getsizeof(one)
    return total


def _parts(one: Any, kind: type) -> Collection[Any] | None:
    """What a thing is made of; None for what there is one of, however often it is referred to."""
    if isinstance(one, _SHARED):
        return None
    if isinstance(one, _SUBCLASSED):
        return ()
    if isinstance(one, _COLLECTIONS):
        return one
    if isinstance(one, Mapping):
        return [*one.keys(), *one.values()]
    held, slots = getattr(one, "__dict__", {}), _slots(kind)
    if kind is not object and ("_sa_instance_state" in held or not kind.__module__.startswith("kb.")):
        raise TypeError(f"{kind.__module__}.{kind.__qualname__} is no plain data: it cannot be kept")
    return [*held.values(), *(getattr(one, name, None) for name in slots)]


@cache
def _slots(kind: type) -> tuple[str, ...]:
    """The names of what an object holds outside a `__dict__`."""
    found = [base.__dict__.get("__slots__", ()) for base in kind.__mro__]
    return tuple(name for slots in found for name in ((slots,) if isinstance(slots, str) else slots))


# What pages are made from, what editors settled, where words occur: all of a process compete for the same room.
SHARED = Cache(40 * MEGABYTE)
