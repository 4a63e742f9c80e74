"""What no request may hold: NUL characters, which databases and files cannot store."""

from flask import Flask, request

from kb.errors import Invalid

_NUL = "\x00"


def refuse_nul() -> None:
    """Raise `Invalid` for a NUL in the path, the query or a form field."""
    where = [request.path, *request.args.keys(), *(value for _, value in request.args.items(multi=True))]
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
    app.before_request(refuse_nul)
