"""An outbox with two jobs to try with, in the place of the application's."""

from datetime import timedelta

import pytest

from kb.jobs.outbox import Outbox, outbox_of
from kb.jobs.worker import sort_out


@pytest.fixture
def database(app):
    return app.extensions["database"]


@pytest.fixture
def done():
    """What has been done, in order."""
    return []


def fail(_session, _payload):
    """A handler that cannot do it."""
    raise ZeroDivisionError


@pytest.fixture
def registry(database, session, done, monkeypatch):
    """What can be asked for: `prov.gor`, and `prov.fel` that fails."""
    registry = Outbox()
    registry.handle("prov.gor", lambda _session, payload: done.append(payload["vad"]), takes={"vad": int})
    registry.handle("prov.fel", fail, takes={})
    registry.every("jobs.sort_out", timedelta(hours=1), lambda: sort_out(database))
    real = outbox_of(session)
    for info in (database.info, session.info):
        for key in [key for key, value in info.items() if value is real]:
            monkeypatch.setitem(info, key, registry)
    return registry
