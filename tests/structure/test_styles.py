"""Style sheets: colours, sizes and layers come from the tokens."""

import re

import pytest

from tests.structure.source import files, name_of, text_of, without_css_comments

SHEETS = files("static/css", ".css")
OUTSIDE_TOKENS = [path for path in SHEETS if path.name != "tokens.css" and not path.name.startswith("print")]
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch)\(")
NAMED_COLOUR = re.compile(r":[^;{}]*\b(?:white|black|red|green|blue|gray|grey|yellow|orange)\b[^;{}]*[;}]")
FONT_SIZE = re.compile(r"font(?:-size)?\s*:[^;}]*\d(?:px|pt)")


@pytest.mark.parametrize(
    "rule", [COLOUR, NAMED_COLOUR, FONT_SIZE], ids=["colour", "named colour", "font size"]
)
def test_no_raw(rule):
    raw = [
        f"{name_of(path)}: {found.group(0).strip()}"
        for path in OUTSIDE_TOKENS
        for found in rule.finditer(without_css_comments(text_of(path)))
    ]

    assert raw == []


def test_every_sheet_stands_in_a_layer():
    bare = [path for path in SHEETS if "@layer" not in text_of(path)]

    assert [name_of(path) for path in bare] == []


def test_every_used_token_is_declared():
    declared = {name for path in SHEETS for name in re.findall(r"(--[\w-]+)\s*:", text_of(path))}
    used = {
        name
        for path in SHEETS
        for name in re.findall(r"var\((--[\w-]+)\s*\)", without_css_comments(text_of(path)))
    }

    assert used - declared == set()
