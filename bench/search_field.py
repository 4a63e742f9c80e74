"""Queries as people type them (`field_queries.yaml`): how often the right text comes first, or in three, or nothing.

`python -m bench.search_field` prints both halves, each as first judged (texts that were added later count as wrong) and
with the later texts where they answer. The first half is for tuning: `-v` shows what it misses with later texts. The
second half is only counted; nothing here shows a miss of it. Searches the shipped content as `search query -` does.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import yaml

from bench.search_quality import shipped

ROOT = Path(__file__).resolve().parent
TUNED = 50  # the first ones
SHOWN = 5  # hits that are looked at
NONE = "none"
Find = Callable[[str], list[str]]


@dataclass(frozen=True)
class Outcome:
    """A query and what was found. `first`, `good`: what answers it; neither when nothing does."""

    query: str
    kind: str
    first: frozenset[str]
    good: frozenset[str]
    found: Sequence[str]

    @property
    def is_first(self) -> bool:
        """Whether the first hit answers."""
        return bool(self.found) and self.found[0] in self.first

    @property
    def is_in_three(self) -> bool:
        """Whether one of the first three is right or acceptable."""
        return not (self.first | self.good).isdisjoint(self.found[:3])


def main() -> None:
    """Print both halves."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-v", "--verbose", action="store_true", help="show the misses of the first half")
    verbose = options.parse_args().verbose
    with tempfile.TemporaryDirectory() as folder, shipped(Path(folder), kinds=()) as find:
        found = [find(one["q"])[:SHOWN] for one in queries()]
    for with_later, name in ((False, "as first judged"), (True, "with later texts")):
        tuned, counted = halves(found, with_later=with_later)
        print(f"{name}:")
        show("tuned", tuned)
        show("counted", counted)
    if verbose:
        _show_misses(tuned)


def halves(found: Sequence[Sequence[str]], *, with_later: bool = True) -> tuple[list[Outcome], list[Outcome]]:
    """The outcomes of the half for tuning, and of that which is only counted; `found` for each query in order."""
    outcomes = [judge(one, hits, with_later=with_later) for one, hits in zip(queries(), found, strict=True)]
    return outcomes[:TUNED], outcomes[TUNED:]


def judge(one: Mapping[str, Any], found: Sequence[str], *, with_later: bool) -> Outcome:
    """What was found for a query, beside what answers it: as first judged, or with the texts that were added later."""
    first, good = (
        frozenset([*one[key], *(one.get(f"later_{key}", ()) if with_later else ())])
        for key in ("first", "good")
    )
    return Outcome(one["q"], one["kind"], first, good, found)


def queries() -> list[dict[str, Any]]:
    """All queries in the order of the file."""
    found: list[dict[str, Any]] = yaml.safe_load((ROOT / "field_queries.yaml").read_text(encoding="utf-8"))
    return found


def rates(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    """Right first, right in three, empty (lower is better), and empty where nothing answers; shares of 1."""
    answered = [one for one in outcomes if one.first]
    nothing = [one for one in outcomes if not one.first]
    return {
        "first": mean(one.is_first for one in answered),
        "in three": mean(one.is_in_three for one in answered),
        "empty": mean(not one.found for one in answered),
        "nones empty": mean(not one.found for one in nothing),
    }


def show(name: str, outcomes: Sequence[Outcome]) -> None:
    """Print the rates of a half and of each kind in it."""
    print(f"{name:<12}", "  ".join(f"{measure} {share:.3f}" for measure, share in rates(outcomes).items()))
    for kind in sorted({one.kind for one in outcomes} - {NONE}):
        group = [one for one in outcomes if one.kind == kind]
        first, three = mean(one.is_first for one in group), mean(one.is_in_three for one in group)
        print(f"  {kind:<12}{first:6.2f}{three:6.2f}{len(group):4}")


def _show_misses(outcomes: Sequence[Outcome]) -> None:
    for one in outcomes:
        if one.first and not one.is_first:
            near = "in three" if one.is_in_three else "MISSED"
            print(
                f"{near:<9}{one.kind:<10}{one.query}: {', '.join(one.found[:4])} | {', '.join(sorted(one.first))}"
            )
        if not one.first and one.found:
            print(f"{'NOT EMPTY':<9}{one.kind:<10}{one.query}: {', '.join(one.found[:3])}")


if __name__ == "__main__":
    main()
