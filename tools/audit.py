"""Known weaknesses of what is installed, where the list of them can be reached; otherwise when it was last looked at.

    python -m tools.audit

A look that succeeded prints the line for `docs/audited.md`; without the network one line says so and nothing fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from typing import Any

from tools.places import ROOT, say

NOTED = ROOT / "docs" / "audited.md"
PATIENCE = 90


def main() -> int:
    """Say what is known; the exit status."""
    looked = look()
    if looked is None:
        say(f"Listan över kända brister går inte att nå härifrån. Senast granskat: {last_noted()}.")
        return 0
    weak = [one for one in looked if one.get("vulns")]
    for one in weak:
        say(f"{one['name']} {one['version']}: {', '.join(vuln['id'] for vuln in one['vulns'])}")
    say(f"Till docs/audited.md: {line_of(looked, weak)}")
    return 1 if weak else 0


def line_of(looked: list[dict[str, Any]], weak: list[dict[str, Any]]) -> str:
    """The line of the list with dates: today, what was looked at and with what, what came of it."""
    passed = sum("skip_reason" in one for one in looked)
    seen = f"requirements.txt, {len(looked) - passed} of {len(looked)} pins"
    found = ", ".join(f"{one['name']} {one['version']}" for one in weak) or "nothing known"
    return f"| {date.today():%Y-%m-%d} | {seen} | pip-audit {version('pip-audit')} | {found} |"  # noqa: DTZ011 (the day here)


def look() -> list[dict[str, Any]] | None:
    """What pip-audit says of each pin; None when it reached nobody."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", "requirements.txt", "--disable-pip"]
    command += ["--require-hashes", "--format", "json", "--progress-spinner", "off"]
    try:
        found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
        listed: list[dict[str, Any]] = json.loads(found.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    return None if all("skip_reason" in one for one in listed) else listed


def last_noted() -> str:
    """The newest line of the list with dates."""
    rows = [line for line in NOTED.read_text(encoding="utf-8").splitlines() if line.startswith("| 2")]
    return rows[-1].strip("| ").split(" | ")[0] if rows else "aldrig"


if __name__ == "__main__":
    sys.exit(main())
