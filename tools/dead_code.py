"""Code that nobody uses: vulture's findings, without what templates name and frameworks call. Tests alone are no use.

python -m tools.dead_code
"""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from tools.places import ROOT, say

READ = ("kb", "tools", "bench", "dev.py", "wsgi.py", "gunicorn.conf.py")
ELSEWHERE = Path(__file__).with_name("used_elsewhere.txt")
_FOUND = re.compile(r"unused \w+ '(\w+)'")


def main() -> int:
    """Print what is found; the exit status."""
    found = [line for line in run_vulture() if not named_in_templates(line)]
    for line in found:
        say(line)
    return 1 if found else 0


def run_vulture() -> list[str]:
    """What vulture says, line by line."""
    lines = ELSEWHERE.read_text(encoding="utf-8").splitlines()
    names = [name for line in lines if not line.startswith("#") for name in line.split()]
    command = [
        sys.executable,
        "-m",
        "vulture",
        *READ,
        "--min-confidence",
        "60",
        "--ignore-names",
        ",".join(names),
    ]
    found = subprocess.run([*command, "--ignore-decorators", "@*"], cwd=ROOT, capture_output=True, text=True)
    if found.stderr:
        return [found.stderr]
    return found.stdout.splitlines()


def named_in_templates(line: str) -> bool:
    """Whether a template uses the name that the line is about."""
    match = _FOUND.search(line)
    return match is not None and match[1] in words_of_templates()


@cache
def words_of_templates() -> set[str]:
    """Every word in the templates."""
    return {word for path in (ROOT / "templates").rglob("*") if path.is_file() for word in _words(path)}


def _words(path: Path) -> set[str]:
    return set(re.findall(r"\w+", path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(main())
