"""The job that mails password links."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from kb import clock
from kb.accounts.jobs import send_password_link
from kb.accounts.services import links, users
from kb.accounts.viewer import SYSTEM
from kb.mail.models import MailMessage
from tests.factories import make_user

ASK = {"email": "anna@kommun.example"}


@pytest.fixture(autouse=True)
def in_the_application(app):
    """As the worker runs it: addresses are the application's."""
    with app.app_context():
        yield


def test_a_known_address_gets_a_link_from_the_base_address(session):
    make_user(session, email="anna@kommun.example")

    send_password_link(session, ASK)

    message = session.scalars(select(MailMessage)).one()
    token = re.search(r"http://127\.0\.0\.1:\d+/lank/(\S+)", message.body).group(1)
    assert message.to == "anna@kommun.example"
    assert links.find_link(session, token).purpose == "losenord"
    assert message.expires_at is not None


def test_an_unknown_address_gets_nothing(session):
    send_password_link(session, ASK)

    assert session.scalars(select(MailMessage)).all() == []


def test_a_closed_account_gets_nothing(session):
    users.close_account(session, make_user(session, email="anna@kommun.example"), by=SYSTEM)

    send_password_link(session, ASK)

    assert session.scalars(select(MailMessage)).all() == []


def test_running_twice_sends_one_link_in_five_minutes(session):
    make_user(session, email="anna@kommun.example")

    send_password_link(session, ASK)
    send_password_link(session, ASK)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        send_password_link(session, ASK)

    assert len(session.scalars(select(MailMessage)).all()) == 2


def test_a_stranger_who_asks_all_day_fills_no_mailbox_and_the_newest_link_works(session):
    make_user(session, email="anna@kommun.example")
    start = clock.now()
    for minutes in range(0, 24 * 60, 3):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            send_password_link(session, ASK)
            newest = session.scalars(select(MailMessage).order_by(MailMessage.id.desc())).first()
            token = re.search(r"/lank/(\S+)", newest.body).group(1)
            assert links.find_link(session, token)

    assert len(session.scalars(select(MailMessage)).all()) < 30


def test_asking_ends_no_link_that_an_administrator_handed_out(session):
    handed = links.create_password_link(session, make_user(session, email="anna@kommun.example"), by=SYSTEM)

    send_password_link(session, ASK)

    assert links.find_link(session, handed)
