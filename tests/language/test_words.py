import unicodedata

import pytest

from kb.language.sections import find_sections
from kb.language.words import fold, normalise, query_words, read_spellings, read_tokens, read_words, words_of


def test_decomposed_letters_and_soft_hyphens_are_normalised():
    typed = unicodedata.normalize("NFD", "Vå\u00adld på \u200bÅsen\ufeff")

    assert normalise(typed) == "Våld på Åsen"


@pytest.mark.parametrize(
    ("word", "folded"),
    [("våld", "vald"), ("ärende", "arende"), ("öppen", "oppen"), ("idé", "ide"), ("hot", "hot")],
)
def test_folding(word, folded):
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ring 114 14!", ["ring", "114", "14"]),
        ("27 kap. 5 § OSL", ["27", "kap", "5", "§", "osl"]),
        ("AFS 2023:2", ["afs", "2023", "2"]),
        ("hot- och våldsplan", ["hot", "och", "våldsplan"]),
        ("ÅSNA", ["åsna"]),
        ("a_b", ["a", "b"]),
        ("😀 ***", []),
    ],
)
def test_words(text, expected):
    assert read_words(text) == expected


def test_a_joined_word_is_found_whole_and_in_parts():
    assert list(read_spellings("SMS-tjänst")) == ["sms", "tjänst", "smstjänst"]
    assert list(read_spellings("2023:2")) == ["2023", "2", "2023:2"]


def test_tokens_keep_every_word_and_give_the_same_words_as_the_text():
    text = "Hotet och hot, LVU-kampanjen. 27 kap. 5 § AFS 2023:2 " + "a" * 70

    tokens = read_tokens(text)

    assert tokens[:5] == ["hotet", "och", "hot", "lvu-kampanjen", "27"]
    assert words_of(tokens) == read_words(text)


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("Enligt 27 kap. 5 § socialtjänstlagen", ["27:5"]),
        ("6 kap. 6 a § arbetsmiljölagen", ["6:6a", "6:6"]),
        ("6:6 a AML", ["6:6a", "6:6"]),
        ("10 kap. 2, 15 och 23 §§ OSL", ["10:2", "10:15", "10:23"]),
        ("AFS 2023:2 och SFS 1990:52", []),
        ("klockan", []),
    ],
)
def test_a_section_of_a_law_has_one_term_however_it_is_written(text, sections):
    assert find_sections(text) == sections


def test_numbers_of_a_query_stay_whole():
    assert query_words("AFS 2023:2, 14-14, 1177, 4:2-modellen") == [
        "afs", "2023:2", "14-14", "1177", "4:2", "modellen",
    ]  # fmt: skip
