"""Hanging runs into the application: pages, and the alert bar on every page."""

from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError

from kb.accounts.entry.signin import current_viewer
from kb.runs.naming import names_by_public_id
from kb.runs.queries import Alert, alerts
from kb.runs.views.pages import bp
from kb.web.sessions import reader


def init_app(app: Flask) -> None:
    """Register the pages and give templates `alert_runs`."""
    app.register_blueprint(bp)
    app.extensions["audit_people"].things.append(names_by_public_id)
    app.context_processor(lambda: {"alert_runs": _alert_runs()})


def _alert_runs() -> list[Alert]:
    """What goes on for the viewer, without the run whose page this is; nothing where the database is away."""
    try:
        viewer = current_viewer()
        if not viewer.is_signed_in:
            return []
        shown = (request.view_args or {}).get("public_id")
        return alerts(reader(), viewer, besides=shown)
    except SQLAlchemyError:
        return []
