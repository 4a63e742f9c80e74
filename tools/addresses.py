"""All addresses of the site, as docs/addresses.md lists them: method, address, who may, what it is.

python -m tools.addresses
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tools.places import ROOT, say

if TYPE_CHECKING:
    from flask import Flask

PAGE = ROOT / "docs" / "addresses.md"
_CONVERTER = re.compile(r"<(?:[^<>:]*:)?(\w+)>")
_HEAD = """# Addresses

Every address that the site answers at. Written by `.venv/bin/python -m tools.addresses` from the routes, the guards
of the views and their docstrings; a test holds it. *Who may* names a permission ([permissions.md](permissions.md)); a
form that everybody may send is taken from our own pages only. What an address was in an earlier version it stays, or
answers 301 or 308 to the new one (`tests/structure/test_addresses.py`).

| method | address | who may | what it is |
| --- | --- | --- | --- |
"""


def page(app: Flask) -> str:
    """The whole page for an application."""
    return _HEAD + "".join(
        f"| {' | '.join(row)} |\n" for row in sorted(rows(app), key=lambda row: row[1::-1])
    )


def rows(app: Flask) -> Iterator[tuple[str, str, str, str]]:
    """One row an address and method."""
    for rule in app.url_map.iter_rules():
        words = (app.view_functions[rule.endpoint].__doc__ or "").strip().splitlines() or [""]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, f"`{plain(rule.rule)}`", who_may(app, rule.endpoint), words[0].replace("|", r"\|")


def plain(rule: str) -> str:
    """An address with its parts that vary by their names alone: `/nu/<slug>`."""
    return _CONVERTER.sub(r"<\1>", rule)


def who_may(app: Flask, endpoint: str) -> str:
    """What the guard of a view asks for."""
    from kb.web.guards import guard_of

    guard = guard_of(app, endpoint)
    if guard is None or guard.permission is None:
        return "everybody"
    return f"`{guard.permission.value}`" + (", with password" if guard.with_password else "")


def main() -> int:
    """Write the page; the exit status."""
    from kb import create_app

    with TemporaryDirectory() as folder:
        app = create_app(instance=Path(folder), database_url=f"sqlite:///{folder}/radrum.sqlite3")
        PAGE.write_text(page(app), encoding="utf-8")
        app.extensions["database"].dispose()
    say(f"{PAGE.relative_to(ROOT)} är skriven.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
