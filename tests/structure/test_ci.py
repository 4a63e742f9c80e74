"""In CI a missing part is a failure; test data is one only where its folder is; what PostgreSQL is for."""

import ast
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT, WITH_DATABASE
from tests.structure.source import files, name_of, text_of


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


def test_every_fixture_that_makes_a_database_is_known_to_be_one():
    """On PostgreSQL the tests that touch no database are left out: whoever makes one elsewhere would be too."""
    plumbing = {"build_app", "ready_database_url", "_made_ready"}
    calls = {
        function.name
        for path in files("tests", ".py")
        if not path.name.startswith("test_") and name_of(path) != "tests/shipped_content.py"  # always SQLite
        for function in ast.walk(ast.parse(text_of(path)))
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in plumbing | {"new_database_url"}
    }

    assert calls - plumbing == WITH_DATABASE
