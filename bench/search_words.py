"""One word more: a search that works keeps its right text among the first three, whatever is added.

`python -m bench.search_words` takes 20 working queries of the half for tuning and its 60 words (`extra_words.yaml`),
then the same of what is only counted; the word stands first, last or in the middle. `-v` shows which words and queries
of the first lose most.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import mean

import yaml

from bench.search_quality import halves_of_queries, shipped

ROOT = Path(__file__).resolve().parent
QUERIES = 20
FIRST = 3
Find = Callable[[str], list[str]]


@dataclass(frozen=True)
class Changed:
    """A query with a word added, and where its right text stands then (0 first); None when it is gone."""

    query: str
    word: str
    place: int | None
    is_empty: bool

    @property
    def is_kept(self) -> bool:
        """Whether the right text stands among the first three."""
        return self.place is not None and self.place < FIRST


def main() -> None:
    """Print both parts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "-v", "--verbose", action="store_true", help="show what loses most of the first part"
    )
    verbose = options.parse_args().verbose
    with tempfile.TemporaryDirectory() as folder, shipped(Path(folder), kinds=()) as find:
        for name, changed in measure(find).items():
            kept, empty = mean(one.is_kept for one in changed), sum(one.is_empty for one in changed)
            print(f"{name:<9} kept in three {kept:.3f}  empty {empty} of {len(changed)}")
            if verbose and name == "tuned":
                _show_lost(changed)


def measure(find: Find, step: int = 1) -> dict[str, list[Changed]]:
    """Part → its working queries with each of its words, or with each `step`th."""
    words = yaml.safe_load((ROOT / "extra_words.yaml").read_text(encoding="utf-8"))
    return {
        name: [
            one
            for query, right in _working(find, half)
            for one in _changed(find, query, right, words[name][::step])
        ]
        for name, half in zip(("tuned", "counted"), halves_of_queries(), strict=True)
    }


def _working(find: Find, half: Mapping[str, Sequence[Mapping[str, object]]]) -> list[tuple[str, str]]:
    """(query, its first hit) for the first working queries, one of each class in turn; quoted ones are exact."""
    found: list[tuple[str, str]] = []
    turns = [list(group) for group in half.values()]
    for group in cycle(turns):
        if len(found) == QUERIES or not any(turns):
            return found
        while group:
            one = group.pop(0)
            query, grades = str(one["q"]), one["a"]
            assert isinstance(grades, dict)
            hits = [] if '"' in query else find(query)
            if hits and grades.get(hits[0], 0) == max(grades.values()):
                found.append((query, hits[0]))
                break
    return found


def _changed(find: Find, query: str, right: str, words: Sequence[str]) -> list[Changed]:
    """The query with each word, in turn first, last and in the middle."""
    found = []
    for place, word in enumerate(words):
        typed = query.split()
        typed.insert((0, len(typed), len(typed) // 2)[place % 3], word)
        hits = find(" ".join(typed))
        found.append(Changed(query, word, hits.index(right) if right in hits else None, not hits))
    return found


def _show_lost(changed: Sequence[Changed]) -> None:
    for key in ("query", "word"):
        lost = Counter(getattr(one, key) for one in changed if not one.is_kept)
        print(f"  lost by {key}:", ", ".join(f"{name} {count}" for name, count in lost.most_common(12)))


if __name__ == "__main__":
    main()
