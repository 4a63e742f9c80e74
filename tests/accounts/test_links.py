"""One-time links: each works once, in time, for its purpose."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from kb import clock
from kb.accounts import queries
from kb.accounts.models import OneTimeLink
from kb.accounts.roles import Role
from kb.accounts.secrets import passwords
from kb.accounts.services import links, users
from kb.accounts.viewer import SYSTEM
from kb.errors import Gone, Invalid
from kb.mail.services import send
from tests.factories import make_unit, make_user

GIVEN = {"name": "Anna Berg", "email": "anna@kommun.example", "password": "kanot lind 4 spegel"}


def test_first_administrator_gets_an_account_with_the_role(session):
    token = links.create_first_admin_link(session)

    user = links.use_link(session, token, **GIVEN)

    assert queries.get_viewer(session, user.id).has_role(Role.ADMIN)
    assert user.email == GIVEN["email"]


def test_there_is_no_first_administrator_link_when_there_is_one(session):
    make_user(session, Role.ADMIN)

    assert links.create_first_admin_link(session) is None


def test_a_new_first_administrator_link_ends_the_older(session):
    older = links.create_first_admin_link(session, "a@kommun.example")
    newer = links.create_first_admin_link(session)

    with pytest.raises(Gone):
        links.find_link(session, older)
    assert links.find_link(session, newer).purpose == "administrator"


def test_first_administrator_link_dies_when_an_administrator_is_made_otherwise(session):
    token = links.create_first_admin_link(session)
    make_user(session, Role.ADMIN)

    with pytest.raises(Gone):
        links.use_link(session, token, **GIVEN)


def test_a_link_works_once(session):
    token = links.create_first_admin_link(session)
    links.use_link(session, token, **GIVEN)

    with pytest.raises(Gone):
        links.use_link(session, token, **{**GIVEN, "email": "bo@kommun.example"})


def test_a_link_stays_unused_when_a_field_is_wrong(session):
    token = links.create_first_admin_link(session)

    with pytest.raises(Invalid):
        links.use_link(session, token, **{**GIVEN, "password": "kort"})

    assert links.use_link(session, token, **GIVEN)


def test_an_invitation_gives_its_roles_in_its_unit(session):
    unit = make_unit(session)
    token = links.invite(
        session, email="Bo@Kommun.example", unit=unit, roles={Role.EDITOR, Role.STAFF}, by=SYSTEM
    )

    user = links.use_link(session, token, **GIVEN)

    assert user.email == "bo@kommun.example"
    assert queries.roles_of(session, user) == {unit.id: {Role.EDITOR, Role.STAFF}}


def test_an_invitation_needs_a_role_and_a_free_address(session):
    unit = make_unit(session)
    make_user(session, email="bo@kommun.example")

    with pytest.raises(Invalid, match="minst en roll"):
        links.invite(session, email="ny@kommun.example", unit=unit, roles=set(), by=SYSTEM)
    with pytest.raises(Invalid, match="redan ett konto"):
        links.invite(session, email="bo@kommun.example", unit=unit, roles={Role.STAFF}, by=SYSTEM)


def test_a_withdrawn_invitation_does_not_work(session):
    token = links.invite(
        session, email="b@kommun.example", unit=make_unit(session), roles={Role.STAFF}, by=SYSTEM
    )

    links.withdraw_invitation(session, links.find_link(session, token), by=SYSTEM)

    with pytest.raises(Gone):
        links.find_link(session, token)


@pytest.mark.parametrize("act", ["used", "withdrawn"])
def test_a_message_whose_link_is_dead_is_not_sent_any_more(session, act):
    token = links.invite(
        session, email="b@kommun.example", unit=make_unit(session), roles={Role.STAFF}, by=SYSTEM
    )
    dead = send(session, to="b@kommun.example", subject="In", body=f"Hej http://x.example/lank/{token}")
    other = send(session, to="b@kommun.example", subject="Annat", body="Hej http://x.example/lank/annan")

    if act == "used":
        links.use_link(session, token, **GIVEN)
    else:
        links.withdraw_invitation(session, links.find_link(session, token), by=SYSTEM)

    assert (dead.is_kept, dead.body) == (False, None)
    assert other.body is not None


def test_a_password_link_sets_the_password(session):
    user = make_user(session)
    token = links.create_password_link(session, user, by=SYSTEM)

    links.use_link(session, token, **GIVEN)

    assert passwords.verify(user.password_hash, GIVEN["password"])


def test_a_closed_account_gets_and_uses_no_password_link(session):
    user = make_user(session)
    token = links.create_password_link(session, user, by=SYSTEM)
    users.close_account(session, user, by=SYSTEM)

    with pytest.raises(Gone):
        links.find_link(session, token)
    with pytest.raises(Invalid):
        links.create_password_link(session, user, by=SYSTEM)


def test_an_old_link_does_not_work(session):
    token = links.create_password_link(session, make_user(session), by=SYSTEM)

    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1)), pytest.raises(Gone):
        links.find_link(session, token)


def test_only_the_hash_of_a_link_is_stored(session):
    token = links.create_first_admin_link(session)

    assert session.scalars(select(OneTimeLink.token_hash)).one() != token


def test_a_mailed_link_ends_only_mailed_ones(session):
    user = make_user(session)
    handed = links.create_password_link(session, user, by=SYSTEM)
    first = links.create_password_link(session, user, by=SYSTEM, is_mailed=True)
    second = links.create_password_link(session, user, by=SYSTEM, is_mailed=True)

    assert links.find_link(session, handed)
    assert links.find_link(session, second)
    with pytest.raises(Gone):
        links.find_link(session, first)


def test_a_handed_link_ends_all_others_and_so_does_a_new_password(session):
    user = make_user(session)
    mailed = links.create_password_link(session, user, by=SYSTEM, is_mailed=True)
    handed = links.create_password_link(session, user, by=SYSTEM)
    with pytest.raises(Gone):
        links.find_link(session, mailed)

    newer = links.create_password_link(session, user, by=SYSTEM, is_mailed=True)
    links.use_link(session, newer, **GIVEN)
    with pytest.raises(Gone):
        links.find_link(session, handed)
