"""Plain text and what is counted in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.text.plain import blocks, lix, paragraphs, sentences, to_text, words
from kb.text.sanitize import clean
from kb.text.tags import pieces


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h2>Före</h2><p>Plan.</p>", "Före\nPlan."),
        ("<p>Ring <strong>11</strong>2</p>", "Ring 112"),
        ("<p>ett<br>två</p>", "ett\ntvå"),
        ("<p>ett</p><hr><p>två</p>", "ett\ntvå"),
        ("<ul><li>ett<ul><li>två</li></ul>tre</li></ul>", "ett\ntvå\ntre"),
        ("<p>SoL&nbsp;14&nbsp;kap. &amp; 3 &lt; 4 &amp;lt;</p>", "SoL 14 kap. & 3 < 4 &lt;"),
        ("<p>sam\u00adman\u200bträde</p>", "sammanträde"),
        (
            "<table><tbody><tr><td><p>a</p></td><td>b<br>c</td></tr><tr><td>d</td></tr></tbody></table>",
            "a b c\nd",
        ),
        ("<details open><summary>Mer</summary>Text</details>", "Mer\nText"),
        ('<p>a<img src="/media/x" alt="bild &gt; text">b</p>', "ab"),
        ("", ""),
    ],
)
def test_blocks_become_lines_without_tags(html, text):
    assert clean(html) == html
    assert to_text(html) == text


def test_blocks_say_what_they_are():
    html = "<h2>A</h2><p>b</p><ul><li><p>c</p></li></ul>"
    html += "<table><caption>d</caption><tbody><tr><th>e</th></tr></tbody></table>"

    assert blocks(html) == [
        ("Rubrik", "A"),
        ("Stycke", "b"),
        ("Punkt", "c"),
        ("Tabell", "d"),
        ("Tabellrad", "e"),
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<p>", "<b title='>'>", "</p>", "<details open>", "a < b", "&gt;", "å\n"]),
        max_size=12,
    )
)
def test_pieces_of_clean_html_give_it_back_and_no_tag_is_left_in_the_text(parts):
    html = clean("".join(parts))

    assert "".join(piece.source for piece in pieces(html)) == html
    assert not [piece for piece in pieces(html) if not piece.name and ("<" in piece.source)]


def test_words_are_without_punctuation():
    assert words("”Ring 112, nu!” – lex-sarah (SoL 2025:400)") == [
        "Ring",
        "112",
        "nu",
        "lex-sarah",
        "SoL",
        "2025:400",
    ]


def test_paragraphs_are_lines_with_something_in_them():
    assert paragraphs("a\n\n  \n b ") == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Ring 112. Vänta inte! Är alla i säkerhet? Ja",
            ["Ring 112.", "Vänta inte!", "Är alla i säkerhet?", "Ja"],
        ),
        ("Se 14 kap. 3 § och t.ex. Polisen.", ["Se 14 kap. 3 § och t.ex. Polisen."]),
        ("Kl. 8 börjar det. Sedan bl.a. IVO.", ["Kl. 8 börjar det.", "Sedan bl.a. IVO."]),
        ("”Det hjälpte.” Hon log.", ["”Det hjälpte.”", "Hon log."]),
        ("Rubrik\nText", ["Rubrik", "Text"]),
        ("3.5 procent", ["3.5 procent"]),
        ("", []),
    ],
)
def test_sentences_end_where_they_end(text, found):
    assert sentences(text) == found


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("", 0),
        ("Ring polisen. Vänta inte.", 2 + 25),
        ("Arbetsgivaren underrättar Arbetsmiljöverket.", 3 + 100),
    ],
)
def test_lix_is_words_per_sentence_and_share_of_long_words(text, index):
    assert lix(text) == index
