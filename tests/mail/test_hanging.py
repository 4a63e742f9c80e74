"""A mail server that takes the connection and never answers holds nothing else up."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from kb.jobs.outbox import enqueue
from kb.mail import services
from kb.mail.models import MailMessage
from tests.factories import make_user
from tests.ops.serving import ROOT


@contextmanager
def worker(app, port):
    """The real worker, with its mail going to `port`."""
    settings = app.config["SETTINGS"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RADRUM_")}
    variables = {
        "RADRUM_INSTANCE": str(settings.instance),
        "RADRUM_DATABASE_URL": settings.database_url,
        "RADRUM_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "RADRUM_SMTP_PLAIN": "1",
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"], cwd=ROOT, env=kept | variables
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def wait_for(condition, longest=30):
    """Wait until it is so; how long it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < longest
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.slow
def test_other_queues_go_on_and_the_end_is_heard(live_app):
    database = live_app.extensions["database"]
    with database.transaction() as session:
        make_user(session, email="bo@kommun.example")
        services.send(session, to="eva@kommun.example", subject="Hej", body="Hej\n")

    def messages():
        with database.reading() as session:
            return session.scalar(select(func.count(MailMessage.id)))

    with socket.create_server(("127.0.0.1", 0)) as silent, worker(live_app, silent.getsockname()[1]) as child:
        silent.settimeout(30)
        connection, _ = silent.accept()  # now the worker waits for a word of the server
        with database.transaction() as session:
            enqueue(session, "accounts.send_password_link", {"email": "bo@kommun.example"})
        done_after = wait_for(lambda: messages() == 2)
        child.send_signal(signal.SIGTERM)
        ended_after = wait_for(lambda: child.poll() is not None)
        connection.close()

    assert child.returncode == 0
    # An answer of the mail server would be waited for 20 seconds. On an idle machine both take less than one.
    assert done_after < 15
    assert ended_after < 15
