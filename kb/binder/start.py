"""Hanging the binder into the application."""

from datetime import timedelta

from flask import Flask

from kb.binder import health
from kb.binder.cli import binder_cli
from kb.binder.services import make_daily
from kb.binder.views import bp
from kb.web.health import health_of
from kb.web.registry import Entry, Menu, registry_of

ENTRIES = (Entry(menu=Menu.MORE, title="Krispärm", endpoint="binder.binder_show", place=70),)


def init_app(app: Flask) -> None:
    """Register the pages, their line in the menu, the command, and what makes it each night on each machine."""
    app.register_blueprint(bp)
    registry_of(app).add(*ENTRIES)
    app.cli.add_command(binder_cli)
    instance = app.config["SETTINGS"].instance
    health_of(app).add(health.part(instance))

    def daily() -> None:
        with app.app_context():
            make_daily(app.extensions["database"], instance)

    app.extensions["jobs"].every("binder.make", timedelta(hours=1), daily, by_each=True)
