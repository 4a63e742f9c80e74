"""Hanging operations into the application."""

from flask import Flask

from kb.audit.events import Event, Events, register_events
from kb.ops import health
from kb.ops.cli import ops_cli
from kb.ops.sizes import megabytes
from kb.ops.views import bp
from kb.web.health import health_of
from kb.web.registry import Entry, Menu, registry_of

EVENTS = Events(
    place=50,
    names={
        "ops.backup": Event("Säkerhetskopia gjord", "bytes"),
        "ops.restored": Event("Säkerhetskopia återställd"),
    },
    keys={
        "bytes": "byte",
    },
)


def init_app(app: Flask) -> None:
    """Register pages, menu entry, commands and the filter for sizes."""
    app.register_blueprint(bp)
    register_events(EVENTS)
    registry_of(app).add(
        Entry(menu=Menu.ADMINISTRATION, title="Drift", endpoint="ops.status_show", place=100)
    )
    app.cli.add_command(ops_cli)
    health_of(app).add(*health.parts(app.config["SETTINGS"].instance))
    app.jinja_env.filters["storlek"] = megabytes
