"""Two nodes on one database, each with its folder and its processes: what is changed through either is in both."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from kb.db import Database
from kb.search.engine.indexer import Indexer
from kb.search.engine.store import Store
from tests.conftest import SERVER, build_app
from tests.ops.serving import REFUSALS, ROOT, Browser, command
from tests.postgresql import free_port

STEPS = 250  # of each node
PATIENCE = 60  # seconds, for a machine that is busy
EDITOR = """
import random, sys
from kb import create_app
from kb.accounts.viewer import SYSTEM
from kb.library.core.models.items import ContentItem
from kb.library.services.publication import withdraw
from tests.factories import make_document, make_item

name, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
chance, ours = random.Random(f"{name} {first}"), []
database = create_app().extensions["database"]
for number in range(first, last):
    with database.transaction() as session:
        if ours and chance.random() < 0.4:
            item = session.get(ContentItem, ours.pop(chance.randrange(len(ours))))
            withdraw(session, item, reason="Prov.", replacement=None, by=SYSTEM)
        else:
            document = make_document(title=f"Nödlarm {name} {number}")
            ours.append(make_item(session, document, slug=f"nodlarm-{name}-{number}").id)
    print(number, flush=True)
"""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not SERVER, reason="one file is for one machine")]


class Node:
    """A folder, the worker on it, and somebody who publishes and withdraws through it."""

    def __init__(self, name, folder, database_url):
        self.name, self.folder = name, folder
        folder.mkdir(exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RADRUM_")}
        own = {"RADRUM_INSTANCE": str(folder), "RADRUM_DATABASE_URL": database_url, "FLASK_APP": "wsgi"}
        self.variables = own | {"RADRUM_LOG_LEVEL": "WARNING", "RADRUM_SECRET_KEY": "x" * 40}
        self._environment = kept | self.variables
        self._database = Database(database_url)
        self._processes = []

    def work(self):
        """Start the worker."""
        self.worker = self._spawn("flask", "jobs", "work")

    def serve(self):
        """Start the web server; somebody who asks it."""
        port = free_port()
        self._spawn("gunicorn", "--bind", f"127.0.0.1:{port}", "wsgi:app")
        return Browser(port)

    def edit(self, first, last):
        """Start publishing and withdrawing; each line that it prints is a change that was acknowledged."""
        self._spawn("-c", EDITOR, self.name, first, last, out="done")

    def _spawn(self, *words, out="log"):
        words = words if words[0] == "-c" else ("-m", *words)
        with (self.folder / out).open("ab") as told, (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *map(str, words)],
                cwd=ROOT,
                env=self._environment,
                stdout=told,
                stderr=log,
            )
        self._processes.append(process)
        return process

    def wait_for(self, number):
        """Wait until this change was acknowledged."""
        while str(number) not in (self.folder / "done").read_text().split():
            assert self._processes[-1].poll() in (None, 0), (self.folder / "log").read_text()[-3000:]
            time.sleep(0.1)

    def kill(self):
        """End all at once, wherever they are."""
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait(30)
        self._processes = []

    def report(self):
        """How the index of this node differs from the database, by somebody who only looks."""
        return Indexer(self._database, Store(self.folder)).check()

    def titles(self):
        """What the index holds."""
        return {data["title"] for data in Store(self.folder).snapshot().stored()}

    def run(self, *words):
        """The outcome of a command here."""
        return command(self.variables, *map(str, words))

    def close(self):
        """Leave nothing running."""
        self.kill()
        self._database.dispose()


@pytest.fixture
def nodes(tmp_path):
    app = build_app(tmp_path / "made")
    database_url = app.config["SETTINGS"].database_url
    app.extensions["database"].dispose()
    found = [Node(name, tmp_path / name, database_url) for name in "ab"]
    for node in found:
        node.work()
    yield found
    for node in found:
        node.close()


def agree(*nodes):
    """Wait until each index is as the database."""
    end = time.monotonic() + PATIENCE
    while not all(node.report().agrees for node in nodes):
        assert time.monotonic() < end, [(node.name, node.report()) for node in nodes]
        time.sleep(0.2)


def test_both_indexes_are_as_the_database_whatever_ends_in_the_middle(nodes, tmp_path):
    a, b = nodes
    a.edit(0, STEPS)
    b.edit(0, STEPS)
    b.wait_for(STEPS // 3)
    b.kill()
    a.worker.send_signal(signal.SIGSTOP)  # perhaps with the lock of its index in its hand
    b.work()
    b.edit(STEPS // 3 + 1000, STEPS + 1000)
    a.wait_for(STEPS - 1)
    b.wait_for(STEPS + 999)
    a.worker.send_signal(signal.SIGCONT)
    agree(a, b)
    assert a.titles() == b.titles()
    assert len(a.titles()) > STEPS // 3

    assert a.run("ops", "backup", tmp_path / "b.zip").returncode == 0
    before = a.titles()
    b.edit(5000, 5020)
    b.wait_for(5019)
    restored = a.run("ops", "restore", tmp_path / "b.zip", "--force")
    assert restored.returncode == 0, restored.stderr
    agree(a, b)
    assert a.titles() == b.titles() == before
    told = a.run("ops", "status").stdout
    assert told.count("vid ändring") == 2, told
    assert a.run("ops", "check").stdout == ""


def test_a_node_without_a_worker_follows_too(nodes):
    a, b = nodes
    b.kill()
    browser = b.serve()
    a.edit(0, 1)
    a.wait_for(0)

    end = time.monotonic() + PATIENCE
    while "/vagledning/nodlarm-a-0" not in found(browser):
        assert time.monotonic() < end, (b.folder / "log").read_text()[-3000:]
        time.sleep(0.1)


def found(browser):
    """The page of hits, when there is an answer."""
    with suppress(*REFUSALS):
        return browser.get("/sok?q=nodlarm")[1]
    return ""


def test_two_nodes_may_be_started_at_once_on_an_empty_database(nodes):
    a, b = nodes
    starts = [node._spawn("flask", "ops", "start") for node in (a, b)]

    assert [start.wait(600) for start in starts] == [0, 0], (a.folder / "log").read_text()[-3000:]

    agree(a, b)
    assert a.titles() == b.titles()
    assert len(a.titles()) > 100
    found = json.loads(b.run("search", "query", "hot", "--json", "--limit", "3").stdout)
    assert len(found) == 3
