"""What was being written survives a sign-in that has ended, and the password that is asked for again."""

import re
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from kb import clock
from kb.accounts import queries
from kb.accounts.models import Unit
from kb.accounts.roles import Role
from kb.accounts.secrets import passwords
from kb.accounts.services import sign_ins
from kb.accounts.viewer import SYSTEM
from kb.library.core.models.items import ContentItem
from tests.factories import make_unit, make_user
from tests.forms import page_of, values_of

PASSWORD = "kanot lind 4 spegel"
NEW = "/redaktion/ny?typ=vagledning"
UNITS = "/administration/enheter"


def with_password(session, *roles, **values):
    user = make_user(session, *roles, **values)
    user.password_hash = passwords.hash_password(PASSWORD)
    session.commit()
    return user


@pytest.fixture
def eva(session):
    return with_password(session, Role.EDITOR, name="Eva Ek", email="eva@kommun.example")


@pytest.fixture
def ada(session):
    return with_password(session, Role.ADMIN, name="Ada Ek", email="ada@kommun.example")


@pytest.fixture
def csrf(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def fields_of(page):
    """What the form in the middle of the page sends, and where to."""
    form = page.main.find("form", method="post")
    values: MultiDict[str, str] = MultiDict()
    for field in form.find_all(["input", "textarea", "select"]):
        for value in values_of(field):
            values.add(field["name"], value)
    return form.get("action"), values


def answer(browser, response, **typed):
    """Fill in what the page asks for and send it."""
    action, values = fields_of(page_of(response))
    for name, value in typed.items():
        values.setlist(name, [value])
    return browser.post(action, data=values)


def end_sign_ins(session, user):
    sign_ins.end_all(session, user, reason="avslutad av administratör", by=SYSTEM)
    session.commit()


def test_a_text_is_saved_after_signing_in_again(session, eva, sign_in, csrf):
    browser = sign_in(eva)
    _, values = fields_of(page_of(browser.get(NEW)))
    values.setlist("title", ["Om ro"])
    end_sign_ins(session, eva)

    asked = browser.post(NEW, data=values)
    assert asked.status_code == 403
    assert "Det du skrev finns kvar" in asked.text
    assert session.scalars(select(ContentItem).where(ContentItem.title == "Om ro")).all() == []

    saved = answer(browser, asked, inloggning_epost=eva.email, inloggning_losenord=PASSWORD)
    assert saved.status_code == 303
    assert len(session.scalars(select(ContentItem).where(ContentItem.title == "Om ro")).all()) == 1
    assert browser.get("/konto").status_code == 200


def test_a_wrong_password_keeps_what_was_written(session, eva, sign_in, csrf):
    browser = sign_in(eva)
    end_sign_ins(session, eva)
    asked = browser.post(NEW, data={"title": "Om ro", "body": "Ta det lugnt.\r\nOch sitt."})

    again = answer(browser, asked, inloggning_epost=eva.email, inloggning_losenord="fel lösenord")
    assert again.status_code == 422
    assert "stämmer inte" in again.text
    assert fields_of(page_of(again))[1]["body"].splitlines() == ["Ta det lugnt.", "Och sitt."]
    assert "fel lösenord" not in again.text
    saved = answer(browser, again, inloggning_epost=eva.email, inloggning_losenord=PASSWORD)
    assert saved.status_code == 303


def test_nothing_is_saved_in_the_name_of_somebody_else(session, eva, ada, sign_in):
    browser = sign_in(eva)
    end_sign_ins(session, eva)
    asked = browser.post(UNITS, data={"name": "Öst"})

    found = answer(browser, asked, inloggning_epost=ada.email, inloggning_losenord=PASSWORD)
    assert found.status_code == 403
    assert session.scalars(select(Unit).where(Unit.name == "Öst")).all() == []


def test_the_rights_are_those_of_who_signs_in(session, eva, client):
    asked = client.post(UNITS, data={"name": "Öst"})

    found = answer(client, asked, inloggning_epost=eva.email, inloggning_losenord=PASSWORD)
    assert found.status_code == 403
    assert session.scalars(select(Unit).where(Unit.name == "Öst")).all() == []


def test_passwords_are_never_carried(client):
    data = {"current": "hemligt 1", "password": "hemligt 2", "username": "eva@kommun.example"}
    page = client.post("/konto/losenord", data=data)

    assert "hemligt" not in page.text


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)


@given(
    fields=st.lists(
        st.tuples(st.sampled_from(["title", "body", "note", "tag"]), WORDS), min_size=1, max_size=8
    )
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_field_comes_along_as_it_was(client, fields):
    sent = MultiDict([*fields, ("note", "Ring chefen\r\noch vänta.")])
    first = fields_of(page_of(client.post(NEW, data=sent)))[1]
    second = fields_of(page_of(client.post(NEW, data=first)))[1]

    for name in sent:
        assert first.getlist(name) == second.getlist(name)
        assert len(first.getlist(name)) == len(sent.getlist(name))
    assert ["Ring chefen", "och vänta."] in [text.splitlines() for text in second.getlist("note")]


def test_an_old_form_is_sent_again_with_a_button(session, eva, sign_in, csrf):
    browser = sign_in(eva)
    kept = browser.post(NEW, data={"title": "Om ro", "summary": "Kort."})
    assert kept.status_code == 400

    assert answer(browser, kept).status_code == 303


# The password once more


def later(minutes):
    return time_machine.travel(clock.now() + timedelta(minutes=minutes))


def test_the_password_is_asked_for_before_what_concerns_others(session, ada, sign_in, csrf):
    browser = sign_in(ada)
    token = page_of(browser.get(UNITS)).find("input", attrs={"name": "csrf_token"})["value"]
    with later(11):
        asked = browser.post(UNITS, data={"name": "Öst", "csrf_token": token})
        assert asked.status_code == 403
        assert session.scalars(select(Unit).where(Unit.name == "Öst")).all() == []

        wrong = answer(browser, asked, losenord_igen="fel lösenord")
        assert wrong.status_code == 422
        assert "Lösenordet stämmer inte" in wrong.text

        assert answer(browser, wrong, losenord_igen=PASSWORD).status_code == 303
        assert len(session.scalars(select(Unit).where(Unit.name == "Öst")).all()) == 1
        assert browser.post(UNITS, data={"name": "Norr", "csrf_token": token}).status_code == 303


def test_tries_at_the_password_of_an_open_browser_have_an_end(ada, sign_in):
    browser = sign_in(ada)
    with later(11):
        for _ in range(5):
            browser.post(UNITS, data={"name": "Öst", "losenord_igen": "fel lösenord"})

        assert browser.post(UNITS, data={"name": "Öst", "losenord_igen": PASSWORD}).status_code == 429


GUARDED = [
    "/administration/anvandare/ny",
    "/administration/anvandare/{person}/roller",
    "/administration/anvandare/{person}/lank",
    "/administration/anvandare/{person}/stangning",
    "/administration/anvandare/{person}/oppning",
    "/administration/anvandare/{person}/inloggningar/avslut",
    "/administration/enheter",
    "/administration/gallring/finns-inte",
    "/administration/nummer",
    "/administration/amnen",
]


@pytest.mark.parametrize("path", GUARDED)
def test_roles_links_disposal_and_settings_want_the_password(app, ada, eva, sign_in, path):
    browser = sign_in(ada)
    with later(11):
        page = browser.post(path.format(person=eva.public_id), data={"name": "Väst"})

    if page.status_code != 405:
        assert page.status_code == 403
        assert "Skriv ditt lösenord" in page.text


def test_an_administrator_ends_the_sign_ins_of_a_person(session, ada, eva, sign_in):
    admin, browser = sign_in(ada), sign_in(eva)
    path = f"/administration/anvandare/{eva.public_id}"
    assert "inloggad i 1 webbläsare" in admin.get(path).text

    admin.post(f"{path}/inloggningar/avslut")

    assert browser.get("/konto").status_code == 303
    assert "avslutad av administratör" in admin.get("/administration/handelser").text


def test_roles_given_to_oneself_hold_at_once_and_nobody_is_signed_out(session, ada, sign_in):
    browser = sign_in(ada)
    unit = make_unit(session, "Väst")
    session.commit()
    data = {"unit": unit.public_id, "roles": ["redaktor", "administrator"]}
    path = f"/administration/anvandare/{ada.public_id}"

    browser.post(f"{path}/roller", data=data)

    assert "gäller direkt" in browser.get(path).text
    assert browser.get("/redaktion").status_code == 200
    assert queries.roles_of(session, ada)[unit.id] == {Role.EDITOR, Role.ADMIN}


def test_no_answer_holds_a_password(session, eva, client):
    secret = "hemligt-" + re.sub(r"\W", "", PASSWORD)
    data = {"title": "Om ro", "inloggning_epost": eva.email, "inloggning_losenord": secret}
    assert secret not in client.post(NEW, data=data).text
