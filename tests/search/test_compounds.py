import pytest

from kb.language import words as swedish
from kb.language.compounds import part_stems, split, ways_apart, with_marks
from tests.search.samples import build, found, make_indexable


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("kriskommunikation", "kris kommunikation"),
        ("hembesöksrutinerna", "hem besöks rutinerna"),
        ("arbetsmiljöverket", "arbets miljö verket"),
        ("flickgrupp", "flick grupp"),
        ("gatuplan", "gatu plan"),
        ("sekretessprövningen", "sekretess prövningen"),
        ("personuppgiftsincident", "person uppgifts incident"),
        ("handlingsplaner", "handlings planer"),
        ("desinformationskampanj", "desinformations kampanj"),
        ("natthjälp", "natt hjälp"),
        ("knivhot", "kniv hot"),
    ],
)
def test_a_compound_is_taken_apart_into_few_long_parts(word, parts):
    assert split(word) == tuple(parts.split())


WHOLE = "avslag samtal uppgift anmälan överfall medarbetare utredning trygghet boende kontakt rapport"


@pytest.mark.parametrize("word", WHOLE.split())
def test_particles_and_endings_are_no_parts(word):
    assert split(word) == ()


@pytest.mark.parametrize("word", ["", "a", "x" * 500, "2023:2", "hot", "aaaaaaaaaaaaaaaa", "ååååååååå"])
def test_odd_words_are_left_whole(word):
    assert split(word) == ()


def test_all_forms_of_a_compound_meet_though_its_whole_would_be_stemmed_otherwise():
    forms = ("handlingsplan", "handlingsplanen", "handlingsplaner", "handlingsplanerna")

    assert {swedish.term(form) for form in forms} == {"handlingsplan"}


def test_neighbouring_parts_are_parts_too_but_not_the_whole():
    assert set(part_stems("hembesöksrutin")) == {"hem", "besök", "rutin", "hembesök", "besöksrutin"}


def test_a_compound_of_the_query_may_stand_apart_at_any_seam():
    assert ("hembesök", "rutin") in ways_apart("hembesöksrutin")


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


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("hembesoksrutinen", "hembesöksrutinen"),
        ("krisovning", "krisövning"),
        ("tvangsvard", "tvångsvård"),
        ("hot", ""),
        ("kladdkaka" * 9, ""),
    ],
)
def test_a_compound_typed_without_marks_gets_them_back(typed, written):
    assert with_marks(typed) == written
