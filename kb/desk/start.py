"""Hanging the front pages into the application."""

from flask import Flask

from kb.desk import views


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(views.bp)
