"""What each constant of `kb/search/finding/weights.py` does: set to neutral by itself, what changes is shown.

`python -m bench.search_constants [NAME ...]` searches the shipped content in a process of its own for each, and
prints the difference to the table as it stands for each set: our own judged queries, what is left empty, probes,
SweFAQ, field queries, stories, every item, one word more (a fifth of the words) and, for the constants of correction,
slips. Neutral is what the constant would be if nobody had thought of it. Limits of size and cost have no neutral
value, and what a passage shows changes no order: these are left out. `NAME=VALUE` tries another value.
"""

import argparse
import ast
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import mean
from typing import Any

from flask import Flask

from bench import find_items, search_field, search_quality, search_sentences, search_slips, search_words
from kb.search.finding import weights

SAME = 0.0005  # what is printed as .000
EACH_WORD = 5  # each fifth word of `search_words`
SLIPS = 30  # of each kind
NEUTRAL: dict[str, weights.Number | dict[int, weights.Number]] = {
    **dict.fromkeys(("FOLDED", "PART", "JOINED", "APART", "HEAD", "LOOSE", "ONE_GROUP", "SYNONYM", "ROOT"), 1.0),
    "FOLDED_BESIDE_MARKS": weights.FOLDED,
    "HEAD_SHARE": 0.0,
    "MAX_WORDS": 20,
    "COVERAGE": {},
    "COVERAGE_LONG": 0.0,
    "COVERAGE_ABOUT": 0.0,
    "SHARE": 0.0,
    "OWN_RARITY": 0.0,
    "OTHER_TEXTS": 0,
    "SUBJECT": 0.0,
    "ABOUT": 0.0,
    "TITLED": 0.0,
    "TITLED_MOST": 1.0,
    "LONG_WORD": 1.0,
    "PHRASE_BONUS": 0.0,
    "PHRASE_IN_TITLE": 0.0,
    **dict.fromkeys(("KIND_BONUS", "PHASE_BONUS", "ONLY_PHASE_BONUS", "SAYING_SHARE"), 1.0),
    **dict.fromkeys(("STORY_ACUTE", "STORY_SAYING", "LIFTED"), 1.0),
    "OLD_PENALTY": {},
    "NEAR_BONUS": 0.0,
    "ACUTE_SHARE": 1.0,
    "ACUTE_NAMED": weights.ACUTE_SHARE,
    **dict.fromkeys(("FIRST_LETTER", "OTHER_FORM", "BESIDE", "IN_TITLE", "IN_TEXT", "MARKS"), 0.0),
    "SLIGHT": 0.0,
    "SURE": 99,
}  # fmt: skip
OF_CORRECTION = ("FIRST_LETTER", "OTHER_FORM", "SLIGHT", "BESIDE", "IN_TITLE", "IN_TEXT", "MARKS", "SURE")
Value = weights.Number | dict[int, weights.Number]


def main() -> None:
    """Print the sets as they are, then what each constant changes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "names", nargs="*", metavar="NAME[=VALUE]", help="only these; a value instead of neutral"
    )
    options.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), help="only these sets")
    chosen = options.parse_args()
    tried = list(map(_read, chosen.names)) or list(NEUTRAL.items())
    with tempfile.TemporaryDirectory() as folder, search_quality.shipped_app(Path(folder)) as app:
        run = partial(_apart, app, chosen.sets)
        before = run(("", 0))
        print("as it is", _line(before), flush=True)
        for name, value in tried:
            after = run((name, value))
            print(f"{name} {getattr(weights, name)} → {value}:", _changes(before, after), flush=True)


def _read(text: str) -> tuple[str, Value]:
    name, is_given, value = text.partition("=")
    if name not in weights.table() or not (is_given or name in NEUTRAL):
        sys.exit(f"No constant with a neutral value: {name}")
    return name, ast.literal_eval(value) if is_given else NEUTRAL[name]


def _apart(app: Flask, sets: Sequence[str], tried: tuple[str, Value]) -> dict[str, float]:
    """All sets with one constant changed, in a process of its own: what is kept in memory was made with the others."""
    app.extensions["database"].dispose()
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=lambda: theirs.send(_measure_all(app, sets, tried)))
    process.start()
    theirs.close()  # so that a process that fails ends the wait
    try:
        found: dict[str, float] = ours.recv()
    finally:
        process.join()
    return found


def _measure_all(app: Flask, sets: Sequence[str], tried: tuple[str, Value]) -> dict[str, float]:
    name, value = tried
    if name:
        setattr(weights, name, value)
    wanted = [one for one in sets if one != "slips" or not name or name in OF_CORRECTION]
    return dict(chain.from_iterable(SETS[one](app) for one in wanted))


def _own(app: Flask) -> Iterator[tuple[str, float]]:
    find = search_quality.finder(app, search_quality.KINDS)
    answers = search_quality.judged(find)
    everything = [one for group in answers.values() for one in group]
    for half in (False, True):
        some = [one.ndcg for one in everything if search_quality.is_counted(one.query) is half]
        yield f"own {'counted' if half else 'tuned'}", mean(some)
    yield "own first", mean(one.first for one in everything)


def _beside(app: Flask) -> Iterator[tuple[str, float]]:
    find = search_quality.finder(app, search_quality.KINDS)
    yield "nonsense", mean(not find(query) for query in search_quality.queries_of()["nonsense"])
    probes = list(chain.from_iterable(search_quality.probe_results(find).values()))
    yield "probes", mean(is_found for _, is_found, _ in probes)
    if (search_quality.SHARED / "search" / "swefaq.json").is_file():
        yield "SweFAQ", mean(one.ndcg for one in search_quality.swefaq())


def _field(app: Flask) -> Iterator[tuple[str, float]]:
    find = search_quality.finder(app, ())
    found = [find(one["q"])[: search_field.SHOWN] for one in search_field.queries()]
    for name, half in zip(("tuned", "counted"), search_field.halves(found), strict=True):
        for measure, share in search_field.rates(half).items():
            yield f"field {name} {measure}", share


def _sentences(app: Flask) -> Iterator[tuple[str, float]]:
    for name, outcomes in search_sentences.measure(search_quality.finder(app, ())).items():
        yield f"stories {name} first", mean(one.is_first for one in outcomes)
        yield f"stories {name} in three", mean(one.is_in_three for one in outcomes)


def _items(app: Flask) -> Iterator[tuple[str, float]]:
    for name, file in (("items", find_items.KNOWN), ("items fresh", find_items.FRESH)):
        yield name, find_items.share(find_items.parts_of(find_items.ask(app, file))[1])


def _words(app: Flask) -> Iterator[tuple[str, float]]:
    for name, changed in search_words.measure(search_quality.finder(app, ()), EACH_WORD).items():
        yield f"words {name}", mean(one.is_kept for one in changed)
        yield f"words {name} empty", mean(one.is_empty for one in changed)


def _slips(app: Flask) -> Iterator[tuple[str, float]]:
    found = search_slips.measure(app, seed="1", each=SLIPS)
    for half in (False, True):
        some = [one.is_kept for one in found if one.is_counted is half]
        yield f"slips {'counted' if half else 'tuned'}", mean(some)


def _line(measures: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {share:.3f}" for name, share in measures.items())


def _changes(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """What is not as before."""
    changed: dict[str, Any] = {
        name: share for name, share in after.items() if abs(share - before[name]) >= SAME
    }
    shown = (f"{name} {before[name]:.3f} → {share:.3f}" for name, share in changed.items())
    return ", ".join(shown) or "no effect on any set"


SETS: dict[str, Callable[[Flask], Iterator[tuple[str, float]]]] = {
    "own": _own, "beside": _beside, "field": _field, "stories": _sentences, "items": _items, "words": _words,
    "slips": _slips,
}  # fmt: skip


if __name__ == "__main__":
    main()
