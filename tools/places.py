"""Where things are, and how we talk to whoever sits at the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"


def fail(message: str) -> int:
    """Say what is wrong; the exit status of a refusal."""
    print(message, file=sys.stderr)
    return 1


def say(message: str) -> None:
    """Tell what goes on."""
    print(message, flush=True)
