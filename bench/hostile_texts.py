"""Texts that cost a parser or a comparison most for their size: measured by `bench/text_speed.py`, counted by tests."""

SIZE = 199_000

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

SWAPPED = [f"rad {number ^ 1}" for number in range(5_000)]
LARGE = {
    "one long row": (["a " * 99_000], ["a " * 98_000 + "b" + " a" * 500]),
    "patterns": (["a b " * 49_000], ["a a b " * 33_000]),
    "patterns in sentences": (["a. b. " * 33_000], ["a. a. b. " * 22_000]),
    "patterns in paragraphs": (["a b " * 120] * 400, [f"{'a a b ' * 80}{n}" for n in range(400)]),
    "equal blocks": (["x"] * 5_000, ["x", "y"] * 2_500),
    "swapped blocks": ([f"rad {n}" for n in range(5_000)], SWAPPED),
    "swapped blocks, fewer": ([f"rad {n}" for n in range(1_500)], SWAPPED[:1_500]),
    "all blocks changed": (
        [f"ord {n} " + "ord och mer " * 12 for n in range(1_200)],
        [f"ord {n} " + "ord eller mer " * 12 for n in range(1_200)],
    ),
}
