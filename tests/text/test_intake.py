"""Whatever is pasted, in whatever form, loses no word; ordinary writing stays as it is; what goes is said."""

import re
from html import escape
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import Invalid
from kb.text.incoming.intake import take_in
from kb.text.incoming.written import as_written
from kb.text.sanitize import clean
from tests.text.reading import dangers

# Words


ODD = r"""
Ring polisen åäö 4*6*2 2024. 1998. 12:30 <namn> <bitr chef> <var> G:\Mapp\[x] \\server\del C:\a_b_ a_b snake_case
*stjärna kollega* --- === [Datum]: [x] ~~ < > & &amp; 5>3 a<b #tagg § 3.10 </3 <!viktigt> | ` "citat" – - + 1) a) (se !)
<meter> <a> http://a.se <https://b.se> x@y.se </namn> <e-post> o · • c:\ \ \* _ ** [a](b) ![a](b) <!-- --> 12. 7)
"""
WORD = st.one_of(
    st.sampled_from(ODD.split()),
    st.text("abcåäöABC123", min_size=1, max_size=12),
)
LINE = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
LINES = st.lists(LINE, min_size=1, max_size=6)
_WORD = re.compile(r"[^\W_]+")


def _bullets(sign):
    return lambda lines: "\n".join(f"{sign}{line}" for line in lines)


def _html_lines(lines):
    return "".join(f"<p class=MsoNormal style='color:red'>{escape(line)}<o:p></o:p></p>" for line in lines)


def _word_list(lines):
    point = (
        "<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'><![if !supportLists]>"
        "<span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>{words}<o:p></o:p></p>\n"
    )
    return "".join(point.format(level=1 + n % 3, words=escape(line)) for n, line in enumerate(lines))


FORMATS = {
    "plain text": "\n".join,
    "paragraphs": "\n\n".join,
    "indented": _bullets("    "),
    "Word's bullets": _bullets("•\t"),
    "Word's bullets of the second level": _bullets("o\t"),
    "Outlook's dots": _bullets("·         "),
    "Google's bullets": _bullets("● "),
    "Swedish dashes": _bullets("– "),
    "letters": lambda lines: "\n".join(f"{'abcdefgh'[n]}) {line}" for n, line in enumerate(lines)),
    "numbers": lambda lines: "\n".join(f"{n + 3}.\t{line}" for n, line in enumerate(lines)),
    "a spreadsheet": lambda lines: "\n".join("\t".join(line.split(" ")) for line in lines),
    "Markdown": lambda lines: "## " + "\n\n- ".join(lines),
    "a quoted mail": _bullets("> "),
    "HTML": _html_lines,
    "a list of Word as HTML": _word_list,
    "HTML with a picture": lambda lines: "".join(
        f'<p>{escape(line)}<img alt="{escape(line)}" src="data:x"></p>' for line in lines
    ),
}


def shown(html):
    """The text that a page shows, and where its links lead; with what lists count."""
    soup = BeautifulSoup(html, "html.parser")
    links = " ".join(str(link["href"]) for link in soup.find_all("a", href=True))
    return f"{soup.get_text(' ')} {links}"


def words_of(text):
    return set(_WORD.findall(text))


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=40, deadline=None)
@given(lines=LINES)
def test_no_word_is_lost(form, lines):
    taken = take_in(FORMATS[form](lines), keeps_lines=True)

    typed = words_of(" ".join(lines))
    found = words_of(shown(taken.html) + " " + " ".join(taken.said))
    letters = {"amp", *"abcdefgho"} | {
        str(number) for number in range(20)
    }  # marks of points, and "&amp;" means "&"
    assert typed - found - letters == set()


@settings(max_examples=150, deadline=None)
@given(LINES.map("\n".join))
def test_stored_html_is_stable_and_comes_back_in_the_form_it_is_gone_on_with(text):
    stored = take_in(text, keeps_lines=True).html

    assert clean(stored) == stored
    again = take_in(as_written(stored), keeps_lines=True)
    assert shown(again.html).split() == shown(stored).split()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(
            WORD,
            st.sampled_from(
                [
                    "<p>",
                    "</p>",
                    "<b>",
                    "<li",
                    "<ul>",
                    "<a href=",
                    '"',
                    "'",
                    "=",
                    ">",
                    "<!--",
                    "-->",
                    "\n",
                    "<script>",
                    "</script>",
                    "<textarea>",
                    "<svg>",
                    "<x-y>",
                    "</x-y>",
                    "javascript:x",
                ]
            ),
        ),
        max_size=20,
    ).map(" ".join)
)
def test_no_mixture_is_dangerous_or_a_fault(text):
    taken = take_in(text)

    assert dangers(taken.html) == []
    assert clean(taken.html) == taken.html


# Ordinary writing


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("1. a\n2. b\n5. c", '<ol>\n<li>a</li>\n<li>b</li>\n<li value="5">c</li>\n</ol>'),
        ("1. a\n1. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("[Datum]: måndag", "<p>[Datum]: måndag</p>"),
        ("– Vad gör du? sa han.", "<p>– Vad gör du? sa han.</p>"),
        ("A. Andersson kom.\nB. Bo gick.", "<p>A. Andersson kom.<br>\nB. Bo gick.</p>"),
        ("~~~~\nhej", "<hr>\n<p>hej</p>"),
        ("snake\\_case och 5\\*3", "<p>snake_case och 5*3</p>"),
        ("kris**team**et", "<p>kris<strong>team</strong>et</p>"),
        ("<var> och <del>", "<p>&lt;var&gt; och &lt;del&gt;</p>"),
        ("<form>\n\nfylls i", "<p>&lt;form&gt;</p>\n<p>fylls i</p>"),
        ("`<namn>`", "<p><code>&lt;namn&gt;</code></p>"),
        ("a < b och c > d </3", "<p>a &lt; b och c &gt; d &lt;/3</p>"),
        ("<p>Kalla <namn> till <b>möte</b></p>", "<p>Kalla &lt;namn&gt; till <b>möte</b></p>"),
        (
            "C:\\Mina dokument\\[mall]\\x.docx är *den*",
            "<p>C:\\Mina dokument\\[mall]\\x.docx är <em>den</em></p>",
        ),
    ],
)
def test_ordinary_writing_is_not_taken_for_marks(text, html):
    assert take_in(text, keeps_lines=True).html == html


def test_markdown_after_html_is_markdown():
    taken = take_in("<h2>Ett</h2>\n<p>Två</p>\n## Tre\n- fyra\n- fem\n<p>sex</p>")

    assert taken.html == (
        "<h2>Ett</h2>\n<p>Två</p>\n<h2>Tre</h2>\n<ul>\n<li>fyra</li>\n<li>fem</li>\n</ul>\n\n<p>sex</p>"
    )


def test_html_after_markdown_is_html_and_markdown_again_after_that():
    taken = take_in("Hej **du**\n\n<p>x</p>\n- a\n\n```\n<p>kod</p>\n```")

    assert taken.html == (
        "<p>Hej <strong>du</strong></p>\n\n<p>x</p>\n<ul>\n<li>a</li>\n</ul>\n"
        "<pre><code>&lt;p&gt;kod&lt;/p&gt;\n</code></pre>"
    )


def test_a_column_without_a_word_is_no_column():
    assert take_in("\tA\tB\t\n\tC\tD\t").html.count("<th ") == 2


# What is said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            '<p>Se <img src="https://x.se/a.png" alt="Karta"> här</p>',
            "Bilden ”Karta” vid ”Se här” följde inte med",
        ),
        ("Se ![Karta](https://x.se/a.png) här", "Bilden ”Karta” vid ”Se här” följde inte med"),
        ('<p>Ring <span style="color:red">genast</span> 112</p>', "utseende togs bort vid ”Ring genast 112”"),
        ('<p>Här: <img alt="" src="data:x"></p><p>Ring.</p>', "En bild vid ”Här:” följde inte med"),
        ('<p>Läs <b>r</b>åd: <img alt="" src="data:x"></p>', "En bild vid ”Läs råd:” följde inte med"),
        ('<p>Se <a href="file:///G:/x">rutinen</a></p>', "Länken från ”rutinen” togs bort"),
        ("<p>a</p><video src=x>Gammal läsare</video>", "en film"),
        ("<p>a</p><textarea>Skrivet här</textarea>", "med orden ”Skrivet här”"),
        ("<p>a</p><script>alert(1)</script>", "Programkod (script) togs bort"),
        ("<p>a</p><!-- glöm inte -->", "En dold anmärkning togs bort: ”glöm inte”"),
        ("<p>a</p><x-kort>b</x-kort>", "Elementet x-kort är okänt"),
        (
            "[x](https://protect-eu.mimecast.com/s/abc)",
            "går genom ett filter (https://protect-eu.mimecast.com/s/abc)",
        ),
    ],
)
def test_what_is_taken_out_is_said_with_the_words_around_it(text, words):
    assert words in " ".join(take_in(text).said)


WORD_POINT = '<p style="mso-list:l0 level1 lfo1">{}</p>'


@pytest.mark.parametrize(
    "point",
    [
        "<span>·<span>&nbsp;&nbsp; </span></span>Larma",
        "<span>·</span>&nbsp;&nbsp;Larma",
        "<b><span>•</span></b><span> </span>Larma",
        "· Larma",
    ],
)
def test_the_sign_of_a_point_goes_whatever_its_spaces_stand_in(point):
    html = take_in(WORD_POINT.format(point)).html

    assert html.startswith("<ul><li>")
    assert re.sub("<[^>]+>", "", html) == "Larma"


@pytest.mark.parametrize(
    ("marks", "start"),
    [
        (("·", "·"), "<ul>"),
        (("1.", "2."), "<ol>"),
        (("3.", "4."), '<ol start="3">'),
        (("a)", "b)"), '<ol type="a">'),
    ],
)
def test_the_first_mark_of_what_is_pasted_says_the_kind_of_list(marks, start):
    points = (f'<span style="mso-list:Ignore">{mark}<span>&nbsp; </span></span>Larma' for mark in marks)

    html = take_in("".join(map(WORD_POINT.format, points))).html

    assert html.replace("\n", "") == f"{start}<li>Larma</li><li>Larma</li></{start[1:3]}>"


def test_a_link_that_is_wrapped_more_often_than_anybody_wraps_is_still_a_link():
    address = "https://a.se/x"
    for _ in range(8):
        address = f"https://www.google.com/url?q={quote(address, safe='')}"

    found = BeautifulSoup(take_in(f'<p><a href="{escape(address)}">x</a></p>').html, "html.parser").a

    assert str(found["href"]).startswith("https://")


@pytest.mark.parametrize(
    "kept",
    [
        '<td rowspan="2">a</td>',
        '<th scope="row">a</th>',
        '<th colspan="2">a</th>',
    ],
)
def test_a_list_in_what_is_pasted_costs_the_tables_beside_it_nothing(kept):
    table = f"<table><tbody><tr>{kept}<td>b</td></tr><tr><td>c</td></tr></tbody></table>"

    assert kept in take_in(WORD_POINT.format("· Larma") + table).html


@pytest.mark.parametrize(
    "text",
    [
        "<p style='mso-margin-top:1pt;margin:0'>a</p>",
        "<style><!-- p {margin:0} --></style><p>a</p>",
        "<p><!--[if !supportLists]-->a<!--[endif]--></p>",
        "Vanlig text.",
        "<b>a</b> b",
        "a <br> b",
    ],
)
def test_nothing_is_said_where_nothing_goes(text):
    assert take_in(text).said == ()


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.se%2Fx%3Fy%3D1&data=5",
            "https://a.se/x?y=1",
        ),
        ("https://www.google.com/url?q=https://a.se/x&sa=D", "https://a.se/x"),
        ("https://urldefense.com/v3/__https://a.se/x__;!!abc!def$", "https://a.se/x"),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__a.se_x&d=Dw", "https://a.se/x"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fa.se%2F&h=A", "https://a.se/"),
        ("https://eur01.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)", None),
        ("https://www.google.com/search?q=https://a.se", None),
        ("https://a.se/?url=https://b.se", None),
    ],
)
def test_wrapped_links_are_unwrapped(address, plain):
    taken = take_in(f'<p><a href="{escape(address)}">x</a></p>')

    found = BeautifulSoup(taken.html, "html.parser").a["href"]
    assert found == (plain or address)
    assert bool(taken.said) == (plain is not None)


def test_too_much_is_refused_like_everywhere():
    with pytest.raises(Invalid):
        take_in("<p>" * 20_000)


@pytest.mark.parametrize(
    "text", ["<!-- [a](/b)", "<!-- **a**", "<![CDATA[ **a**", "<!X **a**", "<! **a**", "<!-- x --> **a**"]
)
def test_what_only_begins_like_a_comment_is_read_as_what_it_stands_in(text):
    stored = take_in(text, keeps_lines=True).html

    assert shown(take_in(as_written(stored), keeps_lines=True).html) == shown(stored)
    assert "**" not in shown(stored)
    assert "[a]" not in shown(stored)


@pytest.mark.parametrize(
    "text", ["<!-- Ett -->\n<p>Två</p>", "<!-- Ett --><p>Två</p>", "<!--\nEtt -->\n<p>Två</p>"]
)
def test_a_comment_before_html_is_not_shown(text):
    assert shown(take_in(text).html).strip() == "Två"
