"""Hanging mail into the application."""

from flask import Flask

from kb.mail import jobs, services


def init_app(app: Flask) -> None:
    """Let the worker send what waits."""
    database, settings = app.extensions["database"], app.config["SETTINGS"]

    def drain() -> None:
        jobs.drain(database, settings)

    app.extensions["jobs"].drains[services.QUEUE] = drain
