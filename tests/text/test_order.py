"""Swedish alphabetical order."""

import pytest

from kb.text.order import initial, swedish_key


@pytest.mark.parametrize(
    "in_order",
    [
        ["Ale", "Zinkgruvan", "Åmål", "Ängelholm", "Öland"],
        ["ek", "Eker", "élan", "ele"],
        ["Müller", "Mysen"],
        ["Väsby", "Wik", "Xa"],
        ["3 kap.", "14 kap.", "aml"],
        ["lex Maria", "lex Sarah", "lexikon"],
        ["a", "å", "æ", "ö"],
    ],
)
def test_words_stand_as_in_a_swedish_dictionary(in_order):
    assert sorted(reversed(in_order), key=swedish_key) == in_order


def test_decomposed_letters_are_the_same_letters():
    assert swedish_key("A\u030amål")[0] == swedish_key("Åmål")[0]


def test_what_nobody_sees_in_a_word_does_not_part_it():
    assert swedish_key("\u200bSocial\u00adtjänst")[0] == swedish_key("Socialtjänst")[0]


def test_words_that_differ_in_case_only_have_a_fixed_order():
    assert sorted(["ivo", "IVO"], key=swedish_key) == sorted(["IVO", "ivo"], key=swedish_key)


@pytest.mark.parametrize(
    ("text", "letter"),
    [("åtgärd", "Å"), ("Ängel", "Ä"), ("(öva)", "Ö"), ("élan", "E"), ("112", "0–9"), ("", "#"), ("–", "#")],
)
def test_a_text_is_listed_under_its_letter(text, letter):
    assert initial(text) == letter
