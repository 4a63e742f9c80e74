"""Hanging accounts into the application."""

from flask import Flask

from kb.accounts import jobs
from kb.accounts.cli import accounts_cli
from kb.accounts.entry import enforce
from kb.accounts.views.pages import bp


def init_app(app: Flask) -> None:
    """Register guards, pages, jobs and commands."""
    enforce.init_app(app)
    app.register_blueprint(bp)
    app.cli.add_command(accounts_cli)
    jobs.register(app.extensions["jobs"], app.extensions["database"], app.config["SETTINGS"])
