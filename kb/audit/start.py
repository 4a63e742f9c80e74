"""Hanging the audit log into the application."""

from flask import Flask

from kb.audit.views import bp


def init_app(app: Flask) -> None:
    """Register the page."""
    app.register_blueprint(bp)
