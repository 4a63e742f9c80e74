"""Kom igång ticks itself by what is really there."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from kb.accounts.models import Unit, User
from kb.accounts.roles import Role
from kb.accounts.services import links
from kb.accounts.services.units import rename_unit
from kb.accounts.viewer import SYSTEM
from kb.audit.services import record
from kb.library.editing.keeping import save_number
from kb.mail.services import mark_sent, send
from kb.ops.start import first_steps
from tests.factories import make_user

PATH = "/administration/kom-igang"
PASSWORD = "kanot lind 4 spegel"


@pytest.fixture
def first(session, client):
    """The first administrator, just come in by the link."""
    token = links.create_first_admin_link(session)
    session.commit()
    given = {"name": "Ada Ek", "email": "ada@kommun.example", "password": PASSWORD}
    assert client.post(f"/lank/{token}", data=given).location == PATH
    return client


def undone(browser):
    page = BeautifulSoup(browser.get(PATH).text, "html.parser")
    return [item.b.text for item in page.main.select("ol li") if "Återstår" in item.text]


def test_everything_is_left_at_first_in_the_order_in_which_it_is_best_done(first):
    assert undone(first) == [
        "Ange adressen som läsarna använder",
        "Ge enheten sitt namn",
        "Lägg in era egna nummer",
        "Koppla en e-postserver",
        "Skicka ett provmejl",
        "Bjud in en andra person som granskare",
        "Läs och bekräfta en första text",
        "Gör en säkerhetskopia",
    ]


def test_each_step_ticks_itself(session, first):
    def left_after(change):
        change()
        session.commit()
        return undone(first)

    ada = session.scalars(select(User)).one()
    assert "Ge enheten sitt namn" not in left_after(
        lambda: rename_unit(session, session.scalars(select(Unit)).one(), name="Barn och unga", by=SYSTEM)
    )
    assert "Lägg in era egna nummer" not in left_after(
        lambda: save_number(session, None, label="Jouren", number="010-1", note="", by=SYSTEM)
    )
    assert "Skicka ett provmejl" not in left_after(
        lambda: mark_sent(send(session, to=ada.email, subject="Prov", body="Hej"))
    )
    reviewer = make_user(session, Role.REVIEWER)
    assert "Bjud in en andra person som granskare" in left_after(lambda: None)
    reviewer.password_hash = ada.password_hash
    assert "Bjud in en andra person som granskare" not in left_after(lambda: None)
    assert "Läs och bekräfta en första text" not in left_after(
        lambda: record(session, "item.confirmed", actor=reviewer.public_id, slug="x", version=1)
    )
    assert left_after(lambda: record(session, "ops.backup", actor="system", bytes=1)) == [
        "Ange adressen som läsarna använder",
        "Koppla en e-postserver",
    ]


@pytest.mark.parametrize(
    ("base_url", "is_done"),
    [
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://[::1]:8000", False),
        ("https://radrum.kommun.example", True),
        ("http://radrum.kommun.example:8000", True),
    ],
)
def test_an_address_that_leads_nowhere_from_another_computer_is_left_to_do(app, session, base_url, is_done):
    step = first_steps(replace(app.config["SETTINGS"], base_url=base_url))[0]

    assert step.is_done(session) is is_done
    assert base_url in step.text


def test_only_administrators_see_it(session, sign_in, client):
    assert sign_in(make_user(session, Role.EDITOR)).get(PATH).status_code == 403
    assert client.get(PATH).status_code == 303
