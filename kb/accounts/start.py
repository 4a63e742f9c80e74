"""Hanging accounts into the application."""

from flask import Flask

from kb.accounts import jobs
from kb.accounts.cli import accounts_cli
from kb.accounts.entry import enforce
from kb.accounts.views.boxes import BOXES, ENTRIES
from kb.accounts.views.pages import bp
from kb.web.registry import registry_of


def init_app(app: Flask) -> None:
    """Register guards, pages, menu entries, boxes, jobs and commands."""
    enforce.init_app(app)
    app.register_blueprint(bp)
    registry_of(app).add(*ENTRIES, *BOXES)
    app.cli.add_command(accounts_cli)
    jobs.register(app.extensions["jobs"], app.extensions["database"], app.config["SETTINGS"])
