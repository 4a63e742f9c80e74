"""E-mail addresses in one spelling, at every way in."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.accounts.addresses import normal_email
from kb.accounts.queries import user_by_email
from kb.accounts.secrets.passwords import hash_password
from kb.accounts.services.links import invite
from kb.errors import Invalid
from tests.cases import read_case
from tests.factories import make_unit, make_user, viewer_of

PASSWORD = "fyra-ord-utan-samband-17"
ROWS = [line.split("\t") for line in read_case("accounts/same-address-1.tsv").splitlines()]
ADDRESS = ROWS[0][0]
SAME = [
    unicodedata.normalize("NFD", ADDRESS),
    ADDRESS.upper(),
    ADDRESS.replace("prov", "ｐｒｏｖ"),
    ADDRESS.replace("prov", "pr\u00adov\u200b"),
    f"\u202a {ADDRESS} \u202c",
]


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_every_address_ends_in_one_spelling(text):
    assert normal_email(normal_email(text)) == normal_email(text)


@pytest.mark.parametrize("typed", SAME)
def test_an_address_that_looks_the_same_is_taken(session, typed):
    admin = viewer_of(session, make_user(session, email=ADDRESS))

    with pytest.raises(Invalid, match="redan ett konto"):
        invite(session, email=typed, unit=make_unit(session), roles=[], by=admin)

    assert user_by_email(session, typed).email == ADDRESS


@pytest.mark.parametrize("typed", [*SAME, read_case("accounts/sign-in-1.txt")])
def test_a_person_signs_in_with_every_spelling(client, session, typed):
    user = make_user(session, email="växel.prov@kommun.example" if "xel" in typed else ADDRESS)
    user.password_hash = hash_password(PASSWORD)
    session.commit()

    response = client.post("/logga-in", data={"email": typed, "password": PASSWORD})

    assert response.status_code == 303


def test_the_terminal_makes_one_account_of_two_spellings(app, session):
    unit = make_unit(session)
    session.commit()
    runner = app.test_cli_runner()

    results = [
        runner.invoke(
            args=["accounts", "create", email, "--name", name, "--unit", unit.name, "--role", "lasare"]
        )
        for email, name in ROWS
    ]

    assert results[1].exit_code != 0
    assert "redan ett konto" in results[1].output
