"""Every table of the application, for migrations and tests: those of all `models` below kb, and of forms taken once."""

from importlib import import_module
from pathlib import Path

import kb.web.once  # noqa: F401

_HERE = Path(__file__).parent
for _found in sorted([*_HERE.glob("*/**/models.py"), *_HERE.glob("*/**/models/*.py")]):
    import_module(".".join(("kb", *_found.relative_to(_HERE).with_suffix("").parts)))
