"""Backups: whole, verified, portable, and put back exactly."""

import hashlib
import json
import os
import shutil
import stat
import threading
import zipfile
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select

from kb import db
from kb.accounts.letters import mail_password_link
from kb.accounts.services.links import create_password_link
from kb.accounts.services.sign_ins import begin_sign_in
from kb.accounts.viewer import SYSTEM
from kb.audit.models import AuditEvent
from kb.db import Base
from kb.errors import Refused
from kb.library.models import ContentItem, Revision
from kb.mail.models import MailMessage
from kb.ops import archive, rows
from kb.ops.archive import MANIFEST, TABLES
from tests.conftest import build_app
from tests.factories import make_item, make_user
from tests.ops.serving import CASES, command

UNEQUAL = {"audit_event", "job"}  # the restore itself is noted, and the index has its queue


def contents(app):
    """Every row of every table, as text."""
    with app.extensions["database"].snapshot() as connection:
        return {
            table.name: sorted(map(str, connection.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def other(tmp_path):
    """A second, empty application."""
    app = build_app(tmp_path / "other")
    yield app
    app.extensions["database"].dispose()


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


# Where a backup may be written


def test_a_backup_takes_the_place_of_an_older_one(run, tmp_path):
    run("ops", "backup", tmp_path / "b.zip")
    before = (tmp_path / "b.zip").stat().st_mtime_ns

    assert run("ops", "backup", tmp_path / "b.zip").exit_code == 0
    assert (tmp_path / "b.zip").stat().st_mtime_ns > before


PLACES = ("document", "zip", "empty", "link", "dead link", "folder", "pipe")


def test_a_backup_never_replaces_what_is_none(run, tmp_path):
    for place in PLACES:
        target = lay_out(tmp_path / place, place)
        before = state_of(tmp_path / place)
        for words in ([], ["--force"]):
            found = run("ops", "backup", target, *words)

            assert found.exit_code == 1, place
            assert len(found.stderr.splitlines()) == 1
            assert str(target) in found.stderr
            assert state_of(tmp_path / place) == before


def lay_out(folder, place):
    """Something that stands where the backup is to be written."""
    folder.mkdir()
    target = folder / "b.zip"
    if place == "document":
        shutil.copy(CASES / "backup-over-1.txt", target)
    elif place == "zip":
        with zipfile.ZipFile(target, "w") as packed:
            packed.writestr("avtal.txt", "Ett avtal.")
    elif place == "empty":
        target.touch()
    elif place == "folder":
        target.mkdir()
    elif place == "pipe":
        os.mkfifo(target)
    else:
        target.symlink_to(folder / "annan")
        if place == "link":
            (folder / "annan").write_text("Mötesanteckningar.")
    return target


def state_of(folder):
    """What there is in a folder, and what it holds."""
    return {
        path.name: (path.lstat().st_mode, path.read_bytes() if path.is_file() else None)
        for path in folder.iterdir()
    }


OWN = "config.toml secret_key index.lock uploads/b.zip index/b.zip index uploads"
OWN_OF_SQLITE = "radrum.sqlite3 radrum.sqlite3-wal radrum.sqlite3-shm radrum.sqlite3-journal"


def test_what_the_instance_uses_is_no_place_for_a_backup(site, run, tmp_path):
    is_sqlite = site.extensions["database"].engine.dialect.name == "sqlite"
    for folder in ("uploads", "index"):
        (tmp_path / folder).mkdir(exist_ok=True)
    before = contents(site)

    for name in (OWN + " " + OWN_OF_SQLITE if is_sqlite else OWN).split():
        for words in ([], ["--force"]):
            found = run("ops", "backup", tmp_path / name, *words)

            assert found.exit_code == 1, name
            assert f"{tmp_path / name} används av Rådrum" in found.stderr
    assert contents(site) == before
    assert site.test_client().get("/vagledning/text-om-oro-1").status_code == 200


def test_a_link_to_the_database_is_no_way_round(site, run, tmp_path):
    if site.extensions["database"].engine.dialect.name != "sqlite":
        pytest.skip("the database is somewhere else")
    (tmp_path / "annan.zip").hardlink_to(tmp_path / "radrum.sqlite3")

    assert run("ops", "backup", tmp_path / "annan.zip", "--force").exit_code == 1
    assert (tmp_path / "annan.zip").samefile(tmp_path / "radrum.sqlite3")


def test_a_damaged_backup_is_replaced_when_that_is_meant(run, tmp_path):
    run("ops", "backup", tmp_path / "b.zip")
    damage(tmp_path / "b.zip", "cut")

    refused = run("ops", "backup", tmp_path / "b.zip")
    forced = run("ops", "backup", tmp_path / "b.zip", "--force")

    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    assert forced.exit_code == 0
    assert archive.verify(tmp_path / "b.zip").rows > 0


# Files that others made


def signed(path, members, more=None):
    """An archive with a manifest that fits it, whatever it holds."""
    described = {
        name: {
            "sha256": hashlib.sha256(data).hexdigest(),
            "size": len(data),
            "rows": data.count(b"\n") if name.startswith(TABLES) else None,
        }
        for name, data in members.items()
    }
    manifest = {"schema": head(), "made_at": "2026-11-29T12:00:00+00:00", "members": described, "format": 1}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
        packed.writestr(MANIFEST, json.dumps(manifest | (more or {})))


def head():
    """The newest schema."""
    return ScriptDirectory(str(db.MIGRATIONS)).get_current_head()


ELSEWHERE = [
    ["uploads//tmp/radrum-utanfor.txt"],
    ["uploads/../utanfor.txt"],
    ["uploads/a/../../utanfor.txt"],
    ["uploads/./a"],
    ["uploads/a//b"],
    ["uploads/a\\..\\b"],
    ["uploads/a\x01b"],
    ["uploads/" + "å" * 200],
    ["uploads/Plan.pdf", "uploads/plan.PDF"],
    ["uploads/Åt.pdf", "uploads/A\u030at.pdf"],
    ["uploads/a", "uploads/a/b"],
    ["uploads/"],
    ["uploads"],
    ["tables/../user.jsonl"],
    ["tables/a/b.jsonl"],
    ["annat/a"],
    ["/etc/radrum"],
]


@pytest.mark.parametrize("names", ELSEWHERE, ids=str)
def test_names_that_lead_anywhere_else_are_not_safe(names):
    assert not archive.are_safe(names)


def test_a_file_with_such_names_is_refused_with_nothing_changed(site, run, tmp_path):
    before = contents(site)

    for names in ELSEWHERE[:5]:
        signed(tmp_path / "b.zip", dict.fromkeys(names, b"x"))
        found = run("ops", "restore", tmp_path / "b.zip", "--force")

        assert (found.exit_code, found.stderr.strip()) == (1, archive.NOT_OURS)
    assert contents(site) == before
    assert not Path("/tmp/radrum-utanfor.txt").exists()
    assert not (tmp_path / "uploads").exists()


def test_a_link_in_the_archive_is_refused(site, run, tmp_path):
    signed(tmp_path / "b.zip", {"uploads/plan.pdf": b"/etc/passwd"})
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        members = {info.filename: packed.read(info) for info in packed.infolist()}
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as packed:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16 if name.startswith("uploads") else 0
            packed.writestr(info, data)

    assert run("ops", "restore", tmp_path / "b.zip", "--force").exit_code == 1


def test_a_link_where_uploads_are_unpacked_is_not_followed(run, tmp_path):
    (tmp_path / "utanfor").mkdir()
    (tmp_path / "uploads.restoring").symlink_to(tmp_path / "utanfor")
    run("ops", "backup", tmp_path / "tom.zip")
    with zipfile.ZipFile(tmp_path / "tom.zip") as packed:
        members = {name: packed.read(name) for name in packed.namelist() if name != MANIFEST}
    signed(tmp_path / "b.zip", members | {"uploads/plan.pdf": b"%PDF"})

    found = run("ops", "restore", tmp_path / "b.zip", "--force")

    assert found.exit_code == 0, found.output
    assert list((tmp_path / "utanfor").iterdir()) == []
    assert (tmp_path / "uploads" / "plan.pdf").read_bytes() == b"%PDF"


MANIFESTS = [
    {"schema": {}},
    {"schema": "../0001"},
    {"schema": None},
    {"format": "1"},
    {"format": 2},
    {"members": []},
    {"members": {"a": 1}},
    {"made_at": 5},
    {"members": json.loads("[" * 500 + "]" * 500)},
]


@pytest.mark.parametrize("more", MANIFESTS, ids=lambda more: next(iter(more)))
def test_a_manifest_that_is_none_is_refused(tmp_path, more):
    signed(tmp_path / "b.zip", {}, more)

    with pytest.raises(Refused):
        archive.verify(tmp_path / "b.zip")


def test_a_bomb_is_refused_before_it_is_unpacked(run, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "ALWAYS", 1 << 20)
    signed(tmp_path / "b.zip", {f"{TABLES}unit.jsonl": b"\n" * (8 << 20)})

    found = run("ops", "restore", tmp_path / "b.zip", "--force")

    assert found.exit_code == 1
    assert "orimligt stor" in found.stderr


def test_an_endless_row_is_refused(run, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_LINE", 1000)
    signed(tmp_path / "b.zip", {f"{TABLES}unit.jsonl": b'{"id": "' + b"x" * 5000 + b'"}\n'})

    found = run("ops", "restore", tmp_path / "b.zip", "--force")

    assert found.exit_code == 1
    assert "lång rad" in found.stderr


UNIT = {"id": 1, "public_id": "a", "name": "Norr", "created_at": "2026-11-29T12:00:00+00:00"}


ROWS = [
    b"x",
    b"[]",
    b"{}",
    b"[" * 100_000,
    json.dumps(UNIT | {"id": "ett"}).encode(),
    json.dumps(UNIT | {"id": True}).encode(),
    json.dumps(UNIT | {"id": 2**70}).encode(),
    json.dumps(UNIT | {"name": None}).encode(),
    json.dumps(UNIT | {"name": 5}).encode(),
    json.dumps(UNIT | {"name": {"a": 1}}).encode(),
    json.dumps(UNIT | {"created_at": 5}).encode(),
    json.dumps(UNIT | {"created_at": "i går"}).encode(),
    json.dumps(UNIT | {"finns_inte": 1}).encode(),
    json.dumps(UNIT).encode() + b"\n" + json.dumps(UNIT).encode(),
]


def test_rows_that_cannot_be_are_refused_with_nothing_changed(site, run, tmp_path):
    before = contents(site)

    for line in ROWS:
        signed(tmp_path / "b.zip", {f"{TABLES}unit.jsonl": line + b"\n"})
        found = run("ops", "restore", tmp_path / "b.zip", "--force")

        assert (found.exit_code, len(found.stderr.splitlines())) == (1, 1), (line[:80], found.output)
    assert contents(site) == before


def test_references_that_lead_nowhere_are_refused(site, run, tmp_path):
    signed(
        tmp_path / "b.zip",
        {f"{TABLES}membership.jsonl": b'{"id": 1, "user_id": 7, "unit_id": 8, "role": "editor"}\n'},
    )
    before = contents(site)

    found = run("ops", "restore", tmp_path / "b.zip", "--force")

    assert (found.exit_code, len(found.stderr.splitlines())) == (1, 1), found.output
    assert contents(site) == before


def test_html_is_cleaned_as_if_it_were_written_now(site, other, run, tmp_path):
    evil = '<p onclick="x()">Lugn</p><script>alert(1)</script><img src="data:x">'
    with site.extensions["database"].transaction() as session:
        item = make_item(session, slug="ond-text")
        revision = session.get(Revision, item.published_revision_id)
        revision.document = revision.document | {"body": evil, "secrecy": "<b>" * 6000}
        revision.digest = session.scalars(select(Revision.digest)).first()
    run("ops", "backup", tmp_path / "b.zip")

    assert run("ops", "restore", tmp_path / "b.zip", app=other).exit_code == 0

    with other.extensions["database"].reading() as session:
        item = session.scalars(select(ContentItem).where(ContentItem.slug == "ond-text")).one()
        revision = session.get(Revision, item.published_revision_id)
        assert revision.document["body"] == "<p>Lugn</p>"
        assert "<b>" not in revision.document["secrecy"]
        assert revision.digest == revision.content.digest
    page = other.test_client().get("/vagledning/ond-text").get_data(as_text=True)
    assert "Lugn" in page
    assert "alert(1)" not in page


def test_nobody_is_signed_in_and_no_link_is_open_afterwards(site, other, run, tmp_path):
    with site.extensions["database"].transaction() as session:
        user = make_user(session, email="bo@kommun.example")
        token = begin_sign_in(session, user, device="Provläsare")
        link = create_password_link(session, user, by=SYSTEM)
        mail_password_link(session, user, address=f"http://127.0.0.1/lank/{link}")
    run("ops", "backup", tmp_path / "b.zip")

    run("ops", "restore", tmp_path / "b.zip", app=other)

    browser = other.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert browser.get("/konto").status_code == 303
    assert browser.get(f"/lank/{link}").status_code in (404, 410)
    with other.extensions["database"].reading() as session:
        assert session.scalars(select(MailMessage.body)).all() == [None]


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
