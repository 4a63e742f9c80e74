"""What the work on texts costs at worst, in CPU time: cleaning, pasting, comparing.

    .venv/bin/python -m bench.text_speed [-v]

The better of two rounds of each; `-v` shows every text. Tests count the same texts' work (`tests/text`).
"""

import sys
import time
from collections.abc import Callable, Mapping
from functools import partial

from bench.hostile_texts import CASES, LARGE, PASTED
from kb.errors import Invalid
from kb.text.characters import normal
from kb.text.comparing.diff import diff_blocks
from kb.text.incoming.intake import take_in
from kb.text.prose import render
from kb.text.sanitize import clean

ROUNDS = 2
PAGE = (
    '<h2>Före krisen</h2><p>Arbetsgivaren ska <strong>utan dröjsmål</strong> underrätta <a href="https://'
    'www.av.se/">Arbetsmiljöverket</a> om händelsen, och skriva i <em>handlingsplanen</em> vad som hände.</p>'
    "<ul><li>Ring 112 om faran är akut.</li><li>Säkra den utsatta.</li></ul>"
)

Act = Callable[[], object]


def main() -> None:
    """Print the worst of each kind of work beside its limit."""
    for what, limit, acts in measured():
        spent = {name: min(seconds(act) for _ in range(ROUNDS)) for name, act in acts.items()}
        worst = max(spent, key=lambda name: spent[name])
        verdict = "holds" if spent[worst] <= limit else "MISSES"
        print(f"{what:20} {1000 * spent[worst]:7.0f} ms of {1000 * limit:5.0f}  {verdict}  ({worst})")
        if "-v" in sys.argv:
            for name, found in sorted(spent.items(), key=lambda pair: -pair[1]):
                print(f"    {1000 * found:7.0f} ms  {name}")


def measured() -> list[tuple[str, float, Mapping[str, Act]]]:
    """The kinds of work: what it is called, its limit in seconds, and the texts."""
    page = PAGE * (20_000 // len(PAGE))
    shown = "<h2>Samma</h2><table><caption>x</caption></table>" * 1_600
    return [
        ("cleaning 200 kB", 1.0, {name: partial(clean, html) for name, html in CASES.items()}),
        ("cleaning 20 kB", 0.05, {"a page": lambda: clean(page)}),
        (
            "pasting 200 kB",
            3.0,
            {name: partial(take_in.__wrapped__, html) for name, html in (CASES | PASTED).items()},
        ),
        ("comparing 200 kB", 1.0, {name: partial(compare, *both) for name, both in LARGE.items()}),
        ("one spelling", 2.0, {"marks upon marks": lambda: normal("a" + "\u0300\u0323" * 50_000)}),
        ("showing", 1.0, {"1,600 headings": lambda: render.__wrapped__(shown)}),
    ]


def compare(old: list[str], new: list[str]) -> None:
    """Two versions, word by word."""
    diff_blocks([("Stycke", text) for text in old], [("Stycke", text) for text in new])


def seconds(act: Act) -> float:
    """The CPU time of one call, whether the text is taken or refused."""
    start = time.process_time()
    try:
        act()
    except Invalid:
        pass
    return time.process_time() - start


if __name__ == "__main__":
    main()
