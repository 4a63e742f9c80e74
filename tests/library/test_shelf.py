"""What is kept between requests: data only, for the same rights, until anything changes."""

import pytest

from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS, SYSTEM
from kb.library import keeping, services
from kb.library.shelf import Shelf, kept
from tests.factories import make_document, make_item, make_user, viewer_of


def test_a_value_is_built_once_until_the_library_changes(app, session):
    database, built = app.extensions["database"], []
    make_item(session)
    session.commit()

    for _ in range(2):
        kept(database, ANONYMOUS, "prov", lambda: built.append(1))
    assert len(built) == 1

    make_item(session)
    session.commit()
    kept(database, ANONYMOUS, "prov", lambda: built.append(1))
    assert len(built) == 2


def test_people_with_other_rights_get_values_of_their_own(app, session):
    database = app.extensions["database"]
    make_item(session)
    member = viewer_of(session, make_user(session, Role.READER))
    session.commit()

    values = [
        kept(database, viewer, "prov", lambda name=name: name)
        for viewer, name in ((ANONYMOUS, "a"), (member, "b"))
    ]

    assert values == ["a", "b"]


def test_a_change_shows_at_once(client, session):
    item = make_item(session, make_document(title="Första lydelsen"))
    session.commit()
    assert "Första lydelsen" in client.get(item.path).text

    revision = services.add_revision(
        session, item, make_document(title="Andra lydelsen"), by=SYSTEM, reason="x"
    )
    services.put_public(session, item, revision, by=SYSTEM, way="inläsning")
    session.commit()

    assert "Andra lydelsen" in client.get(item.path).text
    assert "Andra lydelsen" in client.get("/").text


def test_a_renamed_topic_shows_at_once(client, session):
    item = make_item(session)
    session.commit()
    client.get(item.path)

    keeping.save_topic(session, "hot", name="Hot och hat", intro="", by=SYSTEM)
    session.commit()

    assert "Hot och hat" in client.get(item.path).text


def test_an_error_is_not_kept():
    shelf = Shelf()

    with pytest.raises(ZeroDivisionError):
        shelf.take("a", lambda: 1 // 0)

    assert shelf.take("a", lambda: 2) == 2


def test_the_least_used_value_is_let_go():
    shelf = Shelf(2)
    for key in "abac":
        shelf.take(key, lambda key=key: key)

    assert shelf.take("b", lambda: "ny") == "ny"
    assert shelf.take("c", lambda: "ny") == "c"
