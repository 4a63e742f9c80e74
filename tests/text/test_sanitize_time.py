"""Whatever is pasted, cleaning does bounded work. What it takes in time is measured by `bench/text_speed.py`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.hostile_texts import CASES, PASTED
from kb.errors import Invalid
from kb.text.incoming.intake import take_in
from kb.text.sanitize import clean
from tests.work import calls_of, cut_off

# Calls of functions for 200 kB. The worst cases take half as many, in 0.5 and 1.6 seconds on an idle machine.
MOST_TO_CLEAN, MOST_TO_TAKE_IN = 4_000_000, 14_000_000
# Work inside the parsers and regular expressions is no call that can be counted: only what goes on and on is cut off.
MOST_SECONDS = 60


def calls_for(read: Callable[[str], object], html: str) -> int:
    """The work for a text, whether it is taken or refused."""

    def act() -> None:
        try:
            read(html)
        except Invalid:
            pass

    with cut_off(MOST_SECONDS):
        return calls_of(act)


@pytest.mark.parametrize("name", CASES)
def test_cleaning_is_bounded_work(name):
    html = CASES[name]
    assert len(html) <= 200_000

    assert calls_for(clean, html) < MOST_TO_CLEAN


@pytest.mark.parametrize("name", CASES | PASTED)
def test_taking_in_what_is_pasted_is_bounded_work(name):
    assert calls_for(take_in.__wrapped__, (CASES | PASTED)[name]) < MOST_TO_TAKE_IN


def test_threads_clean_side_by_side():
    texts = [f'<p>{n} <a href="/sok?sida={n}">x</a> <b>y</b></p>' * 20 for n in range(40)]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(clean, texts)) == texts
