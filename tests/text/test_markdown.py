"""Markdown as the starter content uses it."""

import pytest

from kb.errors import Invalid
from kb.text.incoming.markdown import to_html
from kb.text.sanitize import clean


@pytest.mark.parametrize(
    ("mark", "css", "word"),
    [
        ("lagkrav", "callout callout--law", "Lagkrav"),
        ("bra-att-veta", "callout callout--info", "Bra att veta"),
        ("Bra att veta", "callout callout--info", "Bra att veta"),
        ("VARNING", "callout callout--warn", "Varning"),
    ],
)
def test_a_marked_quote_becomes_a_callout_with_its_word(mark, css, word):
    html = to_html(f"> [!{mark}] Gör **så**.\n>\n> Och så.").replace("\n", "")

    assert html == (
        f'<aside class="{css}"><p class="callout__word">{word}</p>'
        "<p>Gör <strong>så</strong>.</p><p>Och så.</p></aside>"
    )


def test_a_quotation_keeps_its_quote_inside_the_callout():
    assert to_html("> [!citat] Det hjälpte.").replace("\n", "") == (
        '<aside class="callout callout--story"><p class="callout__word">Citat</p>'
        "<blockquote><p>Det hjälpte.</p></blockquote></aside>"
    )


@pytest.mark.parametrize("source", ["> [!lagkrav]\n> Text.", "> [!lagkrav]\n>\n> Text."])
def test_a_mark_on_a_line_of_its_own_leaves_no_empty_paragraph(source):
    assert to_html(source).replace("\n", "") == (
        '<aside class="callout callout--law"><p class="callout__word">Lagkrav</p><p>Text.</p></aside>'
    )


@pytest.mark.parametrize("source", ["> Text.", "> [!okänd] Text.", "> Text [!lagkrav]"])
def test_other_quotes_stay_quotes(source):
    html = to_html(source)

    assert html.startswith("<blockquote>")
    assert "aside" not in html


@pytest.mark.parametrize("source", ["[att verifiera]", "[Att verifiera]", "[ATT VERIFIERA]"])
def test_what_is_to_be_verified_gets_a_visible_label(source):
    assert to_html(f"Ring {source}.") == ('<p>Ring <span class="state state--warn">Att verifiera</span>.</p>')


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("`[att verifiera]`", "<p><code>[att verifiera]</code></p>"),
        ("[att verifiera](/sok)", '<p><a href="/sok">att verifiera</a></p>'),
        ("# Ett\n\n## Två", "<h2>Ett</h2>\n<h2>Två</h2>"),
        ("~~ut~~ *kursivt*", "<p><s>ut</s> <em>kursivt</em></p>"),
        ("[av](https://www.av.se/)", '<p><a href="https://www.av.se/" rel="noopener noreferrer">av</a></p>'),
        ("[x](/vagledning/lex-sarah)", '<p><a href="/vagledning/lex-sarah">x</a></p>'),
        ("[x](//annan.example)", "<p>x</p>"),
        ("![x](https://annan.example/x.png)", "<p></p>"),
        ("<b onclick=x>a</b><script>b</script>", "<p><b>a</b></p>"),
        ("SoL 14&nbsp;kap. 3 § & mer", "<p>SoL 14&nbsp;kap. 3 § &amp; mer</p>"),
        ("", ""),
    ],
)
def test_markdown_becomes_clean_html(source, html):
    assert to_html(source) == html
    assert clean(html) == html


def test_a_table_says_which_cells_are_headers():
    html = to_html("| Till vem | När |\n|---|--:|\n| Polisen | Genast [att verifiera] |")

    assert '<th scope="col">Till vem</th>' in html
    assert '<td>Genast <span class="state state--warn">' in html
    assert "style" not in html


def test_too_long_a_text_is_refused():
    with pytest.raises(Invalid, match="för lång") as refused:
        to_html("x" * 100_001)

    assert refused.value.field == "body"
