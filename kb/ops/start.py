"""Hanging operations into the application."""

from flask import Flask

from kb.ops.cli import ops_cli
from kb.ops.sizes import megabytes
from kb.ops.views import bp


def init_app(app: Flask) -> None:
    """Register pages, commands and the filter for sizes."""
    app.register_blueprint(bp)
    app.cli.add_command(ops_cli)
    app.jinja_env.filters["storlek"] = megabytes
