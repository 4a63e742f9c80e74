"""Hanging mail into the application."""

from collections.abc import Callable

from flask import Flask

from kb.mail import services
from kb.mail.jobs import Sender


def init_app(app: Flask) -> None:
    """Let the worker send what waits."""
    sender = Sender(app.extensions["database"], app.config["SETTINGS"])

    def drain(stop: Callable[[], bool]) -> None:
        sender.drain(stop)

    app.extensions["jobs"].slow[services.QUEUE] = drain
