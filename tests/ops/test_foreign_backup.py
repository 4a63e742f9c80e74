"""Files that others made, or changed: refused in one line with nothing changed, or made harmless."""

import hashlib
import json
import stat
import zipfile
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select

from kb import db
from kb.accounts.letters import mail_password_link
from kb.accounts.roles import Role
from kb.accounts.services.links import create_password_link
from kb.accounts.services.sign_ins import begin_sign_in
from kb.accounts.viewer import SYSTEM
from kb.errors import Refused
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.workflow import Verdict
from kb.library.services.noting import add_review_note
from kb.mail.models import MailMessage
from kb.ops import archive
from kb.ops.archive import MANIFEST, TABLES
from tests.factories import make_item, make_unit, make_user
from tests.ops.test_backup import contents


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


@pytest.mark.parametrize("was", ["nothing", "files", "link", "left over"])
def test_the_files_of_a_backup_take_the_place_of_whatever_was_there(run, tmp_path, was):
    (tmp_path / "utanfor").mkdir()
    (tmp_path / "utanfor" / "kvar.txt").write_text("kvar")
    if was == "link":
        (tmp_path / "uploads").symlink_to(tmp_path / "utanfor")
    elif was != "nothing":
        for name in ("uploads", *(["uploads.former", "uploads.restoring"] if was == "left over" else [])):
            (tmp_path / name).mkdir()
            (tmp_path / name / "gammal.pdf").write_text("gammal")
    run("ops", "backup", tmp_path / "tom.zip")
    with zipfile.ZipFile(tmp_path / "tom.zip") as packed:
        tables = {name: packed.read(name) for name in packed.namelist() if name.startswith(TABLES)}
    signed(tmp_path / "b.zip", tables | {"uploads/a/plan.pdf": b"%PDF"})

    found = run("ops", "restore", tmp_path / "b.zip", "--force")

    assert found.exit_code == 0, found.output
    kept = [
        path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("uploads*/**/*") if path.is_file()
    ]
    assert kept == ["uploads/a/plan.pdf"]
    assert (tmp_path / "utanfor" / "kvar.txt").read_text() == "kvar"


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


def test_a_table_that_is_not_ours_is_refused_with_nothing_changed(site, run, tmp_path):
    signed(tmp_path / "b.zip", {f"{TABLES}finns_inte.jsonl": b'{"id": 1}\n'})
    before = contents(site)

    found = run("ops", "restore", tmp_path / "b.zip", "--force")

    assert (found.exit_code, len(found.stderr.splitlines())) == (1, 1), found.output
    assert "finns_inte" in found.stderr
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


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("membership", "role"),
        ("content_item", "kind"),
        ("content_item", "workflow"),
        ("content_item", "status"),
        ("review_note", "verdict"),
    ],
)
def test_words_that_mean_nothing_are_refused(site, run, tmp_path, table, name):
    with site.extensions["database"].transaction() as session:
        make_user(session, Role.READER, unit=make_unit(session, "Norr"))
        item = session.scalars(select(ContentItem)).first()
        add_review_note(session, item, item.latest_revision, by=SYSTEM, verdict=Verdict.APPROVED)
    run("ops", "backup", tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        members = {n: packed.read(n) for n in packed.namelist() if n != MANIFEST}
    first, *others = members[f"{TABLES}{table}.jsonl"].splitlines(keepends=True)
    spoilt = json.dumps(json.loads(first) | {name: "gud"}).encode() + b"\n"
    members[f"{TABLES}{table}.jsonl"] = b"".join((spoilt, *others))
    signed(tmp_path / "c.zip", members)
    before = contents(site)

    found = run("ops", "restore", tmp_path / "c.zip", "--force")

    assert (found.exit_code, len(found.stderr.splitlines())) == (1, 1), found.output
    assert f"{table}.{name}" in found.stderr
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
