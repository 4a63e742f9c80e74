"""The binder as one file of HTML: opens from a memory stick in any browser, with search, without a server."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kb.binder.contents import Binder
from kb.config import ROOT
from kb.text.wording import counted, swedish_date, swedish_time

# Style and script stand in the file, which no template of the site may do: there it is one file and has no server.
_START = """<!DOCTYPE html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="krisparm" content="{mark}">
<title>Krispärm {day} – Rådrum</title>
<style>
{style}
</style>
</head>
<body>
"""
_END = """
<script>
{script}
</script>
</body>
</html>
"""
_STYLES = ("static/css/tokens.css", "static/binder/binder.css")
_SCRIPT = "static/binder/binder.js"


def write(binder: Binder) -> bytes:
    """The file (UTF-8). It fetches nothing: style and script stand in it."""
    style = "\n".join(map(_read, _STYLES))
    start = _START.format(mark=binder.mark, day=swedish_date(binder.made_at), style=style)
    body = _environment().get_template("_binder.html").render(binder=binder)
    return (start + body + _END.format(script=_read(_SCRIPT))).encode()


def has_mark(content: bytes, mark: str) -> bool:
    """Whether a file was made of the texts that `mark` stands for (`contents.mark`)."""
    return f'<meta name="krisparm" content="{mark}">'.encode() in content[:1000]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates" / "binder"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(datum=swedish_date, tid=swedish_time, antal=counted)
    return environment


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
