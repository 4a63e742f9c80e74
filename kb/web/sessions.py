"""Database sessions for views: one for reading a request, one for each change."""

from contextlib import AbstractContextManager

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from kb.db import Database


def database() -> Database:
    """The application's database."""
    found: Database = current_app.extensions["database"]
    return found


def reader() -> Session:
    """The request's reading session; closed when the request ends."""
    if "reader" not in g:
        g.reader = database().reading()
    session: Session = g.reader
    return session


def transaction() -> AbstractContextManager[Session]:
    """A writing session that commits at the end; the reading session is let go first, so that it sees the change."""
    close_reader()
    return database().transaction()


def close_reader(_error: BaseException | None = None) -> None:
    """Let go of the reading session."""
    session = g.pop("reader", None)
    if session is not None:
        session.close()


def init_app(app: Flask, database: Database) -> None:
    """Bind the database to the application."""
    app.extensions["database"] = database
    app.teardown_appcontext(close_reader)
