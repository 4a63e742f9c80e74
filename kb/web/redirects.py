"""Redirects lead to own pages only."""

import re

_ODD = re.compile(r"[\x00-\x20\x7f\\]")


def own_path(value: str | None) -> str | None:
    """`value` when it is a path on this site ("/konto?flik=1"), else None."""
    if not value or len(value) > 2000 or not value.startswith("/") or value.startswith("//"):
        return None
    return None if _ODD.search(value) else value
