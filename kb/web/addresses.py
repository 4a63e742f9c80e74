"""Absolute addresses for mail, QR codes and feeds: only ever from RADRUM_BASE_URL."""

from flask import current_app


def absolute(path: str) -> str:
    """The full address of an own path such as "/konto"; never taken from the Host header."""
    base: str = current_app.config["SETTINGS"].base_url
    return base + path
