"""Preparing a start, and the thorough check."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from kb import clock
from kb.accounts.models import Unit, User
from kb.jobs.models import Job
from kb.library.core.models.items import ContentItem
from kb.library.intake.loading import Report
from kb.ops import preparing
from kb.runs.models import Run
from tests.conftest import build_app


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
