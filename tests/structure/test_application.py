"""The application as it is put together: guards, addresses, audit events, jobs, tables."""

import ast
import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from kb import models
from kb.audit.events import known_events
from kb.db import Base
from kb.web.guards import check_guards, guard_of
from kb.web.registry import settle
from tests.structure.source import files, text_of

assert models
ENDPOINT = re.compile(
    r"[a-z]+\.(?:[a-z_]+_)?(?:index|show|new|edit|create|update|delete)|[a-z]+\.[a-z_]+_(?:export|feed)"
)
ADDRESS = re.compile(r"/[a-z0-9\-/.]*")


def test_every_endpoint_says_who_may_come_in(app):
    assert [name for name in app.view_functions if guard_of(app, name) is None] == []


def test_an_endpoint_that_does_not_say_so_stops_the_start(app, monkeypatch):
    monkeypatch.setitem(app.view_functions, "desk.about_show", lambda: "")

    with pytest.raises(RuntimeError, match="about_show"):
        check_guards(app)
    with pytest.raises(RuntimeError, match="about_show"):
        settle(app)


def test_every_endpoint_is_named_by_noun_and_verb(app):
    odd = [name for name in app.view_functions if not ENDPOINT.fullmatch(name)]

    assert odd == []


def test_addresses_are_plain_small_letters(app):
    odd = []
    for rule in app.url_map.iter_rules():
        plain = re.sub(r"<[^>]+>", "", rule.rule)
        if not ADDRESS.fullmatch(plain):
            odd.append(rule.rule)

    assert odd == []


def test_no_page_that_is_read_changes_anything(app):
    """Views that create, update or delete take no GET."""
    odd = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.endswith(("_create", "_update", "_delete")) and "GET" in rule.methods
    ]

    assert odd == []


def test_every_audit_event_in_the_code_is_declared(app):
    used = {event for path in files("kb", ".py") for event in recorded(path)}

    assert used - set(known_events()) == set()


def test_every_declared_audit_event_is_used(app):
    text = "".join(text_of(path) for path in files("kb", ".py") if path.name != "start.py")

    assert [name for name in known_events() if f'"{name}"' not in text] == []


RECORDING = {"record", "audit", "note_event"}


def recorded(path):
    """The events that a file records by name."""
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Call) and called(node) in RECORDING and len(node.args) > 1:
            name = node.args[1]
            if isinstance(name, ast.Constant) and isinstance(name.value, str) and "." in name.value:
                yield name.value


def called(node):
    """The name of the function that is called."""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def test_every_job_has_a_handler(app):
    enqueued = {
        found
        for path in files("kb", ".py")
        for found in re.findall(r"enqueue\(\s*\w+,\s*\"([a-z_.]+)\"", text_of(path))
    }

    assert enqueued
    assert enqueued - set(app.extensions["jobs"].kinds) == set()


def test_migrations_lead_to_the_models(live_app):
    with live_app.extensions["database"].engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)

    assert differences == []


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_a_table_is_named_in_the_singular_and_its_times_by_what_they_are(table):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", table.name)
    for column in table.columns:
        kind = type(column.type).__name__
        assert kind != "DateTime", f"{column}: UtcDateTime"
        if kind == "UtcDateTime":
            assert column.name.endswith(("_at", "at", "until")), column
        if kind == "Date":
            assert column.name.endswith(("_on", "_from", "_to")), column
