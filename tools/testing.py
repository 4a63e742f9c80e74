"""`dev.py test`: pytest on SQLite, on a throw-away PostgreSQL, or with the fork of Whoosh."""

from __future__ import annotations

import os
import subprocess

from tools.children import interruptible
from tools.environment import prepare, with_fork
from tools.places import PYTHON, fail

FOR_TESTS = ("RADRUM_CI", "RADRUM_SHARED")


def test(arguments: list[str]) -> int:
    """Run the tests: all of them on two cores, or what the arguments say."""
    prepare(dev=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("RADRUM_") or k in FOR_TESTS}
    given = [argument for argument in arguments if argument not in ("--whoosh3", "--postgresql")] or [
        "-n",
        "2",
    ]
    if "--whoosh3" in arguments:
        return pytest([*given, "tests/search"], with_fork(kept))
    if "--postgresql" in arguments:
        return on_postgresql(given, kept)
    return pytest(given, kept)


def on_postgresql(arguments: list[str], variables: dict[str, str]) -> int:
    """Run the tests on a cluster that lives as long as they do."""
    from tests.postgresql import Missing, cluster

    try:
        with cluster() as url:
            return pytest(["-m", "not browser", *arguments], {**variables, "RADRUM_TEST_DATABASE_URL": url})
    except Missing as missing:
        return fail(str(missing))


def pytest(arguments: list[str], variables: dict[str, str]) -> int:
    """Run pytest in the environment; its exit status."""
    with interruptible():
        return subprocess.run([PYTHON, "-m", "pytest", *arguments], env=variables).returncode
