"""What no file may be or hold."""

import re

import pytest

from tests.structure.source import files, name_of, text_of, tracked

LONGEST = {".py": 500, ".css": 300, ".js": 250, ".html": 350}
# Written so that this file does not hold what it looks for.
FORBIDDEN = {
    "a machine path": re.compile(r"/(?:wor" r"k|ro" r"ot|ho" r"me)/[a-z.]"),
    "a registry host": re.compile(r'"resol' r'ved": *"http|--(?:extra-)?index' r"-url"),
    "an unfinished place": re.compile(r"\b(?:TO" r"DO|FIX" r"ME|raise Not" r"Implemented)|lorem ip" r"sum"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    held = [
        f"{name_of(path)}:{number}"
        for path in tracked()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]

    assert held == []


@pytest.mark.parametrize("suffix", LONGEST)
def test_no_file_is_too_long(suffix):
    generated = files("migrations/versions")
    found = [path for path in tracked() if path.suffix == suffix and path not in generated]
    lengths = {name_of(path): len(text_of(path).splitlines()) for path in found}

    assert {name: length for name, length in lengths.items() if length > LONGEST[suffix]} == {}


def test_every_module_says_what_it_is_for():
    code = [path for path in files("kb", ".py") if text_of(path).strip()]

    assert [name_of(path) for path in code if not text_of(path).startswith('"""')] == []


def test_init_files_are_empty():
    inits = [
        path
        for path in files("kb", ".py")
        if path.name == "__init__.py" and name_of(path) != "kb/__init__.py"
    ]

    assert [name_of(path) for path in inits if text_of(path).strip()] == []
