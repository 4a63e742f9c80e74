"""Things by their names, however these are typed; never by a word of the language that is another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.language.namebook import MOST_WORDS, NameBook, slips_allowed
from kb.language.words import query_words

NAMES = [
    "Ordlista",
    "missförhållande",
    "hot",
    "lex Sarah",
    "kränkning",
    "anmälan till IVO",
    "Viktiga nummer",
    "Polisen, ej akut",
    "DOS-lagen",
    "krisstöd",
    "våld",
]
BOOK = NameBook((name, name) for name in NAMES)
TYPED = {
    "ordlista": "Ordlista",
    "ordlistan": "Ordlista",
    "ordlistor": "Ordlista",
    "ord lista": "Ordlista",
    "ordlsta": "Ordlista",
    "odrlista": "Ordlista",
    "missförhållanden": "missförhållande",
    "missforhallande": "missförhållande",
    "missförhålande": "missförhållande",
    "misförhållandet": "missförhållande",
    "hotet": "hot",
    "hoten": "hot",
    "lex sara": "lex Sarah",
    "lex sahra": "lex Sarah",
    "lexsarah": "lex Sarah",
    "krankning": "kränkning",
    "anmälan till ivo": "anmälan till IVO",
    "viktiga numret": "Viktiga nummer",
    "polisen ej akut": "Polisen, ej akut",
    "dos lagen": "DOS-lagen",
    "doslagen": "DOS-lagen",
    "krisstod": "krisstöd",
    "krisstödet": "krisstöd",
    "vald": "våld",
}
OTHERS = [
    "hat",
    "hit",
    "hon",
    "moln",
    "sarah lex hotet",
    "ivo",
    "numret",
    "lista",
    "stöd",
    "kränker oss alla",
]


def found(typed):
    return BOOK.find(query_words(typed.lower()))


@pytest.mark.parametrize(("typed", "name"), TYPED.items())
def test_a_name_is_found_however_it_is_typed(typed, name):
    assert found(typed) == [name]


@pytest.mark.parametrize("typed", OTHERS)
def test_another_word_is_not_bent_into_a_name(typed):
    assert found(typed) == []


def test_all_that_have_a_name_are_found_once_and_in_order():
    book = NameBook([("larm", 1), ("larmet", 2), ("larm", 1)])

    assert book.find(["larm"]) == [1, 2]


def test_two_names_as_near_are_none():
    book = NameBook([("xylofona", 1), ("xylofone", 2)])

    assert book.find(["xylofonu"]) == []


def test_a_long_word_may_have_more_slips_than_a_short_one():
    assert [slips_allowed("x" * letters) for letters in (1, 4, 5, 7, 8, 40)] == [0, 0, 1, 1, 2, 2]


def test_a_book_without_names_finds_nothing():
    assert NameBook([]).find(["ordlista"]) == []


@given(st.lists(st.text(min_size=1, max_size=12), max_size=MOST_WORDS + 2))
def test_anything_may_be_asked_for(words):
    assert set(BOOK.find(words)) <= set(NAMES)


@given(st.sampled_from(NAMES))
@settings(max_examples=len(NAMES))
def test_every_name_is_found_as_it_is_written(name):
    assert name in BOOK.find(query_words(name.lower()))
    assert name in BOOK.find(query_words(name.upper().lower()))
