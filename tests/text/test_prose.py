"""How clean HTML is shown."""

import pytest
from markupsafe import Markup

from kb.text.prose import render
from kb.text.sanitize import clean
from tests.text.reading import Reading
from tests.work import calls_of


def test_headings_get_addresses_made_of_their_words():
    prose = render("<h2>Före krisen</h2><h3>Åtgärd &amp; mer</h3><h4>Reserv</h4>")

    assert (
        prose.html
        == '<h2 id="fore-krisen">Före krisen</h2><h3 id="atgard-mer">Åtgärd &amp; mer</h3><h4>Reserv</h4>'
    )
    assert isinstance(prose.html, Markup)


def test_the_table_of_contents_holds_h2_with_plain_text():
    prose = render("<h2>Ring <em>112</em> &lt; nu</h2><h3>Sedan</h3><h2></h2><h2>Efter</h2>")

    assert prose.headings == (("ring-112-nu", "Ring 112 < nu"), ("efter", "Efter"))


def test_equal_headings_and_ids_of_the_page_give_different_addresses():
    prose = render("<h2>Källor</h2><h2>Roller</h2><h2>Roller</h2><h2>Roller 2</h2>", frozenset({"kallor"}))

    assert [anchor for anchor, _ in prose.headings] == ["kallor-2", "roller", "roller-2", "roller-2-2"]


def test_a_label_is_no_part_of_a_heading():
    html = clean(
        '<h2>Frister <span class="state state--warn">Att <b>verifiera</b></span> <span lang="en">now</span></h2>'
    )

    assert render(html).headings == (("frister-now", "Frister now"),)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("<table><tbody><tr><td>a</td></tr></tbody></table>", "Tabell"),
        ('<table><caption>Vem "gör" <b>vad</b></caption><tbody></tbody></table>', "Vem &quot;gör&quot; vad"),
        ("<table>\n<caption>Vem</caption></table>", "Vem"),
    ],
)
def test_a_table_can_scroll_in_a_region_with_a_name(table, name):
    expected = f'<div class="table" role="region" tabindex="0" aria-label="{name}">{table}</div>'

    assert render(f"<p>a</p>{table}<p>b</p>").html == f"<p>a</p>{expected}<p>b</p>"


def test_a_table_in_a_table_shares_its_region():
    inner = "<table><tbody><tr><td>a</td></tr></tbody></table>"
    html = render(f"<table><tbody><tr><td>{inner}</td></tr></tbody></table>{inner}").html

    assert html.count('<div class="table"') == 2
    assert html.count("</div>") == 2
    assert Reading(str(html)).strange == []


@pytest.mark.parametrize(
    ("css", "shown_css", "word"),
    [
        ("callout", "callout", "Bra att veta"),
        ("callout callout--info", "callout callout--info", "Bra att veta"),
        ("callout callout--warn", "callout callout--warn", "Varning"),
        ("callout callout--warning", "callout callout--warn", "Varning"),
        ("callout callout--law", "callout callout--law", "Lagkrav"),
        ("callout callout--story", "callout callout--story", "Citat"),
    ],
)
def test_a_callout_says_in_words_what_it_is(css, shown_css, word):
    assert render(f'<aside class="{css}"><p>Text</p></aside>').html == (
        f'<aside class="{shown_css}" role="note"><p class="callout__word">{word}</p><p>Text</p></aside>'
    )


@pytest.mark.parametrize("between", ["", "\n"])
def test_a_word_that_is_there_is_kept(between):
    html = f'<aside class="callout" lang="sv">{between}<p class="callout__word">Tänk på</p></aside>'

    assert render(html).html == html.replace('class="callout" lang', 'class="callout" role="note" lang')


@pytest.mark.parametrize("empty", ["<h2></h2>", "<h2> </h2>", "<h3><br></h3>"])
def test_a_heading_without_words_gets_no_address(empty):
    found = render(f"{empty}<h2>Ord</h2>")

    assert found.html == f'{empty}<h2 id="ord">Ord</h2>'
    assert [words for _anchor, words in found.headings] == ["Ord"]


@pytest.mark.parametrize("first", ["", "Text ", "&nbsp;"])
def test_a_callout_that_begins_with_bare_words_or_holds_nothing_gets_its_word(first):
    html = render(f'<aside class="callout callout--law">{first}</aside>').html

    assert html == (
        f'<aside class="callout callout--law" role="note"><p class="callout__word">Lagkrav</p>{first}</aside>'
    )


def test_a_page_twice_as_large_is_twice_the_work():
    def work(size):
        return calls_of(lambda: render("<h2>Samma</h2><table><caption>x</caption></table>" * size))

    assert work(1_600) < 2.1 * work(800)
    assert render("<h2>Samma</h2>" * 1_600).headings[-1] == ("samma-1600", "Samma")
