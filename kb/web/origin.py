"""Same-origin check for all requests that change something."""

from urllib.parse import urlsplit

from flask import Flask, Request, current_app, request

from kb.errors import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def require_same_origin() -> None:
    """Raise `Forbidden` for a change that another site sent (Sec-Fetch-Site, else Origin)."""
    if request.method not in SAFE and not is_same_origin(request):
        raise Forbidden("Formuläret skickades från en annan webbplats. Öppna sidan här och försök igen.")


def is_same_origin(req: Request) -> bool:
    """Whether the browser says that our own page sent the request.

    Browsers send Sec-Fetch-Site to trustworthy addresses and Origin with every POST; a client that sends neither is
    not a browser and carries no one's cookies by accident.
    """
    site = req.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = req.headers.get("Origin")
    if origin is None:
        return True
    return is_own_host(urlsplit(origin).netloc)


def is_own_host(host: str) -> bool:
    """Whether a host and port are those of this site."""
    return host in {urlsplit(current_app.config["SETTINGS"].base_url).netloc, request.host}


def init_app(app: Flask) -> None:
    """Check every request that changes something."""
    app.before_request(require_same_origin)
