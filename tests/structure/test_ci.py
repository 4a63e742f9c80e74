"""In CI a missing part is a failure; public test data is one only where the folder for it is."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT


def outcome(shared):
    """The exit status and the output of the tests that need test data."""
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/text/test_sanitize_benign.py",
        ],
        cwd=ROOT,
        env={**os.environ, "RADRUM_CI": "1", "RADRUM_SHARED": str(shared)},
        capture_output=True,
        text=True,
    )
    return found.returncode, found.stdout


@pytest.mark.parametrize("is_there", [False, True])
def test_data_beside_the_repository_is_required_where_there_is_any(tmp_path, is_there):
    folder = tmp_path / "shared"
    if is_there:
        folder.mkdir()

    status, text = outcome(folder)

    assert (status == 1) == is_there, text
    assert ("in CI that is a failure" in text) == is_there
    assert (f"this machine has no test data in {folder}" in text) != is_there
