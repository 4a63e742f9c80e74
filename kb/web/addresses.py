"""Absolute addresses (mail, QR codes, feeds), only ever from RADRUM_BASE_URL; which addresses are pages."""

from urllib.parse import urlsplit

from flask import Flask, current_app, request, url_for
from werkzeug.exceptions import HTTPException

OWN_MACHINE = {"127.0.0.1", "localhost", "::1"}


def absolute(path: str) -> str:
    """The full address of an own path such as "/konto"; never taken from the Host header."""
    base: str = current_app.config["SETTINGS"].base_url
    return base + path


def external_url(endpoint: str, **values: str) -> str:
    """The full address of a page, from RADRUM_BASE_URL; also outside a request, for mail and commands."""
    return absolute(current_app.url_map.bind("").build(endpoint, values))


def page_path(endpoint: str) -> str:
    """The address of a page without values; kept, since a page of hits asks for the same one a hundred times."""
    kept: dict[tuple[str, str], str] = current_app.extensions["page_paths"]
    key = (endpoint, request.root_path)
    if key not in kept:
        kept[key] = url_for(endpoint)
    return kept[key]


def known_site() -> str:
    """The address of the site, or nothing as long as it is only known as this machine's own."""
    base: str = current_app.config["SETTINGS"].base_url
    return "" if urlsplit(base).hostname in OWN_MACHINE else base


def is_page(address: str) -> bool:
    """Whether the site has a page at an address."""
    try:
        current_app.url_map.bind("").match(address)
    except HTTPException:
        return False
    return True


def init_app(app: Flask) -> None:
    """Give templates `site_address`."""
    app.extensions["page_paths"] = {}
    app.context_processor(lambda: {"site_address": known_site()})
