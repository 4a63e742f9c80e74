"""Backups: whole, verified, portable, and put back exactly."""

import json
import shutil
import stat
import threading
import zipfile

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select

from kb import db
from kb.accounts.letters import mail_password_link
from kb.accounts.services.links import create_password_link
from kb.accounts.viewer import SYSTEM
from kb.audit.models import AuditEvent
from kb.db import Base
from kb.library.core.models.items import ContentItem
from kb.ops import rows
from kb.ops.archive import MANIFEST, TABLES
from tests.conftest import build_app
from tests.factories import make_item, make_user
from tests.ops.serving import command

# The restore itself is noted, the index has its queue, and what nodes follow begins anew.
UNEQUAL = {"audit_event", "job", "search_change", "search_node", "search_setting"}


def contents(app):
    """Every row of every table, as text."""
    with app.extensions["database"].snapshot() as connection:
        return {
            table.name: sorted(map(str, connection.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
        }


def test_a_restored_backup_is_the_same_in_every_row(site, other, run, tmp_path):
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "plan.pdf").write_bytes(b"%PDF-1.7")
    before = contents(site)

    assert run("ops", "backup", tmp_path / "b.zip").exit_code == 0
    found = run("ops", "restore", tmp_path / "b.zip", app=other)

    assert found.exit_code == 0, found.output
    after = contents(other)
    assert {name for name in before if name not in UNEQUAL and before[name] != after[name]} == set()
    assert set(before["audit_event"]) <= set(after["audit_event"])
    assert (tmp_path / "other" / "uploads" / "plan.pdf").read_bytes() == b"%PDF-1.7"


def test_a_restored_site_finds_its_texts_and_takes_new_ones(site, other, run, tmp_path):
    run("ops", "backup", tmp_path / "b.zip")

    run("ops", "restore", tmp_path / "b.zip", app=other)

    assert run("search", "check", app=other).exit_code == 0
    with other.extensions["database"].transaction() as session:
        make_item(session, slug="ny-text")
    assert other.test_client().get("/vagledning/ny-text").status_code == 200
    assert other.test_client().get("/vagledning/text-om-oro-1").status_code == 200


def test_a_backup_is_for_its_owner_only_and_tells_where_it_is(run, tmp_path):
    found = run("ops", "backup", tmp_path / "b.zip")

    assert found.stdout == f"{tmp_path / 'b.zip'}\n"
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".b.zip*"))


def test_a_backup_holds_every_table_and_never_the_index(site, run, tmp_path):
    run("ops", "backup", tmp_path / "b.zip")

    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        names = set(packed.namelist())
    assert names == {MANIFEST} | {f"{TABLES}{table.name}.jsonl" for table in Base.metadata.sorted_tables}
    with site.extensions["database"].reading() as session:
        assert "ops.backup" in session.scalars(select(AuditEvent.name)).all()


def test_a_backup_holds_no_link_that_lets_somebody_in(site, run, tmp_path):
    with site.extensions["database"].transaction() as session:
        user = make_user(session, email="bo@kommun.example")
        token = create_password_link(session, user, by=SYSTEM, is_mailed=True)
        mail_password_link(session, user, address=f"http://127.0.0.1/lank/{token}")

    run("ops", "backup", tmp_path / "b.zip")

    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        texts = {name: packed.read(name).decode() for name in packed.namelist()}
    assert "/lank/[dold]" in texts[f"{TABLES}mail_message.jsonl"]
    assert [name for name, text in texts.items() if token in text] == []
    assert site.test_client().get(f"/lank/{token}").status_code == 200


def test_a_backup_made_while_people_write_is_consistent(site, run, tmp_path):
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            with site.extensions["database"].transaction() as session:
                make_item(session, slug=f"under-tiden-{number}")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        results = [run("ops", "backup", tmp_path / f"{n}.zip").exit_code for n in range(3)]
    finally:
        stop.set()
        writer.join()

    assert results == [0, 0, 0]
    for number in range(3):
        rows = tables(tmp_path / f"{number}.zip")
        items = {row["id"]: row for row in rows["content_item"]}
        assert {row["item_id"] for row in rows["revision"]} == set(items)
        assert {row["published_revision_id"] for row in items.values()} == {
            row["id"] for row in rows["revision"]
        }


def tables(path):
    """The rows of a backup by table."""
    with zipfile.ZipFile(path) as packed:
        return {
            name.removeprefix(TABLES).removesuffix(".jsonl"): [json.loads(line) for line in packed.open(name)]
            for name in packed.namelist()
            if name.startswith(TABLES)
        }


def test_an_older_backup_stays_when_the_new_one_cannot_be_written(run, tmp_path, monkeypatch):
    run("ops", "backup", tmp_path / "b.zip")
    before = (tmp_path / "b.zip").read_bytes()

    monkeypatch.setattr(rows, "row_to_line", full_disk)
    found = run("ops", "backup", tmp_path / "b.zip")

    assert found.exit_code == 1
    assert "Det gick inte att skriva" in found.stderr
    assert (tmp_path / "b.zip").read_bytes() == before
    assert not list(tmp_path.glob(".b.zip*"))


def full_disk(*_):
    """A disk without room."""
    raise OSError(28, "No space left on device")


def test_restoring_over_people_and_texts_needs_force(site, run, tmp_path):
    run("ops", "backup", tmp_path / "b.zip")
    with site.extensions["database"].transaction() as session:
        make_item(session, slug="efter-kopian")

    refused = run("ops", "restore", tmp_path / "b.zip")
    slugs = slugs_of(site)
    forced = run("ops", "restore", tmp_path / "b.zip", "--force")

    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    assert "efter-kopian" in slugs
    assert forced.exit_code == 0, forced.output
    assert "efter-kopian" not in slugs_of(site)


def slugs_of(app):
    """The slugs of all items."""
    with app.extensions["database"].reading() as session:
        return set(session.scalars(select(ContentItem.slug)))


@pytest.mark.parametrize("harm", ["cut", "changed", "text", "missing", "stranger"])
def test_a_damaged_file_changes_nothing(site, run, tmp_path, harm):
    path = tmp_path / "b.zip"
    run("ops", "backup", path)
    damage(path, harm)
    before = contents(site)

    found = run("ops", "restore", path, "--force")

    assert found.exit_code == 1
    assert "Traceback" not in found.output
    assert contents(site) == before


def damage(path, harm):
    """Spoil a backup in one of the ways that happen."""
    whole = path.read_bytes()
    if harm == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif harm == "changed":
        rewrite(path, lambda name, data: data.replace(b"oro", b"ARG") if "content_item" in name else data)
    elif harm == "text":
        path.write_text("hej")
    elif harm == "missing":
        path.unlink()
    else:
        rewrite(path, lambda name, data: data if name != MANIFEST else b'{"name": "something else"}')


def rewrite(path, change):
    """Write the archive again with its members changed."""
    with zipfile.ZipFile(path) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in members.items():
            packed.writestr(name, change(name, data))


def test_a_backup_of_a_newer_version_is_refused(site, run, tmp_path):
    path = tmp_path / "b.zip"
    run("ops", "backup", path)
    rewrite(path, lambda name, data: newer(data) if name == MANIFEST else data)
    before = contents(site)

    found = run("ops", "restore", path, "--force")

    assert found.exit_code == 1
    assert "nyare version" in found.stderr
    assert contents(site) == before


def newer(manifest):
    """The manifest of a schema that this code does not know."""
    return json.dumps(json.loads(manifest) | {"schema": "9999"}).encode()


def test_a_backup_of_sqlite_goes_into_the_database_under_test(run, other, tmp_path):
    source = build_app(tmp_path / "lite", database_url=f"sqlite:///{tmp_path / 'lite.sqlite3'}")
    with source.extensions["database"].transaction() as session:
        make_item(session, slug="flyttad-text")
    run("ops", "backup", tmp_path / "b.zip", app=source)

    found = run("ops", "restore", tmp_path / "b.zip", app=other)

    assert found.exit_code == 0, found.output
    assert contents(other)["content_item"] == contents(source)["content_item"]
    assert contents(other)["revision"] == contents(source)["revision"]
    source.extensions["database"].dispose()


def test_a_backup_of_an_older_version_is_brought_up_to_date(site, run, tmp_path, monkeypatch):
    run("ops", "backup", tmp_path / "b.zip")
    before = contents(site)["revision"]
    monkeypatch.setattr(db, "MIGRATIONS", with_one_more(tmp_path / "migrations"))
    newer_app = build_app(tmp_path / "newer")

    found = run("ops", "restore", tmp_path / "b.zip", app=newer_app)

    assert found.exit_code == 0, found.output
    with newer_app.extensions["database"].snapshot() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM unit WHERE colour = 'petrol'").scalar() == 1
    assert contents(newer_app)["revision"] == before
    newer_app.extensions["database"].dispose()


def with_one_more(folder):
    """The migrations of a version that comes after this one."""
    shutil.copytree(db.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(folder)).get_current_head()
    (folder / "versions" / "next.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        f"revision, down_revision = 'next', {head!r}\n"
        "def upgrade():\n"
        "    op.add_column('unit', sa.Column('colour', sa.String(20), server_default='petrol'))\n"
        "def downgrade():\n"
        "    op.drop_column('unit', 'colour')\n"
    )
    return folder


def test_the_log_of_another_database_is_told_in_one_line(tmp_path):
    """A's file with B's write-ahead log: what a half copied folder looks like."""
    full, foreign = tmp_path / "a", tmp_path / "b"
    for folder, texts in ((full, 30), (foreign, 0)):
        app = build_app(folder, database_url=f"sqlite:///{folder / 'radrum.sqlite3'}")
        with app.extensions["database"].transaction() as session:
            for number in range(texts):
                make_item(session, slug=f"text-{number}")
        app.extensions["database"].dispose()
    app = build_app(foreign, database_url=f"sqlite:///{foreign / 'radrum.sqlite3'}")
    with app.extensions["database"].engine.connect() as held:
        held.exec_driver_sql("SELECT count(*) FROM unit")
        with app.extensions["database"].transaction() as session:
            make_item(session, slug="en-enda")
        shutil.copy(foreign / "radrum.sqlite3-wal", full)
    app.extensions["database"].dispose()

    found = command({"RADRUM_INSTANCE": str(full)}, "ops", "check")

    assert found.returncode != 0
    assert "skadad" in found.stdout + found.stderr
    assert "Traceback" not in found.stderr
    assert len(found.stderr.splitlines()) <= 1
