"""`dev.py check`: everything that is held by a tool and not by a test of what the code does."""

from __future__ import annotations

import subprocess

from tools.environment import prepare
from tools.places import BIN, say

OURSELVES = "tests/structure/test_check.py"  # it runs these checks
CHECKS = (
    ("format", ["ruff", "format", "--check", "."]),
    ("kod", ["ruff", "check", "."]),
    ("typer", ["mypy"]),
    ("importer", ["lint-imports"]),
    ("mallar", ["djlint", "templates", "--lint", "--quiet"]),
    ("exempel", ["pytest", "--quiet", "-p", "no:cacheprovider", "--doctest-modules", "kb"]),
    ("död kod", ["python", "-m", "tools.dead_code"]),
    ("låsta versioner", ["python", "-m", "tools.pins", "--check"]),
    ("kända brister", ["python", "-m", "tools.audit"]),
    ("husregler", ["pytest", "--quiet", "-p", "no:cacheprovider", "tests/structure", "--ignore", OURSELVES]),
)


def check(_arguments: list[str]) -> int:
    """Run every check; the exit status tells whether all passed."""
    prepare(dev=True)
    failed = [name for name, command in CHECKS if not passes(name, command)]
    say(f"Underkänt: {', '.join(failed)}." if failed else "Alla kontroller är godkända.")
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    """Run one check and show what it says when it fails."""
    found = subprocess.run([BIN / command[0], *command[1:]], capture_output=True, text=True)
    say(f"{'✗' if found.returncode else '✓'} {name} ({command[0]})")
    if found.returncode or command[-1] == "tools.audit":
        say(found.stdout.rstrip() + found.stderr)
    return found.returncode == 0
