"""Accounts and roles: what the services store and refuse."""

import pytest
from sqlalchemy import select

from kb.accounts import queries
from kb.accounts.models import SignIn
from kb.accounts.roles import Role
from kb.accounts.secrets import passwords
from kb.accounts.services import users
from kb.accounts.services.sign_ins import begin_sign_in
from kb.accounts.viewer import SYSTEM
from kb.audit.models import AuditEvent
from kb.errors import Invalid
from tests.factories import make_unit, make_user

GOOD = "kanot lind 4 spegel"


def events(session, name):
    return session.scalars(select(AuditEvent).where(AuditEvent.name == name)).all()


def test_new_account_has_a_lower_case_address_and_its_roles(session):
    unit = make_unit(session)

    roles = {unit.id: {Role.STAFF, Role.EDITOR}}
    user = users.create_user(
        session, name=" Anna  Berg ", email="Anna@Kommun.Example ", password=GOOD, roles=roles, by=SYSTEM
    )

    assert (user.name, user.email) == ("Anna Berg", "anna@kommun.example")
    assert queries.roles_of(session, user) == roles
    assert passwords.verify(user.password_hash, GOOD)
    assert events(session, "account.created")[0].subject == user.public_id


def test_address_that_has_an_account_is_refused(session):
    make_user(session, email="anna@kommun.example")

    with pytest.raises(Invalid, match="redan") as caught:
        users.create_user(session, name="A", email="ANNA@kommun.example", password=GOOD, roles={}, by=SYSTEM)
    assert caught.value.field == "email"


@pytest.mark.parametrize(
    "email", ["", "anna", "anna@", "@kommun.se", "a b@kommun.se", "a@b", "a@b.se\nBcc: x@y.se"]
)
def test_odd_addresses_are_refused(email):
    with pytest.raises(Invalid):
        users.clean_email(email)


def test_changed_roles_are_stored_recorded_and_end_sign_ins(session):
    unit = make_unit(session)
    user = make_user(session, Role.READER, unit=unit)
    begin_sign_in(session, user, device="Firefox")

    assert users.set_roles(session, user, unit, {Role.STAFF}, by=SYSTEM)

    assert queries.roles_of(session, user) == {unit.id: {Role.STAFF}}
    assert session.scalars(select(SignIn)).one().end_reason == "ändrade roller"
    assert events(session, "account.roles_changed")[0].data == {"unit": unit.name, "roles": ["medarbetare"]}


def test_same_roles_change_nothing(session):
    unit = make_unit(session)
    user = make_user(session, Role.READER, unit=unit)
    begin_sign_in(session, user, device="Firefox")

    assert not users.set_roles(session, user, unit, {Role.READER}, by=SYSTEM)

    assert session.scalars(select(SignIn)).one().ended_at is None


def test_the_last_administrator_keeps_the_role(session):
    unit = make_unit(session)
    user = make_user(session, Role.ADMIN, unit=unit)

    with pytest.raises(Invalid, match="Minst en administratör"):
        users.set_roles(session, user, unit, set(), by=SYSTEM)


def test_the_last_administrator_cannot_be_closed(session):
    user = make_user(session, Role.ADMIN)

    with pytest.raises(Invalid, match="Minst en administratör"):
        users.close_account(session, user, by=SYSTEM)


def test_a_closed_administrator_does_not_count(session):
    first, second = make_user(session, Role.ADMIN), make_user(session, Role.ADMIN)
    users.close_account(session, first, by=SYSTEM)

    with pytest.raises(Invalid):
        users.close_account(session, second, by=SYSTEM)


def test_closing_ends_sign_ins_and_keeps_roles(session):
    user = make_user(session, Role.STAFF)
    begin_sign_in(session, user, device="Firefox")

    users.close_account(session, user, by=SYSTEM)

    assert session.scalars(select(SignIn)).one().end_reason == "stängt konto"
    assert queries.get_viewer(session, user.id) is None
    users.reopen_account(session, user, by=SYSTEM)
    assert queries.get_viewer(session, user.id).has_role(Role.STAFF)


def test_new_password_ends_sign_ins(session):
    user = make_user(session)
    begin_sign_in(session, user, device="Firefox")

    users.change_password(session, user, password=GOOD, by=SYSTEM, way="konto")

    assert session.scalars(select(SignIn)).one().end_reason == "nytt lösenord"
    assert passwords.verify(user.password_hash, GOOD)


@pytest.mark.parametrize("name", ["", " \t ", "x" * 101])
def test_a_name_is_wanted_and_has_an_end(name):
    with pytest.raises(Invalid) as caught:
        users.clean_name(name)

    assert caught.value.field == "name"


def test_closing_and_opening_again_change_nothing_more(session):
    user = make_user(session, Role.STAFF)

    for _ in range(2):
        users.close_account(session, user, by=SYSTEM)
    assert len(events(session, "account.closed")) == 1
    for _ in range(2):
        users.reopen_account(session, user, by=SYSTEM)
    assert len(events(session, "account.reopened")) == 1
