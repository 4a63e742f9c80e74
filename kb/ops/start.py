"""Hanging operations into the application."""

from flask import Flask

from kb.audit.events import Event, Events, register_events
from kb.audit.queries import has_happened
from kb.config import Settings
from kb.ops import health
from kb.ops.cli import ops_cli
from kb.ops.sizes import megabytes
from kb.ops.views import bp
from kb.web.addresses import leads_from_elsewhere
from kb.web.health import health_of
from kb.web.registry import Entry, FirstStep, Menu, registry_of

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


def first_steps(settings: Settings) -> tuple[FirstStep, ...]:
    """What whoever runs the site does on the first day."""
    return (
        FirstStep(
            title="Ange adressen som läsarna använder",
            text=f"Länkar i inbjudningar, mejl och utskrifter går till {settings.base_url}. Den som sköter driften "
            "anger RADRUM_BASE_URL. Gör det innan du bjuder in någon.",
            endpoint="ops.status_show",
            link="Drift",
            place=10,
            is_done=lambda _session: leads_from_elsewhere(settings.base_url),
        ),
        FirstStep(
            title="Gör en säkerhetskopia",
            text="Den som sköter driften kör ops backup, och lägger filen på en annan dator.",
            endpoint="ops.status_show",
            link="Drift",
            place=80,
            is_done=lambda session: has_happened(session, "ops.backup"),
        ),
    )


def init_app(app: Flask) -> None:
    """Register pages, menu entry, first steps, commands and the filter for sizes."""
    app.register_blueprint(bp)
    register_events(EVENTS)
    registry_of(app).add(
        Entry(menu=Menu.ADMINISTRATION, title="Drift", endpoint="ops.status_show", place=100),
        *first_steps(app.config["SETTINGS"]),
    )
    app.cli.add_command(ops_cli)
    health_of(app).add(*health.parts(app.config["SETTINGS"].instance))
    app.jinja_env.filters["storlek"] = megabytes
