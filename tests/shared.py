"""Public test data that lies beside the repository and never in it: security payloads, questions to search."""

import json
import os
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("RADRUM_SHARED") or Path(__file__).resolve().parents[2] / "shared")
NO_DATA = "saknas: provdata i"


def shared_json(name: str) -> dict[str, Any] | None:
    """The data of a file below `security`, None where it is not there."""
    path = SHARED / "security" / name
    found: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    return found
