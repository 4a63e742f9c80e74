"""`dev.py test --coverage`: which branches of kb/ no test takes. What is measured stands in `pyproject.toml`."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from tools.places import ROOT, fail, say

REPORT = ROOT / ".coverage.json"
OPTIONS = ("--cov", f"--cov-report=json:{REPORT}")
LEAST = 96.0
Figures = tuple[int, int]  # branches that a test takes, and all


def show(report: Path = REPORT) -> float:
    """Print the modules that have branches left, the least covered last, then the capabilities and all."""
    modules = read(report)
    rooms: dict[str, Figures] = defaultdict(lambda: (0, 0))
    for name, (taken, branches) in modules.items():
        room = "/".join(name.split("/")[:2])
        rooms[room] = rooms[room][0] + taken, rooms[room][1] + branches
    for figures in (modules, rooms):
        for name, one in sorted(figures.items(), key=lambda row: -share(row[1])):
            if figures is rooms or one[0] < one[1]:
                say(f"{share(one):6.1f} %  {one[1] - one[0]:4} av {one[1]:5}  {name}")
        say("")
    total = sum(one[0] for one in rooms.values()), sum(one[1] for one in rooms.values())
    say(f"{share(total):6.2f} % av grenarna i kb/ tas av något test ({total[0]} av {total[1]}).")
    return share(total)


def read(report: Path) -> dict[str, Figures]:
    """The figures of each module in a report of coverage."""
    files: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["files"]
    return {
        name: (found["summary"]["covered_branches"], found["summary"]["num_branches"])
        for name, found in files.items()
    }


def share(figures: Figures) -> float:
    """In per cent; what has no branches has none left."""
    taken, branches = figures
    return 100 * taken / branches if branches else 100.0


def judge(total: float) -> int:
    """The exit status of a run of all tests."""
    if total < LEAST:
        return fail(f"Minst {LEAST:g} % av grenarna ska tas av ett test (docs/house.md).")
    return 0
