"""`flask accounts` in the terminal."""

import pytest

from kb.accounts import queries
from kb.accounts.roles import Role
from kb.accounts.secrets import passwords
from kb.accounts.services import links
from tests.factories import make_unit, make_user


@pytest.fixture
def run(app):
    return lambda *args, **options: app.test_cli_runner().invoke(args=["accounts", *args], **options)


def link_of(result):
    return result.stdout.strip().rpartition("/lank/")[2]


def test_unknown_address_gets_the_first_administrator_link(session, run):
    result = run("link", "ada@kommun.example")

    assert result.exit_code == 0
    assert result.stdout.startswith("http://127.0.0.1:8000/lank/")
    assert links.find_link(session, link_of(result)).purpose == "administrator"


def test_unknown_address_is_refused_when_there_is_an_administrator(session, run):
    make_user(session, Role.ADMIN)
    session.commit()

    result = run("link", "bo@kommun.example")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Det finns inget konto" in result.stderr


def test_known_address_gets_a_password_link(session, run):
    make_user(session, email="bo@kommun.example")
    session.commit()

    assert links.find_link(session, link_of(run("link", "bo@kommun.example"))).purpose == "losenord"


def test_account_is_made_with_a_password_from_standard_input(session, run):
    unit = make_unit(session, "Väst")
    session.commit()
    options = (
        "--name",
        "Bo Ek",
        "--unit",
        "väst",
        "--role",
        "medarbetare",
        "--role",
        "redaktor",
        "--password-stdin",
    )

    result = run("create", "bo@kommun.example", *options, input="kanot lind 4 spegel\n")

    user = queries.user_by_email(session, "bo@kommun.example")
    assert (result.exit_code, result.stdout) == (0, "")
    assert passwords.verify(user.password_hash, "kanot lind 4 spegel")
    assert queries.roles_of(session, user) == {unit.id: {Role.STAFF, Role.EDITOR}}


def test_account_without_a_password_gets_a_link(session, run):
    make_unit(session, "Väst")
    session.commit()

    result = run("create", "bo@kommun.example", "--name", "Bo", "--unit", "Väst", "--role", "lasare")

    assert links.find_link(session, link_of(result)).email == "bo@kommun.example"


def test_unknown_unit_is_refused_with_the_known_ones(session, run):
    make_unit(session, "Väst")
    session.commit()

    result = run("create", "bo@kommun.example", "--name", "Bo", "--unit", "Öst", "--role", "lasare")

    assert result.exit_code == 1
    assert "Väst" in result.stderr


def test_list_and_close(session, run):
    make_user(session, Role.READER, unit=make_unit(session, "Väst"), name="Bo", email="bo@kommun.example")
    session.commit()

    assert run("close", "bo@kommun.example").exit_code == 0
    assert run("list").stdout == "bo@kommun.example\tBo\tstängt\tVäst: Läsare\n"
    assert run("close", "finns@inte.example").exit_code == 1
