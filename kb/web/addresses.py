"""Absolute addresses (mail, QR codes, feeds), only ever from RADRUM_BASE_URL; which addresses are pages."""

from urllib.parse import urlsplit

from flask import Flask, current_app
from werkzeug.exceptions import HTTPException

OWN_MACHINE = {"127.0.0.1", "localhost", "::1"}


def absolute(path: str) -> str:
    """The full address of an own path such as "/konto"; never taken from the Host header."""
    base: str = current_app.config["SETTINGS"].base_url
    return base + path


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
    app.context_processor(lambda: {"site_address": known_site()})
