"""Every shipped item is found by its title and by what people type; `bench/find_items.py` tells what is missed."""

import pytest
from flask import Flask

from bench.find_items import Asked, ask, parts_of, share

pytestmark = pytest.mark.slow
LEAST = 0.88  # the measure is 90 %; what lies between is room for editing a text


@pytest.fixture(scope="module")
def asked(shipped: Flask) -> list[Asked]:
    """All queries of `bench/find_items.yaml`, answered from the shipped content."""
    return ask(shipped)


def test_every_shipped_item_has_three_queries_that_are_not_its_title(asked):
    titles, ways = parts_of(asked)
    title_of = {one.slug: one.query.casefold() for one in titles}

    assert len(ways) == 3 * len(titles)
    assert not [one for one in ways if one.query.casefold() == title_of[one.slug]]


def test_titles_find_their_items_among_the_first_three(asked):
    titles, _ = parts_of(asked)

    assert share(titles) >= LEAST, _missed(titles)


def test_what_people_would_type_finds_the_item_among_the_first_three(asked):
    _, ways = parts_of(asked)

    assert share(ways) >= LEAST, _missed(ways)


def _missed(asked: list[Asked]) -> list[str]:
    return [f"{one.slug}: {one.query}" for one in asked if not one.is_found]
