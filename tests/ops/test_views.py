"""Health for machines, status for administrators."""

import shutil
from datetime import timedelta

from kb import clock
from kb.accounts.roles import Role
from kb.db import Database
from kb.jobs.models import Job
from kb.search.engine.indexer import Indexer
from kb.search.engine.store import Store
from kb.search.start import Search
from tests.factories import make_document, make_item, make_user


def test_health_answers_without_a_database(app, client, monkeypatch):
    monkeypatch.setattr(app.extensions["database"], "reading", lambda: 1 / 0)

    found = client.get("/halsa")

    assert (found.status_code, found.json) == (200, {"status": "ok"})
    assert found.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in found.headers


def test_readiness_is_told_when_all_parts_work(site):
    site.extensions["search"].indexer.rebuild("Prov.")

    found = site.test_client().get("/halsa/redo")

    assert (found.status_code, found.json) == (200, {"status": "ok", "delar": []})


def test_readiness_names_the_parts_that_do_not_work(site, tmp_path, monkeypatch):
    shutil.rmtree(site.config["SETTINGS"].instance / "index", ignore_errors=True)
    monkeypatch.setitem(site.extensions, "database", Database(f"sqlite:///{tmp_path}/no/such/folder.sqlite3"))

    found = site.test_client().get("/halsa/redo", expect_error=True)

    assert found.status_code == 503
    assert found.json["delar"] == ["databas", "sökindex"]


def test_the_status_page_shows_what_waits_and_what_failed(session, sign_in):
    administrator = make_user(session, Role.ADMIN)
    now = clock.now()
    for set_aside_at in (None, None, now):
        session.add(
            Job(
                queue="default",
                name="mail.send",
                payload={},
                created_at=now,
                run_at=now,
                set_aside_at=set_aside_at,
            )
        )

    page = sign_in(administrator).get("/administration/drift")

    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "1 jobb är lagt åt sidan" in text
    assert "Ingen säkerhetskopia är gjord" in text


def test_the_status_page_says_when_no_worker_runs_and_the_index_is_behind(
    app, session, sign_in, tmp_path, monkeypatch
):
    indexer = Indexer(app.extensions["database"], Store(tmp_path))
    indexer.rebuild("Prov.")
    monkeypatch.setitem(app.extensions, "search", Search(indexer, app.extensions["answering"]))
    administrator = make_user(session, Role.ADMIN)
    page = sign_in(administrator)
    assert "arbetsprocessen" not in page.get("/administration/drift").get_data(as_text=True)
    make_item(session, make_document("vagledning", title="Nödlarm"))
    at = clock.now() - timedelta(hours=1)
    session.add(Job(queue="mail", name="mail.send", payload={"message_id": 1}, created_at=at, run_at=at))
    session.commit()

    text = page.get("/administration/drift").get_data(as_text=True)

    assert "1 jobb i kön mail har väntat sedan" in text
    assert "Sökindexet stämmer inte med de publicerade texterna" in text
    assert "I ordning" not in text


def test_the_status_page_is_for_administrators(session, sign_in, client):
    editor = make_user(session, Role.EDITOR, Role.REVIEWER)

    assert sign_in(editor).get("/administration/drift").status_code == 403
    assert client.get("/administration/drift").status_code == 303
