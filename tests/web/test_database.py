"""The database's own rules: migrations, writing sessions, what is away."""

import threading

import pytest
from sqlalchemy import event, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import Pool

import kb
from kb import clock, db
from kb.db import Database, UtcDateTime, is_unavailable, make_engine, revisions, upgrade
from kb.errors import Refused
from tests.conftest import build_app, new_database_url


def test_starting_at_once_migrates_once(tmp_path):
    url, results = new_database_url(tmp_path), []
    databases = [Database(url) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda d=d: results.append(upgrade(d, tmp_path / "migrate.lock")))
        for d in databases
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.dispose()

    assert sorted(results) == [False, False, False, True]


def test_a_database_newer_than_the_code_is_refused_and_left_alone(tmp_path):
    app = build_app(tmp_path)
    database = app.extensions["database"]
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Refused, match="nyare än programmet"):
        upgrade(database, tmp_path / "migrate.lock")

    with database.reading() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    database.dispose()


def test_a_start_that_fails_leaves_no_connection_behind(tmp_path, monkeypatch):
    opened, closed = [], []
    events = {
        "connect": lambda raw, _record: opened.append(raw),
        "close": lambda raw, _record: closed.append(raw),
    }
    monkeypatch.setattr(kb, "CAPABILITIES", (*kb.CAPABILITIES, "finns_inte"))
    for name, listener in events.items():
        event.listen(Pool, name, listener)
    try:
        with pytest.raises(ModuleNotFoundError):
            build_app(tmp_path)
    finally:
        for name, listener in events.items():
            event.remove(Pool, name, listener)

    assert opened
    assert len(closed) == len(opened)


def test_rebuilding_a_table_does_not_take_its_children_along(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with database.transaction() as session:
        session.execute(text("CREATE TABLE a (id INTEGER PRIMARY KEY)"))
        session.execute(
            text("CREATE TABLE b (id INTEGER PRIMARY KEY, a_id REFERENCES a(id) ON DELETE CASCADE)")
        )
        session.execute(text("INSERT INTO a VALUES (1)"))
        session.execute(text("INSERT INTO b VALUES (1, 1)"))

    with database.engine.connect() as connection, db._rebuilding(connection), connection.begin():
        connection.exec_driver_sql("CREATE TABLE a2 (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO a2 SELECT id FROM a")
        connection.exec_driver_sql("DROP TABLE a")
        connection.exec_driver_sql("ALTER TABLE a2 RENAME TO a")
        db._check_references(connection)

    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM b")) == 1
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    database.dispose()


def test_a_fault_of_ours_is_not_called_a_store_that_is_away(live_app):
    with (
        live_app.extensions["database"].reading() as session,
        pytest.raises(Exception, match="finns_inte") as caught,
    ):
        session.execute(text("SELECT * FROM finns_inte"))

    assert not (isinstance(caught.value, OperationalError) and is_unavailable(caught.value))


def test_writers_that_read_first_lose_nothing(live_app):
    database = live_app.extensions["database"]
    with database.transaction() as session:
        session.execute(text("CREATE TABLE tally (id INTEGER PRIMARY KEY, n INTEGER)"))
        session.execute(text("INSERT INTO tally VALUES (1, 0)"))

    def add() -> None:
        for _ in range(25):
            with database.transaction() as session:
                found = session.scalar(
                    text(
                        "SELECT n FROM tally WHERE id = 1 FOR UPDATE"
                        if _is_pg(database)
                        else "SELECT n FROM tally"
                    )
                )
                session.execute(text("UPDATE tally SET n = :n"), {"n": found + 1})

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading() as session:
        assert session.scalar(text("SELECT n FROM tally")) == 100


def _is_pg(database: Database) -> bool:
    return database.engine.dialect.name == "postgresql"


@pytest.mark.parametrize("start", ["postgres", "postgresql", "postgresql+psycopg"])
def test_an_address_of_postgresql_may_be_written_in_any_of_its_ways(start):
    engine = make_engine(f"{start}://radrum@127.0.0.1:1/radrum")

    assert engine.url.drivername == "postgresql+psycopg"
    assert engine.url.database == "radrum"


def test_upgrades_that_end_in_two_places_are_refused_by_name(tmp_path):
    (tmp_path / "versions").mkdir()
    for name, before in {"0001": None, "0002_a": "0001", "0002_b": "0001"}.items():
        lines = f"revision = {name!r}\ndown_revision = {before!r}\n"
        (tmp_path / "versions" / f"{name}.py").write_text(lines)

    with pytest.raises(Refused, match=r"0002_a, 0002_b"):
        revisions(tmp_path)


def test_a_moment_without_a_zone_is_never_stored():
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(clock.now().replace(tzinfo=None), sqlite.dialect())
