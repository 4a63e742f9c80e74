"""Sending: to a mail server that listens, stumbles or is not there."""

import socketserver
import threading
from dataclasses import replace
from datetime import timedelta
from email import message_from_string, policy

import pytest
import time_machine
from sqlalchemy import select

from kb import clock
from kb.jobs.models import Job
from kb.mail import jobs, services


class Server(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it gets."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.received = []
        self.refuses = False

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Handler(socketserver.StreamRequestHandler):
    """Just enough of SMTP."""

    def handle(self):
        self.say("220 prov")
        while line := self.rfile.readline().decode():
            if line.upper().startswith("DATA"):
                self.say("354 fortsätt")
                self.server.received.append(self.text())
                self.say("250 ok")
            elif line.upper().startswith("QUIT"):
                return self.say("221 hej")
            else:
                refused = self.server.refuses and line.upper().startswith("RCPT")
                self.say("550 nej" if refused else "250 ok")
        return None

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())

    def text(self):
        lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
        return "".join(lines)


@pytest.fixture
def server():
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def database(app):
    return app.extensions["database"]


@pytest.fixture
def settings(app):
    return app.config["SETTINGS"]


@pytest.fixture
def message(session):
    message = services.send(
        session, to="bo@kommun.example", subject="Välkommen åter", body="Här är länken: åäö\n"
    )
    session.commit()
    return message


def fresh(session, message):
    session.expire_all()
    return message


def test_a_message_is_sent_and_emptied(database, settings, session, message, server):
    assert jobs.drain(database, replace(settings, smtp_url=server.url)) == 1

    mail = message_from_string(server.received[0], policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("bo@kommun.example", "Välkommen åter")
    assert "åäö" in mail.get_content()
    assert fresh(session, message).sent_at is not None
    assert message.body is None
    assert session.scalars(select(Job)).all() == []


def test_nothing_is_sent_twice(database, settings, session, message, server):
    services.send_again(session, message)
    session.commit()

    assert jobs.drain(database, replace(settings, smtp_url=server.url)) == 1
    assert len(server.received) == 1


def test_a_refused_message_is_kept_and_tried_later(database, settings, session, message, server):
    server.refuses = True
    with_server = replace(settings, smtp_url=server.url)
    assert jobs.drain(database, with_server) == 0

    assert fresh(session, message).is_kept
    assert "nej" in message.last_error
    server.refuses = False
    assert jobs.drain(database, with_server) == 0
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        assert jobs.drain(database, with_server) == 1


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", "http://kommun.example", "smtp://127.0.0.1:99999"])
def test_a_server_that_is_not_there_leaves_an_error_for_the_administrator(
    database, settings, session, message, url
):
    assert jobs.drain(database, replace(settings, smtp_url=url)) == 0

    assert fresh(session, message).is_kept
    assert message.last_error


def test_without_a_server_messages_are_kept(database, settings, session, message):
    assert jobs.drain(database, settings) == 0

    assert fresh(session, message).is_kept
    assert session.scalars(select(Job)).all() == []
