"""Hanging the audit log into the application."""

from flask import Flask

from kb.audit.views import bp
from kb.web.registry import Entry, Menu, registry_of


def init_app(app: Flask) -> None:
    """Register the page and its line in the menu."""
    app.register_blueprint(bp)
    registry_of(app).add(
        Entry(menu=Menu.ADMINISTRATION, title="Händelser", endpoint="audit.event_index", place=90)
    )
