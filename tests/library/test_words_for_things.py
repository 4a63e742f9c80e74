"""One word for one thing: what docs/writing.md says is not written stands in no shipped text."""

import re

import pytest

from kb.config import ROOT
from tests.shipped_content import entries

ELSEWHERE = {
    "anmälaren"
}  # who reports concern for a child is called so; only the one who reports by lex Sarah is not


def avoided():
    """The last column of the table, word by word."""
    part = (
        (ROOT / "docs" / "writing.md").read_text(encoding="utf-8").partition("## One word for one thing")[2]
    )
    rows = [line.split("|") for line in part.partition("\n## ")[0].splitlines() if line.startswith("|")]
    words = {word.strip() for row in rows[2:] for word in row[3].split(",")}
    return sorted(words - ELSEWHERE - {""})


@pytest.fixture(scope="module")
def texts():
    """(slug, place, text) of everything shipped that a person reads."""
    return [(entry.slug, place, text) for entry in entries() for place, text in entry.texts()]


@pytest.mark.parametrize("word", avoided())
def test_a_word_that_is_not_written_stands_nowhere(texts, word):
    found = re.compile(rf"\b{word}\b", re.IGNORECASE if word.islower() else 0)

    # labels are what people type, claims what they say
    assert [
        (slug, place, text[:80])
        for slug, place, text in texts
        if found.search(text) and place.split(".")[0] not in {"labels", "claim", "sources"}
    ] == []
