"""Sixty searches typed with a fresh eye (`fresh_eye.yaml`): what stands there now, and what changed since then.

`python -m bench.fresh_eye` asks them of the shipped content as the search page does for somebody who is signed out,
answers over the hits included. It prints the verdicts then and now, for all and by when somebody asks, and each
query whose verdict changed. `-v` shows also what is still no right first hit.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bench.search_field import Outcome, judge
from bench.search_quality import finder, shipped_app

ROOT = Path(__file__).resolve().parent
SEEN = 3  # hits that a person on a phone looks at
VERDICTS = ("right first", "right in three", "wrong", "empty", "rightly empty")
RIGHT_FIRST, RIGHT_IN_THREE, WRONG, EMPTY, RIGHTLY_EMPTY = VERDICTS
BEST_FIRST = (
    RIGHT_FIRST,
    RIGHTLY_EMPTY,
    RIGHT_IN_THREE,
    EMPTY,
    WRONG,
)  # a wrong hit costs time that is not there
WHEN = ("before", "during", "after")


@dataclass(frozen=True)
class Asked:
    """A query as it was judged, with what stands there now."""

    query: str
    when: str
    then: Outcome
    now: Outcome

    @property
    def verdicts(self) -> tuple[str, str]:
        """Then and now."""
        return verdict(self.then), verdict(self.now)


def main() -> None:
    """Print how many are right, then and now, and what changed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-v", "--verbose", action="store_true", help="show also what is not right first")
    verbose = options.parse_args().verbose
    with tempfile.TemporaryDirectory() as folder, shipped_app(Path(folder)) as app:
        find = finder(app, (), with_answers=True)
        asked = [_ask(one, find(one["q"])) for one in queries()]
    _show_totals(asked)
    for one in asked:
        then, now = one.verdicts
        if then != now:
            _show(one, "better" if BEST_FIRST.index(now) < BEST_FIRST.index(then) else "WORSE")
        elif verbose and now not in {RIGHT_FIRST, RIGHTLY_EMPTY}:
            _show(one, "still")


def queries() -> list[dict[str, Any]]:
    """All queries in the order of the file."""
    found: list[dict[str, Any]] = yaml.safe_load((ROOT / "fresh_eye.yaml").read_text(encoding="utf-8"))
    return found


def verdict(outcome: Outcome) -> str:
    """What the first three hits are worth."""
    if not outcome.found:
        return EMPTY if outcome.first else RIGHTLY_EMPTY
    if outcome.is_first:
        return RIGHT_FIRST
    return RIGHT_IN_THREE if outcome.is_in_three else WRONG


def _ask(one: dict[str, Any], found: Sequence[str]) -> Asked:
    then, now = (judge(one, hits[:SEEN], with_later=True) for hits in (one["found"], found))
    return Asked(one["q"], one["when"], then, now)


def _show_totals(asked: Sequence[Asked]) -> None:
    for name in ("all", *WHEN):
        group = [one.verdicts for one in asked if name in {"all", one.when}]
        then, now = (Counter(pair[turn] for pair in group) for turn in (0, 1))
        counts = "  ".join(f"{each} {then[each]} → {now[each]}" for each in VERDICTS)
        print(f"{name:<8}{len(group):3}  {counts}")


def _show(one: Asked, change: str) -> None:
    then, now = one.verdicts
    print(f"{change:<7}{then} → {now}: {one.query[:70]}: {', '.join(one.now.found)}")


if __name__ == "__main__":
    main()
