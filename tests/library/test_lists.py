"""Keeping numbers, topics and common situations."""

import re

import pytest
import yaml

from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.errors import NotFound
from kb.library.core.models.lists import ImportantNumber
from kb.library.editing import keeping
from kb.library.intake.starter import STARTER
from tests.addresses import path_of
from tests.factories import make_item, make_user


@pytest.fixture
def admin(session, sign_in):
    return sign_in(make_user(session, Role.ADMIN))


def test_an_own_number_is_added_changed_and_removed(admin, client):
    admin.post("/administration/nummer", data={"label": "Socialjouren", "number": "0123-45 67 89"})
    assert "0123-45 67 89" in client.get("/viktiga-nummer").text

    address = next(
        row
        for row in admin.get("/administration/nummer").text.split('"')
        if row.startswith("/administration/nummer/")
    )
    admin.post(address, data={"label": "Jouren", "number": "0123-1"})
    assert "Jouren" in client.get("/viktiga-nummer").text

    admin.post(f"{address}/borttagning")
    assert "Jouren" not in client.get("/viktiga-nummer").text


@pytest.fixture
def national(session):
    """A number that is shipped."""
    number = ImportantNumber(label="Nödnumret", number="112", is_local=False)
    session.add(number)
    session.commit()
    return number


def test_a_national_number_is_not_kept_here(session, national):
    with pytest.raises(NotFound):
        keeping.remove_number(session, national.id, by=SYSTEM)
    with pytest.raises(NotFound):
        keeping.save_number(session, national.id, label="Vi", number="1", note="", by=SYSTEM)

    assert (national.label, national.number) == ("Nödnumret", "112")


@pytest.mark.parametrize("act", ["", "/borttagning"])
def test_the_page_of_a_national_number_is_not_there(session, national, admin, client, act):
    address = f"/administration/nummer/{national.id}"

    assert admin.get(address).status_code == 404
    assert admin.post(f"{address}{act}", data={"label": "Vi", "number": "0123-1"}).status_code == 404
    assert address not in admin.get("/administration/nummer").text
    assert "Nödnumret" in client.get("/viktiga-nummer").text


def test_a_bad_number_keeps_what_was_typed(admin):
    response = admin.post("/administration/nummer", data={"label": "Jouren", "number": "ring oss"})

    assert response.status_code == 422
    assert "Skriv numret med siffror" in response.text
    assert 'value="ring oss"' in response.text


def test_a_topic_is_added_and_gets_a_page(admin, client):
    admin.post("/administration/amnen", data={"name": "Skolfrånvaro", "intro": "Om frånvaro."})

    assert client.get("/amnen/skolfranvaro").status_code == 200
    assert "Skolfrånvaro" in client.get("/nu").text
    assert admin.post("/administration/amnen", data={"name": "skolfrånvaro"}).status_code == 422


def test_a_bad_change_of_a_number_keeps_what_was_typed_and_the_number(admin, client):
    admin.post("/administration/nummer", data={"label": "Socialjouren", "number": "0123-45 67 89"})
    (address,) = re.findall(r'href="(/administration/nummer/\d+)"', admin.get("/administration/nummer").text)

    assert 'value="0123-45 67 89"' in admin.get(address).text
    response = admin.post(address, data={"label": "Jouren", "number": "ring oss"})

    assert response.status_code == 422
    assert 'value="ring oss"' in response.text
    assert "0123-45 67 89" in client.get("/viktiga-nummer").text


def test_a_topic_is_renamed_and_keeps_its_page_and_a_taken_name_keeps_what_was_typed(admin, client):
    for name in ("Skolfrånvaro", "Kyla"):
        admin.post("/administration/amnen", data={"name": name})
    address = "/administration/amnen/skolfranvaro"

    assert 'value="Skolfrånvaro"' in admin.get(address).text
    taken = admin.post(address, data={"name": "Kyla", "intro": "Om frånvaro."})
    assert (taken.status_code, 'value="Kyla"' in taken.text, "Om frånvaro." in taken.text) == (
        422,
        True,
        True,
    )
    assert admin.post(address, data={"name": ""}).status_code == 422

    assert admin.post(address, data={"name": "Frånvaro", "intro": "Om frånvaro."}).status_code == 303
    assert "Frånvaro" in client.get("/amnen/skolfranvaro").text
    assert admin.post(f"{address}/borttagning").status_code == 303
    assert client.get("/amnen/skolfranvaro").status_code == 404


def test_a_topic_with_texts_is_not_removed(admin, session, client):
    make_item(session)
    session.commit()

    assert admin.post("/administration/amnen/hot/borttagning").status_code == 409
    assert client.get("/amnen/hot").status_code == 200


def test_situations_lead_to_texts_that_exist(session, sign_in, client):
    item = make_item(session)
    editor = sign_in(make_user(session, Role.EDITOR))

    bad = editor.post("/redaktion/lagen", data={"titel": "Något händer", "adress": "finns-inte"})
    assert bad.status_code == 422
    assert 'value="Något händer"' in bad.text

    editor.post(
        "/redaktion/lagen", data={"titel": "Något händer", "adress": f"http://x.example{path_of(item)}"}
    )
    assert "Något händer" in client.get("/").text


@pytest.mark.parametrize("path", ["/administration/nummer", "/administration/amnen", "/redaktion/lagen"])
def test_others_have_no_right_to_the_lists(session, sign_in, path):
    assert sign_in(make_user(session, Role.STAFF)).get(path).status_code == 403


def test_no_more_situations_are_shipped_than_the_start_page_and_its_form_have_room_for():
    rows = yaml.safe_load((STARTER / "situations.yaml").read_text(encoding="utf-8"))

    assert len(rows) <= keeping.MAX_SITUATIONS
