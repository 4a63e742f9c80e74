"""The names of audit events: each capability registers its own in its `start`, with their keys and words in Swedish.

What nobody registered is an error when it is recorded, so that all that stands in the log can be read on its page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, init=False)
class Event:
    """An event: its name in Swedish, and the keys that it may carry."""

    title: str
    keys: frozenset[str]

    def __init__(self, title: str, *keys: str) -> None:
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "keys", frozenset(keys))


@dataclass(frozen=True, kw_only=True)
class Events:
    """What a capability writes into the log. Lower places stand first where an event is chosen.

    `keys` are the words for keys that no capability below has words for, `values` those for values that are words of
    the code.
    """

    place: int
    names: Mapping[str, Event]
    keys: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Register:
    """All that is registered."""

    groups: dict[int, Mapping[str, Event]] = field(default_factory=dict)
    names: dict[str, Event] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)


_REGISTER = Register()


def register_events(events: Events) -> None:
    """Make the events of a capability known; the same again changes nothing.

    Raises `ValueError` for a key without words, and for an event, a key, a value or a place that is taken.
    """
    known = _REGISTER
    parts: tuple[tuple[dict[Any, Any], Mapping[Any, Any]], ...] = (
        (known.groups, {events.place: events.names}),
        (known.names, events.names),
        (known.keys, events.keys),
        (known.values, events.values),
    )
    taken = [key for held, more in parts for key in more if held.get(key, more[key]) != more[key]]
    if taken:
        raise ValueError(f"taken in the audit log: {taken}")
    wordless = {key for event in events.names.values() for key in event.keys if key not in events.keys}
    if wordless - known.keys.keys():
        raise ValueError(f"keys of audit events without words: {sorted(wordless - known.keys.keys())}")
    for held, more in parts:
        held.update(more)


def event_named(name: str) -> Event | None:
    """The event of that name."""
    return _REGISTER.names.get(name)


def known_events() -> dict[str, Event]:
    """All events, in the order in which they are shown."""
    return {name: event for _, names in sorted(_REGISTER.groups.items()) for name, event in names.items()}


def key_words(key: str) -> str:
    """What people call a key."""
    return _REGISTER.keys.get(key, key)


def value_words() -> Mapping[str, str]:
    """The words for values that are words of the code."""
    return _REGISTER.values
