"""Where a backup may be written: in the place of an older one, and of nothing else."""

import os
import shutil
import zipfile

import pytest

from kb.ops import archive
from tests.ops.serving import CASES
from tests.ops.test_backup import contents, damage


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
