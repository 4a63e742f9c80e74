"""The judged queries as people type them: each judgement names a text that is shipped, and later texts stand apart."""

from pathlib import Path

import pytest

from bench.search_field import TUNED, halves, judge, queries

STARTER = Path(__file__).resolve().parents[2] / "kb" / "starter"
KEYS = ("first", "good", "later_first", "later_good")
ASKED = {
    "q": "elavbrott",
    "kind": "word",
    "first": ["old"],
    "good": ["near"],
    "later_first": ["new"],
    "later_good": ["by"],
}


def shipped_slugs():
    """The slugs of all shipped texts."""
    return {path.stem for path in STARTER.glob("*/*") if path.suffix in {".md", ".yaml"}}


@pytest.mark.parametrize("key", KEYS)
def test_each_judgement_names_a_shipped_text(key):
    named = {slug for one in queries() for slug in one.get(key, ()) if not slug.startswith("/")}

    assert named - shipped_slugs() == set()


def test_a_later_text_is_judged_once_and_never_where_nothing_answers():
    for one in queries():
        named = [slug for key in KEYS for slug in one.get(key, ())]
        assert len(named) == len(set(named)), one["q"]
        assert one["first"] or not named, one["q"]


@pytest.mark.parametrize(
    ("found", "as_judged", "with_later"),
    [
        (["old"], (True, True), (True, True)),
        (["new"], (False, False), (True, True)),
        (["x", "by"], (False, False), (False, True)),
        (["x", "near"], (False, True), (False, True)),
        (["x", "y", "z", "new"], (False, False), (False, False)),
        ([], (False, False), (False, False)),
    ],
)
def test_later_texts_count_only_where_they_are_asked_for(found, as_judged, with_later):
    for wanted, later in ((as_judged, False), (with_later, True)):
        outcome = judge(ASKED, found, with_later=later)

        assert (outcome.is_first, outcome.is_in_three) == wanted


def test_both_halves_are_of_one_size():
    tuned, counted = halves([[] for _ in queries()])

    assert (len(tuned), len(counted)) == (TUNED, TUNED)
