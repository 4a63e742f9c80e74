"""The token of a form: without it nothing is done, and nothing that was written is lost."""

import re

import pytest

from tests.accounts.conftest import EMAIL, PASSWORD, enter


@pytest.fixture
def csrf(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def token_in(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)


def test_form_without_its_token_is_refused(client, anna, csrf):
    page = enter(client)

    assert page.status_code == 400
    assert "Skriv lösenordet en gång till" in page.text
    token = token_in(page)
    data = {"csrf_token": token, "email": EMAIL, "password": PASSWORD}
    assert client.post("/logga-in", data=data).status_code == 303


def test_the_form_sent_again_after_success_leads_on(client, anna, csrf):
    data = {"csrf_token": token_in(client.get("/logga-in")), "email": EMAIL, "password": PASSWORD}

    for _ in range(2):
        response = client.post("/logga-in?vidare=/konto", data=data)
        assert (response.status_code, response.location) == (303, "/konto")


def test_an_old_form_without_an_address_is_asked_for_again(client, csrf):
    assert enter(client, email="").status_code == 400


def test_the_form_of_somebody_else_sent_again_leads_nowhere(client, anna, csrf):
    data = {"csrf_token": token_in(client.get("/logga-in")), "email": EMAIL, "password": PASSWORD}
    client.post("/logga-in", data=data)

    page = client.post("/logga-in", data={**data, "email": "bo@kommun.example"})
    assert page.status_code == 400
    assert "Skriv lösenordet en gång till" in page.text


def test_form_with_its_token_works(client, anna, csrf):
    token = token_in(client.get("/logga-in"))

    assert (
        client.post("/logga-in", data={"csrf_token": token, "email": EMAIL, "password": PASSWORD}).status_code
        == 303
    )
    assert client.post("/utloggning").status_code == 400
    assert client.post("/utloggning", data={"csrf_token": token_in(client.get("/konto"))}).status_code == 303


def test_text_in_a_form_that_is_too_old_is_shown(client, anna, sign_in, csrf):
    page = sign_in(anna).post("/konto/losenord", data={"note": "Vi ringde chefen och flyttade mötet."})

    assert page.status_code == 400
    assert "Vi ringde chefen" in page.text
