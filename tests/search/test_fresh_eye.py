"""The sixty searches with a fresh eye: they name shipped texts, and each verdict follows from what was seen."""

from collections import Counter

import pytest

from bench.fresh_eye import VERDICTS, WHEN, queries, verdict
from bench.search_field import judge
from tests.search.test_field import shipped_slugs


def test_sixty_different_searches_by_many_before_during_and_after():
    asked = queries()

    assert len({one["q"] for one in asked}) == len(asked) == 60
    assert {one["when"] for one in asked} == set(WHEN)
    assert len({one["who"] for one in asked}) >= 6


@pytest.mark.parametrize("key", ["first", "good", "found"])
def test_each_judgement_names_a_shipped_text(key):
    named = {slug for one in queries() for slug in one[key] if not slug.startswith("/")}

    assert named - shipped_slugs() == set()


def test_each_verdict_follows_from_what_was_seen_and_has_its_reason():
    for one in queries():
        assert verdict(judge(one, one["found"], with_later=True)) == one["verdict"], one["q"]
        assert one["reason"], one["q"]
    assert set(Counter(one["verdict"] for one in queries())) == set(VERDICTS)
