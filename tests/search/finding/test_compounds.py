"""Compounds in texts and queries: found by their parts, apart and together."""

import pytest

from tests.search.samples import build, found, make_indexable


@pytest.mark.parametrize("query", ["kommunikation", "plan", "kris", "kriskommunikation", "planer"])
def test_a_part_finds_the_compound(store, query):
    build(store, make_indexable(slug="rätt", title="Kriskommunikationsplan"), make_indexable(title="Annat"))

    assert found(store, query) == ["rätt"]


def test_the_word_itself_comes_before_the_compound(store):
    build(
        store,
        make_indexable(slug="sammansatt", title="Kriskommunikation"),
        make_indexable(slug="själv", title="Kommunikation"),
    )

    assert found(store, "kommunikation") == ["själv", "sammansatt"]


@pytest.mark.parametrize("query", ["sekretess prövning", "sekretessprövning", "sekretess prövningar"])
def test_a_compound_written_apart_is_found_together(store, query):
    build(store, make_indexable(slug="rätt", text="Gör en sekretessprövning."), make_indexable(text="Annat"))

    assert found(store, query) == ["rätt"]


def test_a_compound_is_found_apart_when_all_its_parts_are_there(store):
    build(
        store,
        make_indexable(slug="rätt", title="Rutin för hembesök"),
        make_indexable(slug="fel", title="Rutin för post"),
    )

    assert found(store, "hembesöksrutin") == ["rätt"]


def test_parts_may_be_typed_without_marks(store):
    build(store, make_indexable(slug="rätt", text="Om sekretessprövning."), make_indexable(text="Annat"))

    assert found(store, "provning") == ["rätt"]
    assert found(store, "sekretessprovning") == ["rätt"]
