"""`flask jobs`: the worker."""

import signal
import threading

import click
from flask import current_app
from flask.cli import AppGroup

from kb.jobs import worker

jobs_cli = AppGroup("jobs", help="Kör bakgrundsjobb.")


@jobs_cli.command("work")
@click.option("--once", is_flag=True, help="Kör det som väntar och sluta sedan.")
def work(once: bool) -> None:
    """Kör jobb tills processen avbryts."""
    database, registry = current_app.extensions["database"], current_app.extensions["jobs"]
    if once:
        count = worker.run_due(database, registry)
        click.echo(f"{count} jobb kördes.", err=True)
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.work(database, registry, stop=stop.is_set)
