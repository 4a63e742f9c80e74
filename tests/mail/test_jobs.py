"""Sending: to a mail server that listens, stumbles or is not there."""

import shutil
import socket
import sqlite3
import ssl
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from aiosmtpd.smtp import AuthResult
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from kb import clock
from kb.jobs.models import Job
from kb.jobs.outbox import enqueue
from kb.jobs.worker import run_one
from kb.mail import jobs, services, smtp
from kb.mail.jobs import Sender
from kb.mail.models import MailMessage
from tests.factories import make_user
from tests.mail.server import BUSY, CUT_AFTER, CUT_BEFORE, OK, REFUSES, MailServer, make_certificate


def fresh(session, message):
    session.expire_all()
    return message


def later(**span):
    """As if some time had passed."""
    return time_machine.travel(clock.now() + timedelta(**span), tick=True)


def test_a_message_is_sent_and_emptied(database, settings, session, message, server):
    assert jobs.drain(database, settings) == 1

    mail = server.received[0]
    assert (mail["To"], mail["Subject"]) == ("bo@kommun.example", "Välkommen åter")
    assert "åäö" in mail.get_content()
    assert fresh(session, message).sent_at is not None
    assert message.body is None
    assert session.scalars(select(Job)).all() == []


def test_a_refused_message_is_kept_and_tried_later(database, settings, session, message, server):
    server.mode = REFUSES
    assert jobs.drain(database, settings) == 0

    assert fresh(session, message).is_kept
    assert "nej" in message.last_error
    server.mode = OK
    assert jobs.drain(database, settings) == 0
    with later(minutes=2):
        assert jobs.drain(database, settings) == 1


def test_a_message_is_tried_for_three_days_and_then_set_aside(database, settings, session, message, server):
    server.mode = REFUSES
    job = session.scalars(select(Job)).one()
    began = job.created_at
    while job.set_aside_at is None:
        with time_machine.travel(job.run_at + timedelta(seconds=1)):
            jobs.drain(database, settings)
        session.expire_all()

    assert timedelta(days=2, hours=22) < job.set_aside_at - began <= timedelta(days=3)
    assert 60 < job.attempts < 90
    assert "nej" in job.last_error
    assert fresh(session, message).is_kept


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", "http://kommun.example", "smtp://127.0.0.1:99999"])
def test_a_server_that_is_not_there_leaves_an_error_for_the_administrator(
    database, settings, session, message, url
):
    assert jobs.drain(database, replace(settings, smtp_url=url)) == 0

    assert fresh(session, message).is_kept
    assert message.last_error


def test_without_a_server_messages_are_kept(database, settings, session, message):
    assert jobs.drain(database, replace(settings, smtp_url="")) == 0

    assert fresh(session, message).is_kept
    assert session.scalars(select(Job)).all() == []


def test_a_server_without_encryption_gets_nothing_unless_that_is_allowed(
    database, settings, session, message, server
):
    assert jobs.drain(database, replace(settings, smtp_plain=False)) == 0

    assert server.received == []
    assert "RADRUM_SMTP_PLAIN" in fresh(session, message).last_error


class Password:
    """What a mail server asks who signs in; keeps what was said."""

    def __init__(self, is_right):
        self.is_right = is_right
        self.heard = []

    def __call__(self, _server, _session, _envelope, _mechanism, said):
        self.heard.append((said.login.decode(), said.password.decode()))
        return AuthResult(success=self.is_right, handled=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("is_right", [True, False])
def test_a_name_and_a_password_with_signs_of_addresses_in_them_arrive_as_they_are(
    database, settings, session, message, is_right
):
    asked = Password(is_right)
    server = MailServer(authenticator=asked, auth_required=True, auth_require_tls=False)
    server.start()
    url = server.url.replace("//", f"//{quote('r@d:rum', safe='')}:{quote('p/a@s:%', safe='')}@")
    try:
        sent = jobs.drain(database, replace(settings, smtp_url=url))
    finally:
        server.stop()

    assert set(asked.heard) == {("r@d:rum", "p/a@s:%")}
    assert sent == len(server.received) == int(is_right)
    assert ("p/" in (fresh(session, message).last_error or "")) is False


@pytest.mark.parametrize("greeting", [b"554 nej\r\n", b"421 upptagen\r\n"])
def test_a_server_that_does_not_welcome_anybody_gets_nothing_and_is_tried_later(
    database, settings, session, message, greeting
):
    def greet():
        with door.accept()[0] as guest:
            guest.sendall(greeting)

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=greet, daemon=True).start()
        url = f"smtp://127.0.0.1:{door.getsockname()[1]}"
        assert jobs.drain(database, replace(settings, smtp_url=url)) == 0

    assert greeting[:3].decode() in fresh(session, message).last_error
    assert message.is_kept
    assert session.scalars(select(Job)).one().attempts == 1


@pytest.mark.skipif(shutil.which("openssl") is None, reason="saknas: openssl")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("is_trusted", [True, False])
def test_encryption_is_used_where_it_is_offered_and_the_certificate_is_checked(
    database, settings, session, message, tmp_path, monkeypatch, scheme, is_trusted
):
    certificate, key = make_certificate(tmp_path)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    from_start = scheme == "smtps"
    how = {"ssl_context": context} if from_start else {"tls_context": context, "require_starttls": True}
    server = MailServer(**how)
    server.start()
    url = server.url.replace("smtp:", f"{scheme}:")
    try:
        sent = jobs.drain(database, replace(settings, smtp_url=url, smtp_plain=False))
    finally:
        server.stop()

    assert sent == len(server.received) == int(is_trusted)


def test_every_mail_arrives_once_whatever_the_server_does_meanwhile(database, settings, session, server):
    messages = [
        services.send(session, to="bo@kommun.example", subject=f"Mejl {n}", body="Hej\n") for n in range(6)
    ]
    session.commit()
    began, hours = clock.now(), 0
    for mode in (REFUSES, CUT_BEFORE, BUSY, "gone", CUT_AFTER, "gone", CUT_BEFORE, OK, OK):
        server.stop() if mode == "gone" else None
        server.mode, hours = mode, hours + 2
        with time_machine.travel(began + timedelta(hours=hours)):
            Sender(database, settings).drain()
        server.start() if mode == "gone" else None

    session.expire_all()
    assert {message.sent_at is not None for message in messages} == {True}
    assert session.scalars(select(Job)).all() == []
    arrived = {mail["Message-ID"]: mail["Subject"] for mail in server.received}
    assert sorted(arrived.values()) == [f"Mejl {n}" for n in range(6)]
    # Only where the answer to a text was lost did it go over the wire twice, and then under the same Message-ID.
    assert len(server.received) == len(arrived) + 1


def test_a_server_that_fails_is_left_alone_for_a_while_and_the_rest_waits(
    database, settings, session, message
):
    services.send(session, to="eva@kommun.example", subject="Hej", body="Hej\n")
    session.commit()
    sender = Sender(database, replace(settings, smtp_url="smtp://127.0.0.1:1"))

    sender.drain()
    sender.drain()

    session.expire_all()
    assert sorted(job.attempts for job in session.scalars(select(Job))) == [0, 1]


def test_an_answer_that_comes_drop_by_drop_is_cut_off(monkeypatch):
    monkeypatch.setattr(smtp, "SLICE", 0.5)
    letter = smtp.build(
        sender="a@b.example", to="c@d.example", subject="Hej", body="", name="x", written_at=clock.now()
    )
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection and never says a word
        began = time.monotonic()
        with pytest.raises(OSError):
            smtp.deliver(f"smtp://127.0.0.1:{silent.getsockname()[1]}", letter)

    # Cut off after half a second; without the slices it waits for as long as the other side likes.
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"message_id": "åtta"},
        {"message_id": None},
        {"message_id": True},
        {"message_id": 10**25},
        [1],
        "x",
    ],
)
def test_a_malformed_job_is_set_aside_and_keeps_nothing_up(database, settings, session, server, payload):
    now = clock.now()
    session.add(Job(queue="mail", name="mail.send", payload=payload, created_at=now, run_at=now))
    session.flush()
    services.send(session, to="bo@kommun.example", subject="Hej", body="Hej\n")
    session.commit()

    assert jobs.drain(database, settings) == 1

    session.expire_all()
    job = session.scalars(select(Job)).one()
    assert job.set_aside_at is not None
    assert job.last_error


@pytest.mark.parametrize(
    "spoilt",
    [
        {"to": "bo@kommun.example\r\nBcc: alla@kommun.example"},
        {"subject": "Hej\nDu"},
        {"renewal": ["x"], "expires_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"renewal": {"payload": {}}, "expires_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)
def test_a_message_that_cannot_be_made_is_set_aside_and_keeps_nothing_up(
    database, settings, session, message, server, spoilt
):
    for name, value in spoilt.items():
        setattr(message, name, value)
    services.send(session, to="bo@kommun.example", subject="Hej", body="Hej\n")
    session.commit()

    assert jobs.drain(database, settings) == 1

    session.expire_all()
    job = session.scalars(select(Job)).one()
    assert (job.set_aside_at is not None, bool(job.last_error)) == (True, True)


def test_trying_again_uses_the_job_that_there_is(database, settings, session, message, server):
    server.mode = REFUSES
    jobs.drain(database, settings)
    server.mode = OK

    services.send_again(session, fresh(session, message))
    services.send_again(session, message)
    session.commit()

    assert len(session.scalars(select(Job)).all()) == 1
    assert jobs.drain(database, settings) == 1
    assert len(server.received) == 1


def test_trying_again_makes_a_job_where_there_is_none(database, settings, session, message, server):
    jobs.drain(database, replace(settings, smtp_url=""))

    services.send_again(session, fresh(session, message))
    session.commit()

    assert jobs.drain(database, settings) == 1


def test_a_link_that_grew_too_old_is_made_anew_and_not_mailed_dead(app, database, settings, session, server):
    make_user(session, email="bo@kommun.example")
    enqueue(session, "accounts.send_password_link", {"email": "bo@kommun.example"})
    session.commit()
    registry = app.extensions["jobs"]
    run_one(database, registry)
    server.mode = REFUSES
    jobs.drain(database, settings)
    first = session.scalars(select(MailMessage)).one().body

    server.mode = OK
    with later(hours=3):
        assert jobs.drain(database, settings) == 0
        run_one(database, registry)
        assert jobs.drain(database, settings) == 1

    text = server.received[0].get_content()
    assert len(server.received) == 1
    assert "/lank/" in text
    assert link_in(text) != link_in(first)


def link_in(text):
    """The line with the link."""
    return next(line for line in text.splitlines() if "/lank/" in line)


def test_a_link_is_not_made_anew_for_more_than_three_days(app, database, settings, session, server):
    make_user(session, email="bo@kommun.example")
    enqueue(session, "accounts.send_password_link", {"email": "bo@kommun.example"})
    session.commit()
    registry, began = app.extensions["jobs"], clock.now()
    server.mode = REFUSES
    for hours in range(0, 80, 2):
        with time_machine.travel(began + timedelta(hours=hours, minutes=1)):
            run_one(database, registry)
            jobs.drain(database, settings)

    session.expire_all()
    assert {job.set_aside_at is not None for job in session.scalars(select(Job))} == {True}
    assert session.scalars(select(MailMessage.created_at).order_by(MailMessage.id.desc())).first() < (
        began + timedelta(days=3, hours=2)
    )


@pytest.mark.parametrize("mode", [OK, REFUSES])
def test_a_message_that_is_removed_while_it_is_sent_leaves_no_job_behind_that_fails(
    database, settings, session, message, server, monkeypatch, mode
):
    """Its row goes between the taking and the noting, as when a unit's old letters are cleared away."""
    server.mode, deliver = mode, smtp.deliver

    def slow(*words, **more):
        with database.transaction() as meanwhile:
            meanwhile.delete(meanwhile.get(MailMessage, message.id))
        deliver(*words, **more)

    monkeypatch.setattr(smtp, "deliver", slow)

    assert jobs.drain(database, settings) == len(server.received) == int(mode == OK)
    session.expire_all()
    assert len(session.scalars(select(Job)).all()) == int(mode == REFUSES)
    with later(days=1):
        monkeypatch.setattr(smtp, "deliver", deliver)
        jobs.drain(database, settings)
    session.expire_all()
    assert session.scalars(select(Job)).all() == []


def test_a_store_that_is_away_while_a_message_is_prepared_sets_nothing_aside(
    database, settings, session, message, server, monkeypatch
):
    away = OperationalError("SELECT 1", {}, sqlite3.OperationalError("database is locked"))

    def prepare(*_):
        raise away

    monkeypatch.setattr(Sender, "_prepare", prepare)
    with pytest.raises(OperationalError):
        jobs.drain(database, settings)
    monkeypatch.undo()

    assert session.scalars(select(Job)).one().set_aside_at is None
    with later(hours=1):
        assert jobs.drain(database, settings) == 1
