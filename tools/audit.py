"""Known weaknesses of what is installed, where the list of them can be reached; otherwise when it was last looked at.

    python -m tools.audit

Each look that succeeded is noted in `docs/audited.md`; without the network one line says so and nothing fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
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
    return 1 if weak else 0


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
