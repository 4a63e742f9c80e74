"""Absolute addresses (mail, QR codes, feeds), only ever from RADRUM_BASE_URL; which addresses are pages."""

from urllib.parse import urlsplit

from flask import Flask, current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

OWN_MACHINE = {"127.0.0.1", "localhost", "::1"}


def absolute(path: str) -> str:
    """The full address of an own path such as "/konto"; never taken from the Host header."""
    base: str = current_app.config["SETTINGS"].base_url
    return base + path


def page_address(endpoint: str, /, **values: str | int) -> str:
    """The address of a page, as `url_for` gives it; also outside a request, and for what knows nothing of Flask."""
    adapter: MapAdapter = current_app.extensions["page_adapter"]
    return adapter.build(endpoint, values)


def external_url(endpoint: str, **values: str) -> str:
    """The full address of a page, from RADRUM_BASE_URL; also outside a request, for mail and commands."""
    return absolute(page_address(endpoint, **values))


def address_below(endpoint: str) -> str:
    """What the addresses of a page with a slug begin with; kept, since a page of hits asks for it a hundred times."""
    # An attribute of the proxy costs three microseconds, the application behind it a tenth of one.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    kept: dict[str, str] = app.extensions["page_stems"]
    stem = kept.get(endpoint)
    if stem is None:
        stem = kept[endpoint] = page_address(endpoint, slug="_").removesuffix("_")
    return stem


def page_path(endpoint: str) -> str:
    """The address of a page without values; kept, since a page of hits asks for the same one a hundred times."""
    kept: dict[tuple[str, str], str] = current_app.extensions["page_paths"]
    key = (endpoint, request.root_path)
    if key not in kept:
        kept[key] = url_for(endpoint)
    return kept[key]


def leads_from_elsewhere(base_url: str) -> bool:
    """Whether an address leads somewhere from another computer too."""
    return urlsplit(base_url).hostname not in OWN_MACHINE


def known_site() -> str:
    """The address of the site, or nothing as long as it is only known as this machine's own."""
    base: str = current_app.config["SETTINGS"].base_url
    return base if leads_from_elsewhere(base) else ""


def is_page(address: str) -> bool:
    """Whether the site has a page at an address."""
    try:
        current_app.url_map.bind("").match(address)
    except HTTPException:
        return False
    return True


def init_app(app: Flask) -> None:
    """Give templates `site_address`."""
    app.extensions |= {"page_paths": {}, "page_stems": {}, "page_adapter": app.url_map.bind("")}
    app.context_processor(lambda: {"site_address": known_site()})
