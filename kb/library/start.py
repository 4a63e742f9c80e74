"""Hanging the library into the application."""

from flask import Flask

from kb.library import permissions
from kb.library.core.naming import names_by_public_id
from kb.library.editing import jobs
from kb.library.editing.views import (
    editing,
    history,
    lifecycle,
    lists,
    reviewing,
    shipping,
    unreadable,
    withdrawing,
    worklist,
)
from kb.library.intake.cli import library_cli
from kb.library.reading.views import messages, reading

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
