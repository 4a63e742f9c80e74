"""What no request may hold: NUL characters and numbers that databases and files cannot store."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, request
from werkzeug.routing import IntegerConverter, Map

from kb.errors import Invalid

View = TypeVar("View", bound=Callable[..., object])
_NUL = "\x00"
_HIGHEST_ROW = 2**31 - 1
_MARK = "__radrum_takes_any_query__"


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: a number that a row can have; others lead nowhere (404)."""

    regex = r"[0-9]{1,10}"

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=_HIGHEST_ROW)


def takes_any_query(view: View) -> View:
    """Mark a view that takes whatever stands in its query and stores none of it, such as search."""
    setattr(view, _MARK, True)
    return view


def refuse_nul() -> None:
    """Raise `Invalid` for a NUL in the path, the query or a form field."""
    where = [request.path]
    if not hasattr(current_app.view_functions.get(request.endpoint or ""), _MARK):
        where += [*request.args.keys(), *(value for _, value in request.args.items(multi=True))]
    if any(_NUL in text for text in where):
        raise Invalid("address", "Adressen innehåller ett tecken som inte går att använda.")
    if request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"} and any(
        _NUL in value for _, value in request.form.items(multi=True)
    ):
        raise Invalid(
            "text", "Texten innehåller ett osynligt tecken som inte går att spara. Skriv om den delen."
        )


def init_app(app: Flask) -> None:
    """Check every request."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(refuse_nul)
