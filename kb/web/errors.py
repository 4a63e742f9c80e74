"""Error pages: what happened, what to do, search and numbers. Services' errors become pages here."""

import logging
import secrets
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from kb import errors
from kb.db import is_unavailable
from kb.logs import PATTERN, pattern_of, words_of
from kb.web.input import is_from_script, typed_texts
from kb.web.sessions import close_reader

log = logging.getLogger(__name__)


class Reason(StrEnum):
    """What a script does with an error: say it, send again with a new token, or ask people to sign in."""

    REFUSED = "refused"
    OLD_FORM = "old-form"
    SIGN_IN = "sign-in"


UNAVAILABLE_PAGE = Path(__file__).resolve().parent.parent.parent / "static" / "503.html"

STATUS: dict[type[errors.RadrumError], int] = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Gone: 410,
    errors.Conflict: 409,
    errors.Unreadable: 409,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    errors.Refused: 409,
}
TITLES = {
    400: ("Det gick inte att förstå förfrågan", "Gå tillbaka, kontrollera uppgifterna och försök igen."),
    403: ("Du har inte behörighet", "Be din administratör om du behöver komma åt sidan."),
    404: (
        "Sidan finns inte",
        "Adressen kan vara felskriven, eller så har texten flyttat. Ingenting du skrivit har gått förlorat.",
    ),
    405: ("Så går sidan inte att använda", "Gå tillbaka och försök igen från sidan du kom från."),
    409: (
        "Någon hann före",
        "Innehållet har ändrats under tiden. Öppna sidan igen och se vad som gäller nu.",
    ),
    410: ("Texten är borttagen", "Den gäller inte längre."),
    413: ("Det var för mycket på en gång", "Korta texten eller dela upp den, och skicka igen."),
    422: ("Något behöver rättas", "Gå tillbaka och rätta uppgiften."),
    429: ("För många försök", "Vänta en stund och försök igen."),
    500: ("Något gick fel hos oss", "Felet är noterat. Försök igen om en stund."),
    503: ("Det går inte att spara just nu", "Du kan fortfarande läsa. Försök igen om en stund."),
}


def page(
    status: int, message: str | None = None, *, error_id: str | None = None, reason: Reason = Reason.REFUSED
) -> Response:
    """The error page for `status`; falls back to a static page when even that cannot be rendered.

    A script gets the words as JSON, {status, reason, message, token}: it keeps its page and says them there, or sends
    what was sent with an old token again with the one of now.
    """
    title, lead = TITLES.get(status) or TITLES[400]
    if is_from_script():
        said = {"status": status, "reason": reason.value, "message": message or f"{title}. {lead}"}
        token = {"token": generate_csrf()} if reason is Reason.OLD_FORM else {}
        return make_response(jsonify(said | token), status)
    try:
        html = render_template(
            "web/error.html",
            status=status,
            title=title,
            lead=message or lead,
            error_id=error_id,
            typed=typed_texts(),
        )
    except Exception:
        log.exception("the error page failed")
        html = UNAVAILABLE_PAGE.read_text(encoding="utf-8")
    return make_response(html, status)


def init_app(app: Flask) -> None:
    """Register the handlers; what is logged of an address is its pattern."""
    app.before_request(_note_pattern)
    app.register_error_handler(errors.RadrumError, _known)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DatabaseError, _database)
    app.register_error_handler(OSError, _system)
    app.register_error_handler(Exception, _unknown)


def _note_pattern() -> None:
    if request.url_rule is not None:
        request.environ[PATTERN] = request.url_rule.rule


def _known(error: errors.RadrumError) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    response = page(status, error.message)
    if isinstance(error, errors.TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _csrf(_error: CSRFError) -> Response:
    return page(
        400,
        "Formuläret är för gammalt, eller så har du loggats ut. Gå tillbaka i webbläsaren: det du skrev finns kvar. "
        "Ladda om sidan i en ny flik, logga in och skicka igen.",
        reason=Reason.OLD_FORM,
    )


def _http(error: HTTPException) -> Response:
    if error.code is not None and 300 <= error.code < 400:
        return make_response(error.get_response())
    status = error.code if error.code in TITLES else 400
    response = page(status or 400)
    if error.code == 405:
        response.headers["Allow"] = error.get_response().headers.get("Allow", "GET")
    return response


def _database(error: DatabaseError) -> Response:
    if is_unavailable(error):
        log.warning("the database is unavailable: %s", words_of(error))
        return page(503)
    return _unknown(error)


def _system(error: OSError) -> Response:
    if error.errno in {28, 30, 13, 122}:  # no space, read-only, no permission, quota
        log.warning("the disk is unavailable: %s", words_of(error))
        return page(503)
    return _unknown(error)


def _unknown(error: Exception) -> Response:
    error_id = secrets.token_hex(4)
    _note_pattern()
    place = pattern_of(request.environ)
    log.error("error %s on %s %s", error_id, request.method, place, exc_info=error)
    with suppress(SQLAlchemyError):  # what went wrong may have been the connection
        close_reader()
    return page(500, error_id=error_id)
