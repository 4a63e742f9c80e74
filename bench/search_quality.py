"""How well the search finds: our own judged queries, probes of Swedish, and SweFAQ where the shared data is.

`python -m bench.search_quality` prints the table of weights, nDCG@10 by class, the right answer first, and how often
nothing is found. `-v` shows what failed in the half for tuning; of the other half only the sum is shown. Needs no
instance: the shipped content is loaded into a folder of its own.
"""

import argparse
import json
import logging
import math
import os
import tempfile
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

import yaml
from flask import Flask

from kb import create_app
from kb.accounts.viewer import ANONYMOUS
from kb.library.core.indexable import Indexable, Seen
from kb.library.intake.starter import load_starter
from kb.search.answering import list_rows
from kb.search.engine.schema import PARTS, make_document
from kb.search.engine.store import Store
from kb.search.finding import weights
from kb.search.finding.query import parse
from kb.search.finding.ranking import Filters, rank
from kb.search.finding.rarity import weigh_synonyms
from kb.search.finding.searching import SearchRequest
from kb.search.finding.synonyms import make_synonyms
from kb.search.tuning.shipped import shipped_rows
from kb.web.answering import answering_of

ROOT = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("RADRUM_SHARED", ROOT.parent.parent / "shared"))
KINDS = ("vagledning", "berattelse", "checklista")  # what the queries are judged on
NOTHING = ("nonsense", "probes")
DEEP = 60  # hits that are looked at: ten of them are of texts that the judges knew
JUDGED = frozenset((ROOT / "judged.txt").read_text(encoding="utf-8").split("\n")[1:])
Find = Callable[[str], list[str]]


@dataclass(frozen=True)
class Answer:
    """A query with what was found and how good that was."""

    query: str
    found: Sequence[str]
    ndcg: float
    first: bool


def main() -> None:
    """Print everything."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-v", "--verbose", action="store_true", help="show the queries that are not perfect")
    verbose = options.parse_args().verbose
    show_weights()
    with tempfile.TemporaryDirectory() as folder, shipped(Path(folder)) as find:
        known = judged(find)
        total = show_classes(known, verbose)
        show_halves(known)
        plain = total_of(judged(find, known=None))
        print(f"{'… all texts':<24}{plain:6.3f}  (later ones, which nobody judged, count as wrong)")
        show_nonsense(find, verbose)
        show_probes(find, verbose)
    print(f"{'all queries':<24}{total:6.3f}")
    if (SHARED / "search" / "swefaq.json").is_file():
        answers = swefaq()
        print(f"{'SweFAQ (nDCG@10)':<24}{mean(one.ndcg for one in answers):6.3f}{_rates(answers)}")
        if verbose:
            _show_failures(answers, 0.2)


def show_weights() -> None:
    """Print the numbers that lead to what follows."""
    shown = {**weights.table(), **{f"field {name}": parts for name, parts in PARTS.items()}}
    print("weights:", "; ".join(f"{name} {value}" for name, value in shown.items()), end="\n\n")


def judged(find: Find, known: Collection[str] | None = JUDGED) -> dict[str, list[Answer]]:
    """Class → its queries, answered and judged; hits that are not `known` to the judges are passed over."""
    answers: dict[str, list[Answer]] = {}
    for name, queries in queries_of().items():
        if name not in NOTHING:
            answers[name] = [_judge(one["q"], one["a"], among(find(one["q"]), known)) for one in queries]
    return answers


def among(found: Sequence[str], known: Collection[str] | None = JUDGED) -> list[str]:
    """The first ten hits that are known."""
    return [slug for slug in found if known is None or slug in known][:10]


def is_counted(query: str) -> bool:
    """Whether a query belongs to the half that is only counted: by a checksum, so that nobody chose it."""
    return bool(zlib.crc32(query.encode()) & 1)


def halves_of_queries() -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Class → its judged queries: those for tuning, and those that are only counted."""
    classes = {name: queries for name, queries in queries_of().items() if name not in NOTHING}
    tuned, counted = (
        {
            name: [one for one in queries if is_counted(one["q"]) is wanted]
            for name, queries in classes.items()
        }
        for wanted in (False, True)
    )
    return tuned, counted


def show_halves(answers: Mapping[str, Sequence[Answer]]) -> None:
    """Print what the half for tuning reaches, the half that is only counted, and the difference."""
    totals = {
        wanted: mean(
            one.ndcg for group in answers.values() for one in group if is_counted(one.query) is wanted
        )
        for wanted in (False, True)
    }
    difference = totals[False] - totals[True]
    print(f"{'… for tuning':<24}{totals[False]:6.3f}")
    print(f"{'… only counted':<24}{totals[True]:6.3f}  ({difference:+.3f})")


def total_of(answers: Mapping[str, Sequence[Answer]]) -> float:
    """nDCG@10 over all queries of all classes."""
    return mean(one.ndcg for group in answers.values() for one in group)


def swefaq() -> list[Answer]:
    """The open guard: a question finds its answer among 219, indexed as documents."""
    data = json.loads((SHARED / "search" / "swefaq.json").read_text(encoding="utf-8"))
    items = [
        document(number, one["id"], "", "", one["text"]) for number, one in enumerate(data["documents"], 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        find = engine(Path(folder), items)
        return [_judge(one["query"], {one["relevant"]: 1}, find(one["query"])) for one in data["queries"]]


def engine(folder: Path, items: Sequence[Indexable], more: Sequence[tuple[str, str]] = ()) -> Find:
    """An index of its own over some documents, with the shipped synonyms and some more; no database."""
    store = Store(folder)
    store.build(make_document(item) for item in items)
    synonyms = make_synonyms([*((row.typed, row.target) for row in shipped_rows()), *more])
    filters = Filters(Seen("all", frozenset(item.item_id for item in items)), {})

    def find(query: str) -> list[str]:
        snapshot = store.snapshot()
        asked = weigh_synonyms(snapshot, parse(query, synonyms))
        ranked = rank(snapshot, asked, filters, date(2026, 11, 21)).ranked
        return [snapshot.leaves[leaf].stored(doc)["slug"] for _order, leaf, doc in ranked[:10]]

    return find


@contextmanager
def shipped(folder: Path, kinds: Sequence[str] = KINDS) -> Iterator[Find]:
    """The shipped content in an instance of its own, searched as the page does; of some kinds, or of all."""
    with shipped_app(folder) as app:
        yield finder(app, kinds)


@contextmanager
def shipped_app(folder: Path) -> Iterator[Flask]:
    """An instance of its own with the shipped content, indexed."""
    logging.disable(logging.INFO)
    app = create_app(instance=folder, database_url=f"sqlite:///{folder / 'bench.sqlite3'}", log_level="ERROR")
    load_starter(app.extensions["database"])
    app.extensions["search"].indexer.repair()
    try:
        yield app
    finally:
        app.extensions["database"].dispose()


def finder(app: Flask, kinds: Sequence[str], *, with_answers: bool = False) -> Find:
    """Searches as the page does, in some kinds or in all; all answers over the hits come first `with_answers`."""
    indexer = app.extensions["search"].indexer

    def find(query: str) -> list[str]:
        request = SearchRequest(query, chosen={"typ": tuple(kinds)} if kinds else {}, per_page=DEEP)
        with app.app_context(), app.extensions["database"].reading() as session:
            rows = list_rows(
                answering_of(app), indexer, session, ANONYMOUS, request, with_answers=with_answers
            )
        return [row["slug"] for row in rows]

    return find


def document(number: int, slug: str, title: str, summary: str, text: str) -> Indexable:
    """A bare document."""
    return Indexable(
        number, slug, slug, "vagledning", title, summary, text, (), (), (), (), False, None, False, 1, "1",
    )  # fmt: skip


def queries_of() -> dict[str, Any]:
    """The judged queries, nonsense and probes."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "queries.yaml").read_text(encoding="utf-8"))
    return found


def probe_results(find: Find) -> dict[str, list[tuple[str, bool, bool]]]:
    """Class of probe → query, whether it found the text among the first three, whether the exact word did."""
    return {
        name: [
            (query, slug in among(find(query))[:3], slug in among(find(exact)))
            for query, slug, exact in probes
        ]
        for name, probes in queries_of()["probes"].items()
    }


def show_classes(answers: Mapping[str, Sequence[Answer]], verbose: bool) -> float:
    """Print a line for each class; nDCG@10 over all."""
    print(f"{'class':<24}{'nDCG':>6}{'first':>7}{'empty':>7}{'n':>5}")
    for name, group in answers.items():
        print(f"{name:<24}{mean(one.ndcg for one in group):6.3f}{_rates(group)}")
        if verbose:
            _show_failures(group, 0.9)
    everything = [one for group in answers.values() for one in group]
    print(f"{'all':<24}{total_of(answers):6.3f}{_rates(everything)}")
    return total_of(answers)


def show_nonsense(find: Find, verbose: bool) -> None:
    """Print how often what is not there finds nothing."""
    queries = queries_of()["nonsense"]
    found = {query: find(query) for query in queries}
    empty = sum(not hits for hits in found.values())
    print(f"{'nonsense empty':<24}{empty / len(queries):6.3f}")
    if verbose:
        for query, hits in found.items():
            if hits:
                print(f"      {query}: {', '.join(hits[:3])}")


def show_probes(find: Find, verbose: bool) -> None:
    """Print how many probes passed, and of their exact words."""
    results = probe_results(find)
    passed = sum(found for group in results.values() for _, found, _ in group)
    exact = sum(control for group in results.values() for _, _, control in group)
    count = sum(map(len, results.values()))
    print(f"{'probes':<24}{passed:3} of {count}, exact words {exact} of {count}")
    if verbose:
        for name, group in results.items():
            _show_lost(name, group)


def _show_lost(name: str, probes: Sequence[tuple[str, bool, bool]]) -> None:
    for query, found, control in probes:
        if not (found and control):
            print(f"      {name}: {query} {'' if control else '(exact word too)'}")


def _judge(query: str, grades: Mapping[str, int], found: Sequence[str]) -> Answer:
    gained = sum(
        (2 ** grades.get(slug, 0) - 1) / math.log2(place + 2) for place, slug in enumerate(found[:10])
    )
    ideal = sorted(grades.values(), reverse=True)[:10]
    best = sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(ideal))
    first = bool(found) and grades.get(found[0], 0) == max(grades.values(), default=0)
    return Answer(query, found, gained / best if best else 0.0, first)


def _rates(answers: Sequence[Answer]) -> str:
    first = mean(one.first for one in answers)
    empty = mean(not one.found for one in answers)
    return f"{first:7.3f}{empty:7.3f}{len(answers):5}"


def _show_failures(answers: Sequence[Answer], below: float) -> None:
    for one in sorted(answers, key=lambda one: one.ndcg):
        if one.ndcg < below and not is_counted(one.query):
            print(f"   {one.ndcg:.2f} {one.query}: {', '.join(one.found[:4])}")


if __name__ == "__main__":
    started = time.process_time()
    main()
    print(f"{time.process_time() - started:.1f} s of CPU")
