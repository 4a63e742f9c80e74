"""Hanging the worker into the application."""

from flask import Flask

from kb.jobs.cli import jobs_cli


def init_app(app: Flask) -> None:
    """Register the command; each capability adds its own handlers to `app.extensions["jobs"]`."""
    app.cli.add_command(jobs_cli)
