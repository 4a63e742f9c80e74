"""Templates and style sheets are formatted by tools; what a tool cannot break is written on shorter lines."""

import subprocess
import sys
from pathlib import Path

import cssbeautifier
import pytest

from tests.structure.source import ROOT, files, name_of, text_of

LONGEST_LINE = 110
SHEETS = files("static/css", ".css")
TEMPLATES = files("templates", ".html")
DJLINT = Path(sys.executable).parent / "djlint"
MEND_CSS = (
    "css-beautify --indent-size 2 --disable-newline-between-rules --space-around-combinator "
    "--end-with-newline --replace FILE"
)


def beautified(text: str) -> str:
    """A style sheet as `MEND_CSS` writes it: a declaration a line, a selector a line."""
    options = cssbeautifier.default_options()
    options.indent_size = 2
    options.newline_between_rules = False
    options.space_around_combinator = True
    options.end_with_newline = True
    return str(cssbeautifier.beautify(text, options))


def test_style_sheets_are_formatted():
    loose = [name_of(path) for path in SHEETS if beautified(text_of(path)) != text_of(path)]

    assert loose == [], MEND_CSS


def test_templates_are_formatted():
    found = subprocess.run([DJLINT, "templates", "--check"], cwd=ROOT, capture_output=True, text=True)

    assert found.returncode == 0, f"djlint templates --reformat\n{found.stdout}"


@pytest.mark.parametrize("paths", [SHEETS, TEMPLATES], ids=["style sheets", "templates"])
def test_no_line_is_too_long(paths):
    long = [
        f"{name_of(path)}:{number}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]

    assert long == []
