"""Hanging mail into the application."""

from collections.abc import Callable

from flask import Flask

from kb.jobs.outbox import Outbox
from kb.mail import services
from kb.mail.jobs import Sender

SERVER = "E-postservern i RADRUM_SMTP_URL kan vara nere, neka inloggningen eller neka mejlen."


def init_app(app: Flask) -> None:
    """Let the worker send what waits."""
    sender = Sender(app.extensions["database"], app.config["SETTINGS"])

    def drain(stop: Callable[[], bool]) -> None:
        sender.drain(stop)

    outbox: Outbox = app.extensions["jobs"]
    outbox.drain_beside("mail.send", drain, takes={"message_id": int}, queue=services.QUEUE, hinders=SERVER)
