"""Recording events."""

import pytest

from kb.audit import events
from kb.audit.events import Event, Events, Register, key_words, known_events, register_events
from kb.audit.services import record


def test_an_event_is_stored_with_its_keys(session):
    event = record(session, "unit.created", actor="system", subject="abc", name="Väst")

    session.flush()
    assert (event.name, event.actor, event.subject, event.data) == (
        "unit.created",
        "system",
        "abc",
        {"name": "Väst"},
    )


@pytest.mark.parametrize(("name", "data"), [("unit.exploded", {}), ("unit.created", {"colour": "röd"})])
def test_undeclared_events_and_keys_are_errors(session, name, data):
    with pytest.raises(ValueError, match="undeclared"):
        record(session, name, actor="system", **data)


def test_every_key_has_a_word_for_the_page(app):
    keys = set().union(*(event.keys for event in known_events().values()))

    assert keys
    assert [key for key in keys if events._REGISTER.keys.get(key) is None] == []


@pytest.mark.parametrize(
    "wrong",
    [
        Events(place=2, names={"bubble.burst": Event("Bubbla sprucken", "colour")}),
        Events(place=1, names={"bubble.burst": Event("Bubbla sprucken")}),
        Events(place=2, names={"soap.bought": Event("Tvål köpt")}),
        Events(place=2, names={}, keys={"shop": "affär"}),
    ],
)
def test_what_is_taken_or_has_no_words_is_refused(monkeypatch, wrong):
    monkeypatch.setattr(events, "_REGISTER", Register())
    first = Events(place=1, names={"soap.bought": Event("Såpa köpt", "shop")}, keys={"shop": "butik"})
    register_events(first)
    register_events(first)

    with pytest.raises(ValueError, match=r"taken|without words"):
        register_events(wrong)
    assert known_events() == first.names
    assert (key_words("shop"), key_words("colour")) == ("butik", "colour")
