"""An existing instance whose rows were written before texts got one spelling."""

import json
import unicodedata
from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import text

from kb.db import Database, migration_config, upgrade
from kb.library.content.document import Action, Document, from_dict
from tests.conftest import new_database_url

_NOW = datetime(2026, 11, 1, tzinfo=UTC).replace(tzinfo=None)


def _nfd(words):
    return unicodedata.normalize("NFD", words)


@pytest.fixture
def old(tmp_path):
    """A database as it was before, with some rows, and the way to bring it up to date."""
    database = Database(new_database_url(tmp_path))
    with database.writing_connection() as connection:
        command.upgrade(migration_config(connection), "0003")
    yield database, lambda: upgrade(database, tmp_path / "migrate.lock")
    database.dispose()


def _insert(connection, table, **values):
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({marks})'), values)


def _user(connection, number, email, *, last=None, name="Åsa"):
    _insert(
        connection,
        "user",
        id=number,
        public_id=f"p{number}",
        name=_nfd(name),
        email=email,
        is_closed=False,
        created_at=_NOW,
        last_sign_in_at=last,
    )


def _item(connection, document, *, digest="gammal"):
    """An item with one revision; its loaded digest is that of the revision."""
    values = {
        "public_id": "q1",
        "kind": "vagledning",
        "slug": "askvader",
        "title": document["title"],
        "summary": "",
        "owner": "",
        "visibility": "oppen",
        "review_interval_months": 12,
        "step_count": 0,
        "status": "publicerad",
        "workflow": "vila",
        "version": 1,
        "is_edited_here": False,
        "loaded_digest": digest,
        "created_at": _NOW,
        "updated_at": _NOW,
    }
    _insert(connection, "content_item", id=1, **values)
    _insert(
        connection,
        "revision",
        id=1,
        item_id=1,
        number=1,
        document=json.dumps(document),
        digest=digest,
        cleaner=1,
        author_name="x",
        reason="",
        way="inlasning",
        created_at=_NOW,
    )


def test_documents_are_mended_with_their_digests(old):
    database, migrate = old
    document = Document(
        kind="vagledning",
        title=_nfd("Åskväder \u202eoch ström"),
        labels=(_nfd("nödläge"), "nödläge"),
        body=_nfd("<p>Håll\u2028dörrar</p>"),
        actions=(Action(do="\u200b"),),
    ).to_dict()
    with database.writing_connection() as connection:
        _item(connection, document)
        for label in document["labels"]:
            _insert(connection, "item_label", item_id=1, label=label)

    assert migrate()

    with database.reading() as session:
        stored, digest = session.execute(text("SELECT document, digest FROM revision")).one()
        title, loaded = session.execute(text("SELECT title, loaded_digest FROM content_item")).one()
        labels = session.scalars(text("SELECT label FROM item_label")).all()
        jobs = session.execute(text("SELECT queue, name, payload FROM job")).all()
    found = from_dict(json.loads(stored) if isinstance(stored, str) else stored)
    assert (found.title, found.labels, found.body) == (
        "Åskväder och ström",
        ("nödläge",),
        "<p>Håll dörrar</p>",
    )
    assert found.actions[0].do == "–"
    assert digest == loaded == found.digest
    assert title == found.title
    assert labels == ["nödläge"]
    assert [(job.queue, job.name) for job in jobs] == [("search", "search.index_item")]


def test_a_damaged_document_stops_no_upgrade(old):
    database, migrate = old
    if database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL stores no damaged JSON")
    with database.writing_connection() as connection:
        _item(connection, {"kind": "vagledning", "title": _nfd("Å")})
        connection.execute(text("UPDATE revision SET document = '{\"title'"))

    assert migrate()

    with database.reading() as session:
        assert session.scalar(text("SELECT title FROM content_item")) == "Å"


def test_accounts_that_look_the_same_become_one(old):
    database, migrate = old
    with database.writing_connection() as connection:
        _user(connection, 1, "åsa.prov@kommun.example")
        _user(connection, 2, _nfd("åsa.prov@kommun.example"), last=_NOW)
        _user(connection, 3, "ｂｏ@kommun.example")
        _insert(
            connection,
            "sign_in",
            id=1,
            public_id="s1",
            token_hash="t",
            user_id=1,
            created_at=_NOW,
            last_seen_at=_NOW,
            device="d",
        )

    assert migrate()

    with database.reading() as session:
        users = session.execute(text('SELECT email, name, is_closed FROM "user" ORDER BY id')).all()
        ended = session.scalar(text("SELECT end_reason FROM sign_in"))
    assert [(u.email, bool(u.is_closed)) for u in users] == [
        ("dubblett-1-åsa.prov@kommun.example", True),
        ("åsa.prov@kommun.example", False),
        ("bo@kommun.example", False),
    ]
    assert {u.name for u in users} == {"Åsa"}
    assert ended == "stängt konto"


def test_small_lists_keep_one_of_two_rows_that_look_the_same(old):
    database, migrate = old
    with database.writing_connection() as connection:
        for number, typed in enumerate(["våld", _nfd("våld")], start=1):
            _insert(
                connection,
                "synonym",
                id=number,
                typed=typed,
                target="hot",
                note="",
                created_at=_NOW,
                created_by="x",
            )
        for number, name in enumerate(["Söder", _nfd("Söder")], start=1):
            _insert(connection, "unit", id=number, public_id=f"u{number}", name=name, created_at=_NOW)

    assert migrate()

    with database.reading() as session:
        assert session.scalars(text("SELECT typed FROM synonym")).all() == ["våld"]
        first, second = session.scalars(text("SELECT name FROM unit ORDER BY id")).all()
    assert first == "Söder"
    assert second.startswith("Söder (")


def test_an_upgrade_of_what_is_right_changes_nothing(old):
    database, migrate = old
    with database.writing_connection() as connection:
        _item(connection, {"kind": "vagledning", "title": "Åska 👩‍🚒", "body": "<p>sam\u00adman</p>"})

    assert migrate()

    with database.reading() as session:
        assert session.scalar(text("SELECT digest FROM revision")) == "gammal"
        assert session.scalars(text("SELECT id FROM job")).all() == []
