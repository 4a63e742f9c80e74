"""Hanging into the application what phones keep for when there is no net."""

from flask import Flask, current_app, url_for

from kb.config import Settings
from kb.offline.views import bp
from kb.web.registry import Entry, Menu, registry_of

ENTRIES = (Entry(menu=Menu.MORE, title="Utan nät", endpoint="offline.copy_index", place=60),)


def init_app(app: Flask) -> None:
    """Register the pages and their line in the footer, and give templates `worker_url` and `copies_url`.

    That of the worker is empty where nothing is kept.
    """
    app.register_blueprint(bp)
    registry_of(app).add(*ENTRIES)
    app.jinja_env.globals["worker_url"] = _worker_url
    app.jinja_env.globals["copies_url"] = _copies_url


def _worker_url() -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return url_for("offline.worker_show") if settings.keeps_copies else ""


def _copies_url() -> str:
    return url_for("offline.copy_index")
