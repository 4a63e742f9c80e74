"""The subject before the incidental: whole stories, and short queries with a circumstance (`sentences.yaml`).

`python -m bench.search_sentences [-v]` prints for each part how often the acute list or the guidance on what happens
comes first, and among the first three. `-v` shows the misses of what may be looked at.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import yaml

from bench.search_quality import shipped

ROOT = Path(__file__).resolve().parent
COUNTED = "counted"
FIRST = 3
Find = Callable[[str], list[str]]


@dataclass(frozen=True)
class Outcome:
    """What is right for a query, and what was found."""

    query: str
    right: frozenset[str]
    found: Sequence[str]

    @property
    def is_first(self) -> bool:
        """Whether the first hit is right."""
        return bool(self.found) and self.found[0] in self.right

    @property
    def is_in_three(self) -> bool:
        """Whether one of the first three is."""
        return not self.right.isdisjoint(self.found[:FIRST])


def main() -> None:
    """Print all parts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "-v", "--verbose", action="store_true", help="show the misses of what may be looked at"
    )
    verbose = options.parse_args().verbose
    with tempfile.TemporaryDirectory() as folder, shipped(Path(folder), kinds=()) as find:
        report(find, verbose)


def report(find: Find, verbose: bool) -> None:
    """Print how often the right text comes first, and in three."""
    for part, outcomes in measure(find).items():
        first, three = mean(one.is_first for one in outcomes), mean(one.is_in_three for one in outcomes)
        print(f"sentences {part:<9} first {first:.3f}  in three {three:.3f}  of {len(outcomes)}")
        for one in outcomes:
            if verbose and part != COUNTED and not one.is_first:
                print(f"      {one.query}: {', '.join(one.found[:FIRST])}")


def measure(find: Find) -> Mapping[str, list[Outcome]]:
    """Part → its queries and what they find."""
    parts = yaml.safe_load((ROOT / "sentences.yaml").read_text(encoding="utf-8"))
    return {
        part: [Outcome(one["q"], frozenset(one["first"]), find(one["q"])[:FIRST]) for one in rows]
        for part, rows in parts.items()
    }


if __name__ == "__main__":
    main()
