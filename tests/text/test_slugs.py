"""Slugs of Swedish titles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.slugs import MAX_LENGTH, slugify, unique_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("När en medarbetare hotas – första timmen", "nar-en-medarbetare-hotas-forsta-timmen"),
        ("ÅTGÄRDER & RÖSTER", "atgarder-roster"),
        ("SoL 14 kap. 3 §", "sol-14-kap-3"),
        ("Idé: lex Sarah?", "ide-lex-sarah"),
        ("social\u00adtjänst\u200ben\ufeff", "socialtjansten"),
        ("???", "namnlos"),
        ("", "namnlos"),
    ],
)
def test_a_title_becomes_a_slug(title, slug):
    assert slugify(title) == slug


def test_a_long_title_is_cut_between_words():
    slug = slugify("bemanning och kontinuitet " * 8)

    assert len(slug) <= MAX_LENGTH
    assert set(slug.split("-")) == {"bemanning", "och", "kontinuitet"}


@given(st.text(max_size=300))
def test_a_slug_is_always_an_address(title):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slugify(title))
    assert len(slugify(title)) <= MAX_LENGTH


@pytest.mark.parametrize(
    ("taken", "slug"), [(set(), "hot"), ({"hot"}, "hot-2"), ({"hot", "hot-2", "hot-3"}, "hot-4")]
)
def test_a_taken_slug_gets_a_number(taken, slug):
    assert unique_slug("hot", taken.__contains__) == slug


def test_a_number_fits_within_the_longest_slug():
    longest = "a" * MAX_LENGTH

    assert unique_slug(longest, {longest}.__contains__) == "a" * (MAX_LENGTH - 2) + "-2"
