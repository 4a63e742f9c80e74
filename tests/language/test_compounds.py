import pytest

from kb.language.analysis import term_of
from kb.language.compounds import part_stems, split, ways_apart, with_marks


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

    assert {term_of(form) for form in forms} == {"handlingsplan"}


def test_neighbouring_parts_are_parts_too_but_not_the_whole():
    assert set(part_stems("hembesöksrutin")) == {"hem", "besök", "rutin", "hembesök", "besöksrutin"}


def test_a_compound_of_the_query_may_stand_apart_at_any_seam():
    assert ("hembesök", "rutin") in ways_apart("hembesöksrutin")


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
