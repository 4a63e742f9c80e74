"""Preparing a start, and the thorough check."""

import sqlite3
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from kb import clock
from kb.accounts.models import Unit, User
from kb.errors import Refused
from kb.jobs.models import Job
from kb.library.core.models.items import ContentItem
from kb.library.intake.loading import Report
from kb.ops import preparing
from kb.runs.models import Run
from kb.web.health import health_of
from tests.conftest import build_app
from tests.factories import make_item

AWAY = OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))
NOT_AWAY = OperationalError("INSERT", {}, sqlite3.OperationalError("no such table: utan"))


def throw(error):
    """Fail so."""
    raise error


def start(app, *options):
    """Run `ops start`."""
    return app.test_cli_runner().invoke(args=["ops", "start", *options])


def count(app, model):
    """How many rows there are."""
    with app.extensions["database"].reading() as session:
        return session.scalar(select(func.count()).select_from(model))


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """An application after its first start with demonstration accounts, and what that printed."""
    app = build_app(tmp_path_factory.mktemp("started"))
    printed = start(app, "--demo")
    yield app, printed
    app.extensions["database"].dispose()


def test_a_first_start_loads_texts_and_makes_people_and_a_run(started):
    app, printed = started

    assert printed.exit_code == 0, printed.output
    assert count(app, ContentItem) >= 34
    assert count(app, User) == 6
    assert count(app, Run) == 1
    assert "krisledare@demo.example" in printed.stdout


def test_a_start_leaves_index_and_database_agreeing(started):
    app, _ = started

    assert app.test_cli_runner().invoke(args=["search", "check"]).exit_code == 0
    assert app.test_cli_runner().invoke(args=["ops", "check"]).exit_code == 0


def test_a_second_start_changes_nothing(started, monkeypatch):
    app, _ = started
    monkeypatch.setattr(preparing, "load_starter", lambda *_: pytest.fail("loaded again"))

    found = start(app)

    assert (found.exit_code, found.output) == (0, "")


def test_texts_are_loaded_again_when_the_shipped_ones_have_changed(started, monkeypatch):
    app, _ = started
    monkeypatch.setattr(preparing, "starter_digest", lambda: "another")

    found = start(app)

    assert found.exit_code == 0
    assert "0 nya, 0 uppdaterade" in found.stdout


def test_a_spoilt_note_of_what_was_loaded_is_written_anew(started, monkeypatch):
    app, _ = started
    monkeypatch.setattr(preparing, "load_starter", lambda *_: Report())
    note = app.config["SETTINGS"].instance / preparing.DIGEST
    note.write_bytes(b"\xff\xfe")

    found = start(app)

    assert found.exit_code == 0, found.output
    assert note.read_text(encoding="ascii") == preparing.starter_digest()


def test_a_start_prints_a_link_until_there_is_an_administrator(live_app, monkeypatch):
    monkeypatch.setattr(preparing, "load_starter", lambda *_: Report())

    first, second = start(live_app), start(live_app)

    links = [
        line.strip() for found in (first, second) for line in found.stdout.splitlines() if "/lank/" in line
    ]
    assert len(set(links)) == 2
    browser = live_app.test_client()
    assert browser.get(links[1].removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert count(live_app, Unit) == 1


def test_demonstration_accounts_are_refused_in_production(tmp_path):
    app = build_app(tmp_path, env="production")

    found = start(app, "--demo")

    assert found.exit_code == 1
    assert "production" in found.stderr
    assert count(app, User) == count(app, ContentItem) == 0
    app.extensions["database"].dispose()


def test_check_names_jobs_that_have_failed(site):
    site.extensions["search"].indexer.repair()
    now = clock.now()
    with site.extensions["database"].transaction() as session:
        session.add(
            Job(queue="default", name="mail.send", payload={}, created_at=now, run_at=now, set_aside_at=now)
        )

    found = site.test_cli_runner().invoke(args=["ops", "check"])

    assert found.exit_code == 1
    assert "mail.send (1)" in found.stdout


def test_a_damaged_job_of_the_index_is_shown_by_the_check_and_the_list(site):
    indexer = site.extensions["search"].indexer
    indexer.repair()
    now = clock.now()
    with site.extensions["database"].transaction() as session:
        job = Job(queue="search", name="search.index_item", payload={"item": "x"}, created_at=now, run_at=now)
        session.add(job)
    indexer.tick()

    run = site.test_cli_runner().invoke

    assert "search.index_item (1)" in run(args=["ops", "check"]).stdout
    assert "Jobbets uppgifter går inte att läsa." in run(args=["jobs", "list", "--set-aside"]).stdout


def test_check_says_that_no_worker_takes_the_jobs(site):
    site.extensions["search"].indexer.repair()
    now = clock.now()
    run = site.test_cli_runner().invoke
    with site.extensions["database"].transaction() as session:
        for waited in (timedelta(minutes=1), timedelta(minutes=20)):
            at = now - waited
            session.add(
                Job(
                    queue="default",
                    name="mail.send",
                    payload={},
                    created_at=at,
                    run_at=at,
                    leased_until=now + waited,
                )
            )
    assert "arbetsprocessen" not in run(args=["ops", "check"]).stdout

    with site.extensions["database"].transaction() as session:
        session.execute(text("UPDATE job SET leased_until = NULL"))

    assert "Kör arbetsprocessen?" in run(args=["ops", "check"]).stdout


def test_check_names_texts_that_cannot_be_read(site):
    site.extensions["search"].indexer.repair()
    with site.extensions["database"].transaction() as session:
        session.execute(
            text("""UPDATE revision SET document = '{"kind": "roman", "title": "T"}' WHERE id = 1""")
        )

    found = site.test_cli_runner().invoke(args=["ops", "check"])

    assert found.exit_code == 1
    assert "Texterna: revision 1 av /vagledning/text-om-oro-0 går inte att läsa" in found.stdout


def test_check_names_references_that_lead_nowhere(site):
    engine = site.extensions["database"].engine
    if engine.dialect.name != "sqlite":
        pytest.skip("this database keeps its references itself")
    raw = engine.raw_connection()
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("DELETE FROM revision")
    raw.execute("PRAGMA foreign_keys = ON")
    raw.close()

    found = site.test_cli_runner().invoke(args=["ops", "check"])

    assert found.exit_code == 1
    assert "revision" in found.stdout


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device", "x.db"), Refused("Ord."), AWAY], ids=repr
)
def test_what_hinders_a_start_is_told_in_words(error):
    assert preparing.attempt(partial(throw, error)).endswith(".")


@pytest.mark.parametrize("error", [NOT_AWAY, ValueError("hemligt")], ids=repr)
def test_a_fault_of_ours_ends_a_start(error):
    with pytest.raises(type(error)):
        preparing.attempt(partial(throw, error))


def test_a_start_that_nothing_hinders_is_none():
    assert preparing.attempt(lambda: None) is None


def test_where_nothing_can_be_written_the_place_is_named(site, tmp_path, monkeypatch):
    database = site.extensions["database"]
    assert preparing.unwritable(database, tmp_path) is None

    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=0))
    assert preparing.unwritable(database, tmp_path) == "disken är full."

    monkeypatch.setattr("os.access", lambda path, _how: path != tmp_path)
    assert preparing.unwritable(database, tmp_path) == f"{tmp_path} går inte att skriva i."


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_start_that_cannot_save_serves_what_is_there_and_is_refused_where_nothing_is(
    live_app, monkeypatch, is_empty
):
    if not is_empty:
        with live_app.extensions["database"].transaction() as session:
            make_item(session)
    monkeypatch.setattr("kb.ops.cli._prepare_alone", lambda *_, **__: throw(AWAY))

    printed = start(live_app)

    assert printed.exit_code == int(is_empty)
    assert ("går inte att förbereda" if is_empty else "inget kan sparas") in printed.stderr
    assert "database or disk is full" in printed.stderr


def test_the_terminal_shows_what_the_page_about_operations_shows(site, monkeypatch):
    with site.extensions["database"].transaction() as session:
        at = clock.now() - timedelta(hours=3)
        session.add(Job(queue="mail", name="mail.send", payload={"message_id": 1}, created_at=at, run_at=at))

    printed = site.test_cli_runner().invoke(args=["ops", "status"])

    with site.extensions["database"].reading() as session:
        parts = health_of(site).figures(session)
    assert printed.exit_code == 0
    assert [title for title, _part in parts] == [row for row in printed.stdout.splitlines() if row[:1] != " "]
    assert "OBS! 1 jobb i kön mail har väntat" in printed.stdout
    assert "OBS! Ingen krispärm är gjord. Den görs" in printed.stdout


def test_a_start_names_texts_that_are_renewed_offered_and_failed(live_app, monkeypatch):
    monkeypatch.setattr("kb.ops.cli._index", lambda: None)
    report = Report(updated=["fornyad"], offered=["erbjuden"], failed=[("a.md:3", "Går inte att läsa.")])
    monkeypatch.setattr(preparing, "ensure_starter", lambda *_: report)

    printed = start(live_app)

    assert "Förnyad, ingen här hade granskat eller ändrat den: fornyad" in printed.stdout
    assert "Ny version väntar på ert beslut i arbetslistan: erbjuden" in printed.stdout
    assert "a.md:3: Går inte att läsa." in printed.stderr
