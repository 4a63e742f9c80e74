"""The application: settings, database, extensions, blueprints, error pages, commands. A list, no logic."""

from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask

from kb import config, logs

if TYPE_CHECKING:
    from kb.db import Database

# From the floor up. What a capability adds to shared pages, logs and checks it registers in its `start`.
CAPABILITIES = (
    "accounts",
    "audit",
    "mail",
    "jobs",
    "library",
    "search",
    "runs",
    "binder",
    "ops",
    "desk",
    "offline",
)


def create_app(**overrides: Any) -> Flask:
    """Build the application; `overrides` replace settings (tests). Raises `kb.errors.Refused` for a bad start.

    A start that fails leaves no connection to the database behind.
    """
    from kb.db import Database

    settings = config.load(**overrides)
    with ExitStack() as failed:
        database = Database(settings.database_url)
        failed.callback(database.dispose)
        app = _build(settings, database)
        failed.pop_all()
    return app


def _build(settings: config.Settings, database: "Database") -> Flask:
    """The application on `database`."""
    from kb.jobs.outbox import Outbox
    from kb.web import addresses, errors, guards, health, input, once, origin, registry, security, sessions
    from kb.web.pages import assets, filters, templates, theme

    logs.configure(settings.log_level)
    app = Flask("kb", static_folder=None, template_folder=str(config.ROOT / "templates"))
    app.config["SETTINGS"] = settings
    templates.init_app(app)
    app.url_map.strict_slashes = False

    outbox = Outbox(surroundings=app.app_context)
    outbox.serve(database)
    make_ready(database, settings.instance)
    sessions.init_app(app, database)
    app.extensions["jobs"] = outbox

    security.configure(app, settings)
    assets.init_app(app, config.ROOT / "static")
    filters.init_app(app)
    addresses.init_app(app)
    theme.init_app(app)
    origin.init_app(app)
    input.init_app(app)
    errors.init_app(app)
    once.init_app(app)
    registry.init_app(app)
    health.init_app(app)
    _capabilities(app)
    guards.check_guards(app)
    registry.settle(app)
    return app


def make_ready(database: "Database", instance: Path) -> None:
    """Bring the tables up to this code; with new ones comes what no site can be without: topics, numbers, synonyms."""
    from kb import models  # noqa: F401  (all tables)
    from kb.db import upgrade
    from kb.library.intake.starter import ensure_basics
    from kb.search.tuning.shipped import ensure_synonyms

    if upgrade(database, instance / "migrate.lock"):
        with database.transaction() as session:
            ensure_basics(session)
            ensure_synonyms(session)


def _capabilities(app: Flask) -> None:
    """Each capability hangs itself in: guards and sign-in, blueprints, menus, boxes, jobs, commands."""
    for name in CAPABILITIES:
        import_module(f"kb.{name}.start").init_app(app)
