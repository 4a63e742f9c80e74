"""Whatever is pasted, cleaning takes less than a second of CPU time; a page takes less than 50 ms."""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from kb.errors import Invalid
from kb.text.incoming.intake import take_in
from kb.text.sanitize import clean

SIZE = 199_000
# Alone this takes less than half a second; the bound leaves room for a busy machine.
MOST_SECONDS = 1.0

REPEATED = """<div> <b> <td> <table><tr><td> & < <!-- <p> <a><p> <b><p> <i><div> <ul><li> <svg> <math><mi>
&amp; <script> <style> </p> <br> <select><option> <table> <table><a> <table>x </div> <form> <template>
<noscript> <textarea> &nbsp; &#0; <![CDATA[ <? </ <dd> <b></p> <i></div> <a></p> </b> <head> <b/ <plaintext>
<font><p> <b><i><u><s><p> <nobr> <button><p> <x> <!--x--> <a<b <x•y=" <b• <div• <a•href="/"> <pre>• \x00
<p>hej•<b>du</b>•&amp;•jag</p>"""
SHAPED = {
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">x</p>",
    "formatting, each its own": "".join(f"<b id={n}>" for n in range(6_900)),
    "formatting, reopened": "".join(f"<b id={n}><p>" for n in range(3_400)),
    "languages, reopened": "".join(f"<i lang=a{chr(97 + n % 26)}><p>" for n in range(3_400)),
    "links in tables": "".join(f"<a href=/{n}><table><td>" for n in range(2_600)),
    "deep with paragraphs": "<div>" * 90 + "<p>x" * 4_800,
    "adopted": "<div>" * 80 + '<a href="/x"><p>x</a>y</p>' * 1_600,
    "never adopted": "<b>" + "<div>" * 6_900 + "</b>" * 7_900,
    "entities and elements": "<p>a &amp; b &lt; <b>y</b> &gt; &nbsp; x</p>" * 2_400,
    "links": '<a href="https://x.se/?a=1&amp;b=2">x</a> ' * 2_900,
    "rows": "<table>" + "<tr><td>x</td><td>y</td></tr>" * 1_600,
    "open tags to the end": "<b " * 6_900 + "x" * 170_000,
    "one long address": '<a href="' + " " * 100_000 + "https://" + "a" * 90_000 + '">x</a>',
    "one long number": '<abbr title="&amp;#' + "1" * 190_000 + ';">x</abbr>',
    "nested tables": "<table><tr><td>" * 24 + "<p><b>x</b>" * 2_400,
}
CASES = {one: one.replace("•", " ") * (SIZE // len(one)) for one in REPEATED.split()} | SHAPED

PASTED = {
    "one long word": "a" * 99_000,
    "one long path": "C:\\" + "a\\" * 49_000,
    "many paths": "C:\\a " * 24_000,
    "words and backslashes": "\\a* " * 24_000,
    "stars": "a*" * 49_000,
    "stars apart": "*a " * 33_000,
    "spaces": " " * 99_000 + "x",
    "bullets": "•\ta\n" * 24_000,
    "deeper bullets": "\n".join(" " * n + "• a" for n in range(430)),
    "numbers": "".join(f"{n}. a\n" for n in range(14_000)),
    "many cells": "a\t" * 49_000,
    "rows": "a\tb\n" * 24_000,
    "rows of many cells": ("a\t" * 39 + "b\n") * 1_200,
    "quotes": "<p>" + '<a "' * 24_000 + ">",
    "placeholders": "<namn> " * 14_000,
    "words with a tag's name": "<b " * 33_000 + ">",
    "remarks": "<p>x</p>" + "<!-- a " * 24_000,
    "Word's points": "<p style='mso-list:l0 level1'>·&nbsp;a</p>" * 1_900,
    "Word's levels": "<p style='" + "mso-list:" * 20_000 + "'>a</p>",
    "brackets": "[" * 49_000,
    "images": "![a](https://x.se/a.png) " * 2_000,
    "deep quotes": "> " * 49_000,
}

# A tracer makes each line many times slower: then the time says nothing.
UNTRACED = pytest.mark.skipif(sys.gettrace() is not None, reason="measures time, does nothing under a tracer")


def seconds(html: str, read: Callable[[str], object] = clean) -> float:
    start = time.process_time()
    try:
        read(html)
    except Invalid:
        pass
    return time.process_time() - start


@UNTRACED
@pytest.mark.parametrize("name", CASES)
def test_nothing_takes_more_than_a_second(name):
    html = CASES[name]
    assert len(html) <= 200_000

    assert min(seconds(html) for _ in range(2)) < MOST_SECONDS


@UNTRACED
@pytest.mark.parametrize("name", CASES | PASTED)
def test_nothing_that_is_pasted_takes_more_than_three_seconds(name):
    text = (CASES | PASTED)[name]

    assert min(seconds(text, take_in.__wrapped__) for _ in range(2)) < 3 * MOST_SECONDS


@UNTRACED
def test_a_page_of_20_kb_takes_less_than_50_ms():
    part = (
        '<h2>Före krisen</h2><p>Arbetsgivaren ska <strong>utan dröjsmål</strong> underrätta <a href="https://'
        'www.av.se/">Arbetsmiljöverket</a> om händelsen, och skriva i <em>handlingsplanen</em> vad som hände.</p>'
        "<ul><li>Ring 112 om faran är akut.</li><li>Säkra den utsatta.</li></ul>"
    )

    assert min(seconds(part * (20_000 // len(part))) for _ in range(8)) < 0.05


def test_threads_clean_side_by_side():
    texts = [f'<p>{n} <a href="/sok?sida={n}">x</a> <b>y</b></p>' * 20 for n in range(40)]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(clean, texts)) == texts
