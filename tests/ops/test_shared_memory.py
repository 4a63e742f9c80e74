"""What gunicorn's master loads for all its workers: code, nothing that is older than the process that uses it."""

import json
import subprocess
import sys

import pytest

from tests.structure.source import ROOT

LOADING = """
import gc, json, os, sys, threading
from kb import CAPABILITIES
from kb.serving import load_what_is_shared
load_what_is_shared(CAPABILITIES)
before = set(sys.modules)
links = [os.path.realpath(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")]
instance = os.environ["RADRUM_INSTANCE"]
found = {"threads": threading.active_count(), "files": [link for link in links if link.startswith(instance)]}
found["frozen"] = gc.get_freeze_count()
found["alembic"] = "alembic" in sys.modules
import wsgi
found["loaded later"] = sorted(set(sys.modules) - before)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    instance = tmp_path_factory.mktemp("instance")
    variables = {"PATH": "/usr/bin:/bin", "RADRUM_INSTANCE": str(instance), "RADRUM_LOG_LEVEL": "ERROR"}
    for _ in range(2):  # the first time the tables are made, with alembic
        done = subprocess.run(
            [sys.executable, "-c", LOADING],
            cwd=ROOT,
            env=variables,
            capture_output=True,
            text=True,
            check=True,
        )
    return json.loads(done.stdout.splitlines()[-1])


def test_neither_threads_nor_open_files_are_made_before_there_are_workers(loaded):
    assert loaded["threads"] == 1
    assert loaded["files"] == []


def test_what_is_shared_is_never_looked_through_for_rubbish(loaded):
    assert loaded["frozen"] > 100_000


def test_a_process_that_serves_does_not_load_what_changes_tables(loaded):
    assert not loaded["alembic"]


def test_the_application_finds_nearly_all_of_its_code_loaded(loaded):
    own = {name for name in loaded["loaded later"] if name.startswith("kb.")}

    assert own == set()
    assert len(loaded["loaded later"]) < 20
