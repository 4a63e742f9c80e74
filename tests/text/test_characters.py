"""The one spelling of stored text."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.text import characters
from kb.text.characters import is_visible, normal, normal_values, one_line
from kb.text.sanitize import clean

_ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("aå<>\u030a\u0338\u0323\u200b\u00ad\u202e\u2066\x0b\x0c\u2028\r\n\u0344"),
    )
)


@settings(max_examples=400, deadline=None)
@given(_ODD)
def test_every_text_ends_in_one_spelling(text):
    found = normal(text)

    assert normal(found) == found
    assert unicodedata.is_normalized("NFC", found)
    assert not set(found) & set(
        "\x00\x0b\x0c\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    assert found == "" or is_visible(found)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("abåäö éü 👩‍🚒")))
def test_composed_and_decomposed_are_the_same(text):
    assert normal(unicodedata.normalize("NFD", text)) == normal(text)


@settings(max_examples=200, deadline=None)
@given(_ODD)
def test_clean_html_is_in_the_one_spelling(text):
    found = clean(text)

    assert clean(found) == found
    assert unicodedata.is_normalized("NFC", found)


@pytest.mark.parametrize(
    "text", ["\u200b\u200b", "\u00ad" * 4, "\u2060", "\u202e\u202e", " \n\t", "\u3164", "\ufe0f"]
)
def test_what_nobody_can_see_is_empty(text):
    assert normal(text) == ""


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Larm\x0bi", "Larm i"),
        ("post\x0coch", "post och"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("a\x1eb", "a b"),
        ("Rutin \u202eför", "Rutin för"),
        ("Ring \u202dväxeln\u202c först", "Ring växeln först"),
    ],
)
def test_what_stands_between_words_parts_them(text, result):
    assert one_line(text) == result


@pytest.mark.parametrize(
    "text", ["👩\u200d🚒 larmar", "sam\u00adman\u00adträde", "\u0645\u06cc\u200c\u062e", "é"]
)
def test_joiners_and_soft_hyphens_stay(text):
    assert normal(text) == text


def test_a_sign_never_takes_a_tag_apart():
    assert normal("<b>\u0338a</b>\u0323\u0338") == "<b>a</b>\u0323"


def test_few_marks_are_put_in_order_at_a_time(monkeypatch):
    """Ordering takes time with the square of their number, inside a call of Python's own."""
    seen = []

    class Watched:
        category, combining = unicodedata.category, unicodedata.combining

        @staticmethod
        def normalize(form, text):
            seen.append(sum(map(bool, map(unicodedata.combining, text))))
            return unicodedata.normalize(form, text)

    monkeypatch.setattr(characters, "unicodedata", Watched)
    normal("a" + "\u0300\u0323" * 50_000)

    assert 0 < max(seen) <= 30


def test_all_texts_of_plain_data_are_normal():
    found = normal_values({"a\u030a": ["o\u0308", 1, None, True, {"x": "\u200b"}]})

    assert found == {"å": ["ö", 1, None, True, {"x": ""}]}
