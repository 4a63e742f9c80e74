"""A mail server, and a message that waits for it."""

from dataclasses import replace

import pytest

from kb.mail import services
from tests.mail.server import MailServer


@pytest.fixture
def server():
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def database(app):
    return app.extensions["database"]


@pytest.fixture
def settings(app, server):
    return replace(app.config["SETTINGS"], smtp_url=server.url, smtp_plain=True)


@pytest.fixture
def message(session):
    message = services.send(
        session, to="bo@kommun.example", subject="Välkommen åter", body="Här är länken: åäö\n"
    )
    session.commit()
    return message
