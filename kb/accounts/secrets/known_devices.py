"""Browsers that have signed in before, by a signed cookie: a right password is let in there whatever strangers do.

The cookie says nothing about who signed in (keyed hashes), lives for a year and is only set when a password was right.
It lets nobody in: it only gives the browser a count of failures of its own for each account.
"""

import secrets

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from kb.accounts.secrets.tokens import keyed_hash

LIFETIME = 365 * 24 * 3600
_MOST = 10
_LONGEST = 2_000


def device_of(email: str) -> str | None:
    """The name of this browser, when the account has signed in here before."""
    return dict(_held()).get(_tag(email))


def remember(email: str) -> str:
    """Let this browser be known to the account; returns its name."""
    name = device_of(email) or secrets.token_urlsafe(9)
    held = [(_tag(email), name), *(pair for pair in _held() if pair[0] != _tag(email))][:_MOST]
    value = str(_serializer().dumps(held))

    @after_this_request
    def set_cookie(response: Response) -> Response:
        response.set_cookie(
            cookie_name(),
            value,
            max_age=LIFETIME,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
            path="/",
        )
        return response

    return name


def cookie_name() -> str:
    """The name of the cookie beside that of the session."""
    return f"{current_app.config['SESSION_COOKIE_NAME']}-enhet"


def _held() -> list[tuple[str, str]]:
    value = request.cookies.get(cookie_name(), "")
    if not value or len(value) > _LONGEST:
        return []
    try:
        return [(str(tag), str(name)) for tag, name in _serializer().loads(value)]
    except (BadSignature, TypeError, ValueError):
        return []


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known-device")


def _tag(email: str) -> str:
    return keyed_hash(str(current_app.secret_key), "device", email)[:20]
