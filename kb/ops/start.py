"""Hanging operations into the application."""

from flask import Flask

from kb.ops.cli import ops_cli
from kb.ops.sizes import megabytes
from kb.ops.views import bp
from kb.web.registry import Entry, Menu, registry_of


def init_app(app: Flask) -> None:
    """Register pages, menu entry, commands and the filter for sizes."""
    app.register_blueprint(bp)
    registry_of(app).add(
        Entry(menu=Menu.ADMINISTRATION, title="Drift", endpoint="ops.status_show", place=100)
    )
    app.cli.add_command(ops_cli)
    app.jinja_env.filters["storlek"] = megabytes
