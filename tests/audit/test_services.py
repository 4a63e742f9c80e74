"""Recording events."""

import pytest

from kb.audit.events import EVENTS, KEY_WORDS
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


def test_every_key_has_a_word_for_the_page():
    assert set().union(*(keys for _title, keys in EVENTS.values())) <= set(KEY_WORDS)
