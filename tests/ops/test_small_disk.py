"""A disk of its own that is filled or remounted: what is there is served, the start says what is not, and it heals."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from kb.accounts.roles import Role
from kb.accounts.services.users import create_user
from kb.accounts.viewer import SYSTEM
from kb.ops import preparing
from tests.conftest import SERVER, build_app
from tests.factories import make_item, make_unit
from tests.ops.serving import ROOT, Browser, Servers, command

EMAIL, PASSWORD = "admin@kommun.example", "fyra korgar med äpplen"
PAGES = ("/", "/vagledning", "/vagledning/text-om-oro-1", "/sok?q=oro", "/logga-in", "/halsa")
WRITES = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("UPDATE unit SET name = 'Norra enheten'")
os._exit(0)
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk"),
    pytest.mark.skipif(bool(SERVER), reason="the database is somewhere else"),
]


class Disk:
    """A small file system in memory."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        found = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=16m", "radrum", folder], capture_output=True
        )
        if found.returncode:
            pytest.skip("this machine lets nobody mount a disk")

    def remount(self, how):
        """Read-only ("ro") or not ("rw")."""
        subprocess.run(["mount", "-o", f"remount,{how}", self.folder], check=True)

    def fill(self):
        """Leave not a byte."""
        with (self.folder / "fyllning").open("wb", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                with suppress(OSError):
                    while True:
                        file.write(b"x" * size)

    def make_room(self):
        """Take the filling away."""
        (self.folder / "fyllning").unlink()

    def unmount(self):
        """Be gone."""
        subprocess.run(["umount", "--lazy", self.folder], check=True)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """An instance with a text, an administrator and an index, stopped cleanly."""
    folder = tmp_path_factory.mktemp("prepared")
    app = build_app(folder)
    with app.extensions["database"].transaction() as session:
        roles = {make_unit(session, "Ledningen").id: {Role.ADMIN}}
        create_user(session, name="Kim", email=EMAIL, password=PASSWORD, roles=roles, by=SYSTEM)
        for number in range(3):
            make_item(session, slug=f"text-om-oro-{number}")
    app.extensions["search"].indexer.rebuild("Prov.")
    (folder / preparing.DIGEST).write_text(preparing.starter_digest(), encoding="ascii")
    app.extensions["database"].dispose()
    assert not (folder / "radrum.sqlite3-wal").exists()
    return folder


@pytest.fixture
def disk(tmp_path, prepared):
    """The instance on a disk of its own."""
    disk = Disk(tmp_path / "disk")
    shutil.copytree(prepared, disk.folder / "inst")
    yield disk
    disk.unmount()


@pytest.fixture
def serve(disk, tmp_path):
    """Start the real servers on the disk; their log lies elsewhere."""
    folder = disk.folder / "inst"
    servers = Servers(folder, f"sqlite:///{folder / 'radrum.sqlite3'}", log=tmp_path / "servers.log")

    def begin():
        servers.start()
        servers.wait_until_ready()
        return servers

    yield begin
    servers.kill()


def left_in_the_middle(disk):
    """A process writes and is killed: its log stays."""
    path = disk.folder / "inst" / "radrum.sqlite3"
    subprocess.run([sys.executable, "-c", WRITES, path], cwd=ROOT, check=True)
    assert (disk.folder / "inst" / "radrum.sqlite3-wal").stat().st_size > 0


def without_index(disk):
    """The index cannot be read, and not be made either."""
    shutil.rmtree(disk.folder / "inst" / "index")
    (disk.folder / "inst" / "index").touch()


def untouched(_disk):
    """Stopped cleanly."""


@pytest.mark.parametrize("how", ["read-only", "full"])
@pytest.mark.parametrize("before", [untouched, left_in_the_middle, without_index])
def test_what_is_there_is_served_and_it_heals(disk, serve, how, before):
    before(disk)
    disk.remount("ro") if how == "read-only" else disk.fill()

    told = command({"RADRUM_INSTANCE": str(disk.folder / "inst")}, "ops", "start")
    servers = serve()
    browser = Browser(servers.port)
    pages = {path: browser.get(path)[0] for path in PAGES}
    refused = save(servers)
    time.sleep(5)
    alive = servers.are_alive()
    disk.remount("rw") if how == "read-only" else disk.make_room()

    assert told.returncode == 0, told.stderr
    assert told.stderr.count("Rådrum startar") == 1
    assert told.stderr.splitlines()[-1].startswith("Rådrum startar, och det som finns kan läsas"), told.stderr
    assert pages == dict.fromkeys(PAGES, 200)
    assert refused == 503
    assert alive, servers.log.read_text()[-3000:]
    assert_heals(servers)


def save(servers):
    """The status of something that has to be stored: an administrator's mail to herself."""
    browser = Browser(servers.port)
    browser.sign_in(EMAIL, PASSWORD)
    return browser.post("/administration/e-post/prov")[0]


def assert_heals(servers, longest=60):
    """Without a restart, soon: what is sent is saved, and the index is whole."""
    deadline = time.monotonic() + longest
    while save(servers) != 303 or Browser(servers.port).get("/halsa/redo")[0] != 200:
        assert time.monotonic() < deadline, servers.log.read_text()[-3000:]
        time.sleep(0.5)


def test_an_empty_instance_on_such_a_disk_is_refused_in_one_line(disk):
    shutil.rmtree(disk.folder / "inst")
    (disk.folder / "inst").mkdir()
    disk.remount("ro")

    told = command({"RADRUM_INSTANCE": str(disk.folder / "inst")}, "ops", "start")

    assert told.returncode != 0
    assert len(told.stderr.splitlines()) == 1


def test_a_disk_that_is_taken_away_gets_no_empty_database(disk, serve):
    servers = serve()
    browser = Browser(servers.port)
    assert browser.get("/vagledning/text-om-oro-1")[0] == 200
    hidden = disk.folder / "inst" / "radrum.sqlite3"
    hidden.rename(disk.folder / "borta")
    try:
        statuses = {Browser(servers.port).get("/vagledning/text-om-oro-2")[0] for _ in range(5)}
        assert not hidden.exists()
    finally:
        (disk.folder / "borta").rename(hidden)

    assert statuses <= {200, 503}
