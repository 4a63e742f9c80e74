"""Hanging the outbox and the worker into the application."""

from datetime import timedelta

from flask import Flask

from kb.db import Database
from kb.jobs.cli import jobs_cli
from kb.jobs.health import jobs_part
from kb.jobs.outbox import Outbox
from kb.jobs.worker import sort_out
from kb.machines import ask_clock
from kb.web.health import health_of


def init_app(app: Flask) -> None:
    """Register the commands, their health, and what looks for jobs that nobody can do."""
    outbox: Outbox = app.extensions["jobs"]
    database: Database = app.extensions["database"]
    ask_clock(database)
    outbox.every("jobs.sort_out", timedelta(hours=1), lambda: sort_out(database), by_each=True)
    app.cli.add_command(jobs_cli)
    health_of(app).add(jobs_part(outbox))
