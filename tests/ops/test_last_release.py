"""An installation of the last release, with people, texts and a running run, comes up whole in this version."""

import json
import zipfile

import pytest
from sqlalchemy import func, select

from kb.accounts.models import User
from kb.accounts.services.sign_ins import begin_sign_in
from kb.library.core.models.items import ContentItem, Revision
from kb.runs.models import Run, RunEvent, RunStep
from tests.addresses import path_of
from tests.conftest import ROOT, build_app
from tests.ops.test_foreign_backup import head

LAST_RELEASE = ROOT / "tests" / "data" / "last-release.zip"
PAGES = (
    "/",
    "/nu",
    "/fore",
    "/efter",
    "/vagledning",
    "/berattelser",
    "/checklistor",
    "/mallar",
    "/pastaenden",
    "/sok?q=hot",
    "/ordlista",
    "/viktiga-nummer",
)
KEPT = {"user": User, "content_item": ContentItem, "revision": Revision}
KEPT |= {"run": Run, "run_step": RunStep, "run_event": RunEvent}


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """This version with the data of the last one."""
    app = build_app(tmp_path_factory.mktemp("upgraded"))
    found = app.test_cli_runner().invoke(args=["ops", "restore", str(LAST_RELEASE)])
    assert found.exit_code == 0, found.output
    yield app
    app.extensions["database"].dispose()


def released(table):
    """The rows of a table as the last release wrote them."""
    with zipfile.ZipFile(LAST_RELEASE) as packed:
        return [json.loads(line) for line in packed.open(f"tables/{table}.jsonl")]


def test_it_stands_at_the_newest_schema(upgraded):
    with upgraded.extensions["database"].snapshot() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()

    assert found == head()


@pytest.mark.parametrize("table", KEPT)
def test_nothing_is_lost(upgraded, table):
    with upgraded.extensions["database"].reading() as session:
        assert session.scalar(select(func.count()).select_from(KEPT[table])) == len(released(table))


def test_texts_say_what_they_said(upgraded):
    titles = {row["slug"]: row["title"] for row in released("content_item")}

    with upgraded.extensions["database"].reading() as session:
        found = {slug: title for slug, title in session.execute(select(ContentItem.slug, ContentItem.title))}

    assert found == titles


def test_the_thorough_check_finds_nothing(upgraded):
    found = upgraded.test_cli_runner().invoke(args=["ops", "check"])

    assert (found.exit_code, found.stdout) == (0, "")


def test_the_log_of_the_run_is_one_whole_chain(upgraded):
    found = upgraded.test_cli_runner().invoke(args=["runs", "verify"])

    assert found.exit_code == 0, found.stderr
    lines = [int(row.split("\t")[1]) for row in found.stdout.splitlines()[1:]]
    assert sum(lines) == len(released("run_event")) > 0


def test_the_chain_is_the_same_after_another_backup_and_restore(upgraded, tmp_path):
    other = build_app(tmp_path / "other")
    upgraded.test_cli_runner().invoke(args=["ops", "backup", str(tmp_path / "b.zip")])
    restored = other.test_cli_runner().invoke(args=["ops", "restore", str(tmp_path / "b.zip")])

    told = [app.test_cli_runner().invoke(args=["runs", "verify"]).stdout for app in (upgraded, other)]
    other.extensions["database"].dispose()

    assert restored.exit_code == 0, restored.output
    assert told[0] == told[1] != ""


def test_every_page_answers(upgraded):
    with upgraded.extensions["database"].reading() as session:
        items = session.scalars(select(ContentItem).where(ContentItem.status == "publicerad"))
        paths = [path_of(item) for item in items if item.visibility == "oppen"]
    browser = upgraded.test_client()

    assert {path: browser.get(path).status_code for path in (*PAGES, *paths)} == dict.fromkeys(
        (*PAGES, *paths), 200
    )


def test_people_and_the_run_are_there(upgraded):
    with upgraded.extensions["database"].transaction() as session:
        run = session.scalars(select(Run)).one()
        leader = session.get_one(User, run.started_by_id)
        token = begin_sign_in(session, leader, device="Provläsare")
        path = f"/genomforanden/{run.public_id}"
    browser = upgraded.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token

    assert browser.get("/konto").status_code == 200
    assert browser.get(path).status_code == 200
    assert browser.get("/genomforanden").status_code == 200
