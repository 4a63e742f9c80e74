"""Hanging the library into the application."""

from flask import Flask

from kb.library import jobs, permissions
from kb.library.cli import library_cli
from kb.library.naming import names_by_public_id
from kb.library.views import (
    editing,
    history,
    lifecycle,
    lists,
    messages,
    reading,
    reviewing,
    shipping,
    unreadable,
    withdrawing,
    worklist,
)

assert permissions.PERMISSIONS
# Importing them puts them on `reading.bp`.
PAGES = (editing, history, lifecycle, messages, reviewing, shipping, unreadable, withdrawing, worklist)


def init_app(app: Flask) -> None:
    """Register pages and commands."""
    app.register_blueprint(reading.bp)
    app.register_blueprint(lists.bp)
    app.cli.add_command(library_cli)
    app.extensions["audit_people"].things.append(names_by_public_id)
    jobs.register(app.extensions["jobs"], app.config["SETTINGS"])
