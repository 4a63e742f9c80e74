"""What `clean()` keeps, drops and refuses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import Invalid
from kb.text.sanitize import clean, safe
from tests.text.reading import dangers

KEPT_ADDRESSES = [
    "https://www.av.se/",
    "http://www.av.se",
    "HTTPS://www.msb.se/",
    "https://kommun.se:8443/a?b=1#c",
    "https://åre.se/kris",
    "mailto:kris@kommunen.se?subject=Fr%C3%A5ga",
    "tel:+4611414",
    "/vagledning/lex-sarah",
    "/artiklar/kris:under",
    "/",
    "#under",
]

REFUSED_ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java&#x09;script:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A&#x61vascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript:123",
    "\x01javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<b>x</b>",
    "feed:javascript:alert(1)",
    "view-source:https://x.se",
    "blob:https://x.se/1",
    "file:///etc/passwd",
    "//annan.example",
    "/\\annan.example",
    "\\\\annan.example",
    "/\t/annan.example",
    "///annan.example",
    "https:annan.example",
    "https:/annan.example",
    "https:\\\\annan.example",
    "https://ivo.se@annan.example/",
    "https://ivo.se:443@annan.example/",
    "https://",
    "annan.example",
    "sida",
    "../sida",
    "?a=1",
    "",
]

REFUSED_IMAGES = [
    "https://annan.example/x.png",
    "//annan.example/x.png",
    "/\\annan.example/x.png",
    "data:image/png;base64,iVBORw0KGgo=",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "javascript:alert(1)",
    "/logga-ut",
    "/media/../logga-ut",
    "/media/%2e%2e/logga-ut",
    "/media/%2E./logga-ut",
    "/media//annan.example",
    "media/x.png",
]


@pytest.mark.parametrize("address", KEPT_ADDRESSES)
def test_a_link_to_a_site_mail_phone_or_own_page_is_kept(address):
    assert f'href="{address}"' in clean(f'<a href="{address}">x</a>')


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_a_link_to_anything_else_becomes_plain_text(address):
    assert clean(f'<p><a href="{address}">läs</a></p>') == "<p>läs</p>"


def test_an_address_with_a_space_is_mended():
    assert 'href="https://kommun.se/en%20fil.pdf"' in clean('<a href=" https://kommun.se/en fil.pdf ">x</a>')


@pytest.mark.parametrize("address", ["/media/a.png", "/media/2026/11/kårta.png?w=640", "/static/img/a.svg"])
def test_an_own_image_is_kept(address):
    assert clean(f'<img src="{address}" alt="Karta">') == f'<img src="{address}" alt="Karta">'


@pytest.mark.parametrize("address", REFUSED_IMAGES)
def test_an_image_from_anywhere_else_is_left_out(address):
    assert clean(f'<p>a<img src="{address}" alt="x">b</p>') == "<p>ab</p>"


def test_links_to_other_sites_do_not_tell_who_sent_the_reader():
    html = clean('<a href="https://www.av.se/" rel="opener" target="_blank">a</a> <a href="/sok">b</a>')

    assert html == '<a href="https://www.av.se/" rel="noopener noreferrer">a</a> <a href="/sok">b</a>'


@pytest.mark.parametrize(
    ("html", "result"),
    [
        ("<script>alert(1)</script>a", "a"),
        ("<style>p{color:red}</style>a", "a"),
        ("<head><title>t</title><meta charset=utf-8></head>a", "a"),
        ("<title>t</title>a", "a"),
        ("<noscript><p>t</p></noscript>a", "a"),
        ("<template><p>t</p></template>a", "a"),
        ("<textarea>t</textarea>a", "a"),
        ("<iframe src=x>t</iframe>a", "a"),
        ("<svg><text>t</text></svg>a", "a"),
        ("<math><mtext>t</mtext></math>a", "a"),
        ("<!-- t -->a", "a"),
        ("<![CDATA[t]]>a", "a"),
        ("<?php t ?>a", "a"),
    ],
)
def test_what_is_no_text_goes_with_its_content(html, result):
    assert clean(html) == result


@pytest.mark.parametrize(
    ("html", "result"),
    [
        ("<h1>a</h1><h5>b</h5><h6>c</h6>", "<h2>a</h2><h4>b</h4><h4>c</h4>"),
        ("<section>a</section><article>b</article>", "<div>a</div><div>b</div>"),
        ("<font color=red>a</font><o:p>b</o:p>", "ab"),
        ('<p style="color:red" id="x" onclick="y" data-z="1">a</p>', "<p>a</p>"),
        ('<span style="x">a</span><span lang="en">b</span>', 'a<span lang="en">b</span>'),
        ('<em lang="en-GB">a</em>', '<em lang="en">a</em>'),
        ('<b style="font-weight:normal"><p>a</p></b>', "<p>a</p>"),
        ('<aside class="callout callout--law x">a</aside>', '<aside class="callout callout--law">a</aside>'),
        ('<p class="MsoNormal">a</p>', "<p>a</p>"),
        ('<div class="callout">a</div>', "<div>a</div>"),
        ('<span class="state state--warn">a</span>', '<span class="state state--warn">a</span>'),
        ('<th scope="col" colspan="2">a</th>', "a"),
        (
            "<details open=open><summary>a</summary>b</details>",
            "<details open><summary>a</summary>b</details>",
        ),
        ("<button>a</button><form>b</form><label>c</label>", "abc"),
        ("<select><option>a</option></select>b", "b"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("a\x00b\x08c\x0bd", "abc\nd"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("<pre>\n\n\na\nb</pre>", "<pre>a\nb</pre>"),
        ("\ud800a", "\ufffda"),
        ("", ""),
        ("  <p>a</p>\n", "<p>a</p>"),
    ],
)
def test_what_editors_paste_becomes_plain_structure(html, result):
    assert clean(html) == result
    assert clean(result) == result


def test_a_table_keeps_caption_headers_and_merged_cells():
    html = (
        '<table><caption>Vem</caption><thead><tr><th scope="col">a</th></tr></thead><tbody><tr>'
        '<td colspan="2" rowspan="3">b</td></tr></tbody></table>'
    )

    assert clean(html) == html


def test_the_result_can_be_marked_as_safe():
    assert safe(clean("<b>a</b>")).__html__() == "<b>a</b>"


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("x" * 200_001, id="long"),
        pytest.param("å" * 100_001, id="long in bytes"),
        pytest.param("<p>x" * 5_001, id="elements"),
        pytest.param("&amp;" * 10_001, id="entities"),
        pytest.param("<div>" * 101 + "x" + "</div>" * 101, id="nesting"),
        pytest.param('<a href="https://x.se">x</a>' * 4_900, id="result longer than the input may be"),
    ],
)
def test_beyond_the_limits_the_text_is_refused_with_what_to_do(html):
    with pytest.raises(Invalid) as refused:
        clean(html)

    assert refused.value.field == "body"
    assert "Dela upp" in refused.value.message


def test_the_largest_text_within_the_limits_is_kept():
    html = "<p>Ord och ord.</p>" * 4_999

    assert clean(html) == html


_NAMES = """p b i a div ul li table tr td th h2 pre aside span svg math style script template br img !--"""
_PIECES = st.one_of(
    st.sampled_from([f"<{name}>" for name in _NAMES.split()] + [f"</{name}>" for name in _NAMES.split()]),
    st.sampled_from(['<a href="/x">', "<a href=javascript:x>", '<img src="/media/x" alt=" a ">', "<b id=1>"]),
    st.sampled_from(
        ["<", ">", "&", "&lt;", "&amp;lt;", "-->", "<!--", "'", '"', "=", "`", "/", "\n", "\x00", "]]>"]
    ),
    st.text(max_size=8),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES, max_size=25).map("".join))
def test_cleaning_anything_twice_changes_nothing_and_leaves_nothing_active(html):
    once = clean(html)

    assert clean(once) == once
    assert dangers(once) == []


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_cleaned(text):
    assert dangers(clean(text)) == []
