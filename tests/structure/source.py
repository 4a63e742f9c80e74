"""The tracked files as the structure tests see them."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def tracked() -> list[Path]:
    """Every file under version control that exists, or in a copy without git every file that would be."""
    found = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        skipped = {".venv", ".git", "instance", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache"}
        paths = [path for path in ROOT.rglob("*") if not skipped & set(path.relative_to(ROOT).parts)]
    else:
        paths = [ROOT / name for name in found.stdout.splitlines()]
    return sorted(path for path in paths if path.is_file())


@cache
def text_of(path: Path) -> str:
    """A file as text; empty for one that is none."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def name_of(path: Path) -> str:
    """The path inside the project."""
    return path.relative_to(ROOT).as_posix()


def files(folder: str, *suffixes: str) -> list[Path]:
    """Tracked files below a folder."""
    return [
        p for p in tracked() if p.is_relative_to(ROOT / folder) and (not suffixes or p.suffix in suffixes)
    ]


@cache
def imports(path: Path) -> frozenset[str]:
    """The full names of all modules that a Python file imports, wherever it does so."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def imports_any(path: Path, *packages: str) -> bool:
    """Whether the file imports one of the packages, or something in them."""
    return any(
        name == package or name.startswith(f"{package}.") for name in imports(path) for package in packages
    )


def without_css_comments(text: str) -> str:
    """The style sheet alone."""
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
