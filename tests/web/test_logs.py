"""The log: what went wrong and where, never what a person typed, nor an address that holds a secret."""

import io
import logging
import re
from contextlib import contextmanager

import pytest
from flask import request
from sqlalchemy import event
from wtforms import Form

from kb import logs
from kb.accounts.roles import Role
from tests.factories import make_item, make_user

SECRET = "Hemlighetsson på Gömda gatan"
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def written():
    """What is written to the log, in the form in which it is written."""
    buffer = io.StringIO()
    handler = logging.StreamHandler(buffer)
    handler.setFormatter(logs.QuietFormatter(logs.FORMAT))
    handler.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    yield buffer
    logging.getLogger().removeHandler(handler)


def field_names(app):
    """The names of all form fields that there are."""
    names = {"q", "note", "reason", "text", "state", "lage", "unit", "roles", "tema"}
    waiting = [Form, *Form.__subclasses__()]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        names |= {name for name in dir(kind) if hasattr(getattr(kind, name), "field_class")}
    return names - {"csrf_token"}


def addresses(app, item):
    """An address for each form that changes something."""
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods:
            known = {"public_id": item.public_id, "slug": item.slug, "token": SECRET.replace(" ", "-")}
            values = {name: known.get(name, "1") for name in rule.arguments}
            yield re.sub(r"<(?:[^<>:]*:)?([^<>]+)>", lambda found: values[found[1]], rule.rule)  # noqa: B023


@contextmanager
def failing(app, how):
    """Every write fails, in words that quote what was sent."""
    database = app.extensions["database"]
    if how == "at the start":

        def refuse():
            raise ValueError(f"går inte: {request.form.to_dict(flat=False)} {request.path}")

        before = database.transaction
        database.transaction = refuse
        yield
        database.transaction = before
    else:

        def harm(_connection, _cursor, statement, parameters, _context, _many):
            if statement.startswith(WRITES):
                raise ValueError(f"{statement} {parameters}")

        event.listen(database.engine, "before_cursor_execute", harm)
        yield
        event.remove(database.engine, "before_cursor_execute", harm)


@pytest.mark.parametrize("how", ["at the start", "at the statement"])
def test_no_failing_write_leaves_its_words_in_the_log(app, session, sign_in, written, how):
    person = make_user(session, *Role)
    item = make_item(session, slug="text-om-oro")
    browser = sign_in(person)
    form = dict.fromkeys(field_names(app), SECRET) | {"email": "hemlighetsson@kommun.example"}
    form |= {"typ": "vagledning", "title": SECRET, "body": f"<p>{SECRET}</p>"}
    statuses = []

    with failing(app, how):
        for address in addresses(app, item):
            statuses.append(browser.post(address, data=form, expect_error=True).status_code)
            browser.post(address, data={"title": SECRET, "typ": "vagledning"}, expect_error=True)

    text = written.getvalue()
    assert len(statuses) > 40
    assert text.count("ValueError") > 3, "nothing failed, so nothing was tried"
    assert "hemlighetsson" not in text.lower()


def test_an_error_of_the_database_leaves_out_what_was_stored(app, session, written):
    user = make_user(session, email="hemlighetsson@kommun.example")
    try:
        make_user(session, email=user.email)
    except Exception:
        logging.getLogger("kb.prov").exception("it failed")
    session.rollback()

    text = written.getvalue()
    assert "IntegrityError" in text
    assert "hemlighetsson" not in text


def test_places_and_causes_stand_in_the_log(written):
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise RuntimeError(SECRET) from error
    except RuntimeError:
        logging.getLogger("kb.prov").exception("it failed")

    text = written.getvalue()
    assert text.index("ValueError") < text.index("which led to") < text.index("RuntimeError")
    assert "int(SECRET)" in text
    assert "Hemlighetsson" not in text


def test_an_address_with_a_token_is_logged_as_a_pattern(app, client, written, monkeypatch):
    monkeypatch.setattr(app.extensions["database"], "reading", lambda: 1 / 0)

    client.get("/lank/en-hemlig-lank", expect_error=True)

    assert "/lank/<token>" in written.getvalue()
    assert "en-hemlig-lank" not in written.getvalue()
