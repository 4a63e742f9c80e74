"""Reading accounts."""

from kb.accounts import queries
from kb.accounts.naming import names_by_public_id
from kb.accounts.roles import Role
from kb.accounts.services import users
from kb.accounts.viewer import SYSTEM
from tests.factories import make_unit, make_user


def test_members_are_the_open_accounts_of_the_unit_in_swedish_order(session):
    unit = make_unit(session)
    for name in ("Östen", "Åsa", "Anna", "Ärla", "Zara"):
        make_user(session, Role.STAFF, unit=unit, name=name)
    users.close_account(session, make_user(session, Role.STAFF, unit=unit, name="Borta"), by=SYSTEM)
    make_user(session, Role.STAFF, name="Annan enhet")

    names = [member.name for member in queries.unit_members(session, unit.id)]

    assert names == ["Anna", "Zara", "Åsa", "Ärla", "Östen"]


def test_a_viewer_is_found_by_address_unless_closed(session):
    user = make_user(session, Role.READER, email="anna@kommun.example")

    assert queries.viewer_by_email(session, " Anna@kommun.example").user_id == user.id
    users.close_account(session, user, by=SYSTEM)
    assert queries.viewer_by_email(session, "anna@kommun.example") is None


def test_names_are_found_by_id(session):
    user, unit = make_user(session, name="Anna"), make_unit(session, "Väst")

    assert queries.person_names(session, [user.id, 0]) == {user.id: "Anna"}
    assert names_by_public_id(session, [user.public_id, unit.public_id, "system"]) == {
        user.public_id: "Anna",
        unit.public_id: "Väst",
    }


def test_the_list_shows_roles_by_unit_and_can_be_searched(session):
    unit = make_unit(session, "Väst")
    make_user(session, Role.READER, Role.EDITOR, unit=unit, name="Anna Berg")
    make_user(session, name="Bo Ek")

    rows = queries.list_users(session, "berg")

    assert [(row.name, row.places) for row in rows] == [("Anna Berg", ("Väst: Läsare, Redaktör",))]
