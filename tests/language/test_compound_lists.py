"""The kept lists of compounds: every one of the field has its right parts, and what is no compound stays whole."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.language.compounds import head_of, split

LISTS = Path(__file__).resolve().parents[1] / "data" / "compounds"
COUNTED = 0.9  # of the list that nobody reads; .84 before the ends of compounds were weighed


def compounds(name: str) -> list[tuple[str, str]]:
    """The compounds of a list, each with its parts as judged."""
    lines = (LISTS / name).read_text(encoding="utf-8").splitlines()
    return [(word, written) for word, tab, written in (line.partition("\t") for line in lines) if tab]


def seams(written: str, marks: str) -> set[int]:
    """Where the marks stand, in letters of the word."""
    return {
        len(written[:place].replace("+", "").replace(".", ""))
        for place, sign in enumerate(written)
        if sign in marks
    }


def seams_found(word: str) -> set[int]:
    found, end = set(), 0
    for part in split(word)[:-1]:
        end = word.index(part, max(end - 1, 0)) + len(part)
        found.add(end)
    return found


def is_right(word: str, written: str) -> bool:
    return seams(written, "+") <= seams_found(word) <= seams(written, "+.")


FIELD = compounds("field.tsv")
WHOLE = [
    word
    for line in (LISTS / "whole.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
]


def test_the_lists_are_long_and_hold_each_word_once():
    words = [word for name in ("field.tsv", "counted.tsv") for word, _ in compounds(name)]
    assert len(FIELD) >= 500
    assert len(words) - len(FIELD) >= 150
    assert len(WHOLE) >= 250
    assert len(set(words)) == len(words)


def test_every_compound_of_the_field_has_its_right_parts():
    assert [(word, written, split(word)) for word, written in FIELD if not is_right(word, written)] == []


def test_most_compounds_of_the_counted_list_have_their_right_parts():
    counted = compounds("counted.tsv")
    assert sum(is_right(word, written) for word, written in counted) >= COUNTED * len(counted)


def test_what_looks_like_a_compound_and_is_none_stays_whole():
    assert {word: split(word) for word in WHOLE if split(word)} == {}


@pytest.mark.parametrize(
    ("word", "head"),
    [
        ("hedersvåld", "våld"),
        ("yxhot", "hot"),
        ("kontorsrutinerna", "rutinerna"),
        ("zlatanhot", "hot"),
        ("avslag", ""),
        ("komunikation", ""),
        ("2023:2", ""),
        ("x" * 500, ""),
    ],
)
def test_the_head_of_an_unknown_compound_is_its_last_part(word, head):
    assert head_of(word) == head


@settings(max_examples=200, deadline=None)
@given(st.text("abdeghiklmnoprstuvyåäö", max_size=45))
def test_parts_cover_the_word_and_the_head_ends_it(word):
    parts = split(word)
    assert word.startswith(parts[:1] or ("",))
    assert word.endswith(parts[-1:] or ("",))
    assert word.endswith(head_of(word))
