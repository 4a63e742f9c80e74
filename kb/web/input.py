"""What a request brings: texts in one spelling, no NUL characters, no numbers that databases cannot store.

And what a person wrote in it, for pages that say why it was not saved.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Flask, Request, current_app, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from kb.errors import Invalid
from kb.text.characters import normal

View = TypeVar("View", bound=Callable[..., object])
PASSWORDS = ("password", "current", "inloggning_losenord", "losenord_igen")
SECRET = (*PASSWORDS, "csrf_token")
_NUL = "\x00"
_HIGHEST_ROW = 2**31 - 1
_MARK = "__radrum_takes_any_query__"
_KEEPS_FROM = 30


class Parameters(ImmutableMultiDict[str, Any]):
    """The fields of a form or a query, in the one spelling of text that is stored and looked up.

    Passwords stay as they were typed, and so does what holds a NUL: it is refused in words.
    """

    def __init__(self, pairs: Iterable[tuple[str, Any]] = ()) -> None:
        if isinstance(pairs, dict):
            pairs = ImmutableMultiDict(pairs).items(multi=True)
        super().__init__([(name, _normal(name, value)) for name, value in pairs])


class NormalRequest(Request):
    """A request whose fields are read as `Parameters`."""

    parameter_storage_class = Parameters


def _normal(name: str, value: Any) -> Any:
    is_text = isinstance(value, str) and name not in PASSWORDS and _NUL not in value
    return normal(value) if is_text else value


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


def is_from_script() -> bool:
    """Whether a script asks and puts the answer into the page itself: it wants the part, or words about why not."""
    headers = request.headers
    asks = headers.get("X-Fragment") or headers.get("X-Requested-With") == "fetch"
    return bool(asks) or request.accept_mimetypes.best == "application/json"


def typed_texts() -> list[str]:
    """The texts worth giving back; never a password, nor ids and paths that the form carries along."""
    try:
        fields = [(name, value) for name in request.form for value in request.form.getlist(name)]
    except HTTPException:  # too large to be read at all
        return []
    texts = [value.replace("\x00", "") for name, value in fields if name not in SECRET]
    return [text for text in texts if len(text) >= _KEEPS_FROM and len(text.split()) > 1]


def init_app(app: Flask) -> None:
    """Read and check every request so."""
    app.request_class = NormalRequest
    app.url_map.converters["int"] = RowNumber
    app.before_request(refuse_nul)
