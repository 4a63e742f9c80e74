"""`dev.py test`: pytest on SQLite, on a throw-away PostgreSQL, with the fork of Whoosh, or measuring branches."""

from __future__ import annotations

import os
import subprocess

from tools import coverage
from tools.children import interruptible
from tools.environment import prepare, with_fork
from tools.places import PYTHON, fail

FOR_TESTS = ("RADRUM_CI", "RADRUM_SHARED")
WAYS = ("--whoosh3", "--postgresql", "--coverage")
CHECKS = "tests/structure/test_check.py"  # it runs tools, and nothing of kb/


def test(arguments: list[str]) -> int:
    """Run the tests: all of them on two cores, or what the arguments say."""
    prepare(dev=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("RADRUM_") or k in FOR_TESTS}
    own = [argument for argument in arguments if argument not in WAYS]
    given = own or ["-n", "2"]
    if "--coverage" in arguments:
        return measured(given, kept, whole=not own)
    if "--whoosh3" in arguments:
        return pytest([*given, "tests/search"], with_fork(kept))
    if "--postgresql" in arguments:
        return on_postgresql(given, kept)
    return pytest(given, kept)


def measured(arguments: list[str], variables: dict[str, str], *, whole: bool) -> int:
    """Run the tests without a browser and say which branches none of them takes; a whole run has to take most."""
    coverage.REPORT.unlink(missing_ok=True)
    status = pytest(["-m", "not browser", "--ignore", CHECKS, *coverage.OPTIONS, *arguments], variables)
    if not coverage.REPORT.exists():
        return status or 1
    total = coverage.show()
    return status or (coverage.judge(total) if whole else 0)


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
