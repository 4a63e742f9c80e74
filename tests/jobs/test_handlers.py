"""Every job, done twice in a row, changes nothing more: a worker may be killed between the deed and its note.

A new job needs a line in `EXAMPLES`: what it is asked for with, when there is something for it to do.
"""

import re

import pytest
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.db import Base
from kb.jobs.models import Job
from kb.jobs.outbox import enqueue
from kb.jobs.queries import list_jobs
from kb.jobs.worker import run_due
from kb.library.core.models.reviewing import ReviewNote
from kb.library.services import review, withdrawals
from kb.mail import services as mail
from tests.conftest import build_app
from tests.factories import make_document, make_draft, make_item, make_user, viewer_of
from tests.mail.server import MailServer
from tests.structure.source import files, text_of

REGISTERED = re.compile(r"\.(?:handle|drain|drain_beside)\(\s*\"([a-z_.]+)\"")
NAMES = [name for path in files("kb", ".py") for name in REGISTERED.findall(text_of(path))]


def a_text(session):
    return {"item": make_item(session, make_document(title="Nödlarm"), slug="nodlarm").id}


def a_message(session):
    message = mail.send(session, to="bo@kommun.example", subject="Hej", body="Hej!\n")
    session.flush()
    return {"message_id": message.id}


def a_person(session):
    make_user(session, email="anna@kommun.example")
    return {"email": "anna@kommun.example"}


def a_review_note(session):
    writer = viewer_of(session, make_user(session, Role.EDITOR))
    item = make_draft(session, make_document(title="Bombhot"), by=writer)
    review.submit_for_review(session, item, by=writer)
    reviewer = viewer_of(session, make_user(session, Role.REVIEWER))
    review.request_changes(session, item, "Källan är gammal.", by=reviewer)
    return {"note": session.scalars(select(ReviewNote.id)).one()}


def a_withdrawal(session):
    item = make_item(session, make_document(title="Fel nummer"), slug="fel-nummer")
    make_user(session, Role.EDITOR, Role.REVIEWER)
    by = viewer_of(session, make_user(session, Role.EDITOR))
    return {
        "withdrawal": withdrawals.request_withdrawal(session, item, reason="Fel.", replacement=None, by=by).id
    }


# What is only ever added to, and what tells of time.
GROWING = {"search_change", "search_node", "search_setting", "job_schedule"}
EXAMPLES = {
    "accounts.send_password_link": a_person,
    "library.mail_review_note": a_review_note,
    "library.mail_withdrawal": a_withdrawal,
    "mail.send": a_message,
    "search.index_item": a_text,
}


@pytest.fixture(scope="module")
def server():
    """A mail server that takes everything."""
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def served(tmp_path_factory, server):
    """An application of its own that sends mail."""
    app = build_app(tmp_path_factory.mktemp("handlers"), smtp_url=server.url, smtp_plain=True)
    settle(app)
    yield app
    app.extensions["database"].dispose()


def settle(app):
    """Run what waits, and what that asks for in its turn."""
    for _ in range(3):
        run_due(app.extensions["database"], app.extensions["jobs"])
    with app.extensions["database"].reading() as session:
        assert list_jobs(session) == []


def all_there_is(app, server):
    """Every row of every table, what the index holds, what was mailed."""
    with app.extensions["database"].reading() as session:
        tables = {
            table.name: sorted(map(repr, session.execute(select(table))))
            for table in Base.metadata.sorted_tables
            if table.name not in GROWING
        }
    stored = sorted(map(repr, app.extensions["search"].indexer.store.snapshot().stored()))
    return tables | {"index": stored, "mail": [str(message) for message in server.received]}


def test_each_name_is_registered_once_and_in_its_own_capability(app):
    assert sorted(NAMES) == sorted(app.extensions["jobs"].kinds)
    for path in files("kb", ".py"):
        for name in REGISTERED.findall(text_of(path)):
            assert path.match(f"kb/{name.split('.')[0]}/**/*.py") or path.parent.name == name.split(".")[0]


def test_each_job_that_is_asked_for_has_its_name_written_where_it_is():
    asked = [
        found
        for path in files("kb", ".py")
        for found in re.findall(r"\benqueue\(\s*\w+,\s*([^,\s]+)", text_of(path))
    ]

    literal = {name.strip('"') for name in asked if name.startswith('"')}
    assert literal <= set(NAMES)
    assert [name for name in asked if not name.startswith('"')] == ['message.renewal["job"]']


@pytest.mark.parametrize("name", NAMES)
def test_a_job_done_twice_changes_nothing_more(served, server, name):
    assert name in EXAMPLES, f"{name}: give an example of what it is asked for with"
    database = served.extensions["database"]
    before = all_there_is(served, server)
    with database.transaction() as session:
        payload = EXAMPLES[name](session)
        enqueue(session, name, payload)
    settle(served)
    once = all_there_is(served, server)

    with database.transaction() as session:
        enqueue(session, name, payload)
        assert session.scalars(select(Job.name)).all() == (
            [] if name in served.extensions["jobs"].writes else [name]
        )
    settle(served)

    assert once != before
    assert all_there_is(served, server) == once
