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
    if "--whoosh3" in arguments:
        arguments = [argument for argument in arguments if argument != "--whoosh3"]
        return pytest([*(arguments or ["-n", "2"]), "tests/search"], with_fork(kept))
    if "--postgresql" not in arguments:
        return pytest(arguments or ["-n", "2"], kept)
    from tests.postgresql import Missing, cluster

    arguments = [argument for argument in arguments if argument != "--postgresql"]
    try:
        with cluster() as url:
            return pytest(
                ["-m", "not browser", *(arguments or ["-n", "2"])], {**kept, "RADRUM_TEST_DATABASE_URL": url}
            )
    except Missing as missing:
        return fail(str(missing))


def pytest(arguments: list[str], variables: dict[str, str]) -> int:
    """Run pytest in the environment; its exit status."""
    with interruptible():
        return subprocess.run([PYTHON, "-m", "pytest", *arguments], env=variables).returncode
