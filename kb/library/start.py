"""Hanging the library into the application."""

from flask import Flask

from kb.library import permissions
from kb.library.cli import library_cli
from kb.library.views import lists, reading

assert permissions.PERMISSIONS


def init_app(app: Flask) -> None:
    """Register pages and commands."""
    app.register_blueprint(reading.bp)
    app.register_blueprint(lists.bp)
    app.cli.add_command(library_cli)
