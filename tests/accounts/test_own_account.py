"""Mitt konto, and the pages behind one-time links."""

from pathlib import Path

import pytest
from sqlalchemy import select

from kb.accounts import queries
from kb.accounts.models import SignIn, User
from kb.accounts.roles import Role
from kb.accounts.secrets import passwords
from kb.accounts.services import links
from kb.accounts.viewer import SYSTEM
from tests.factories import make_unit, make_user

OLD, NEW = "kanot lind 4 spegel", "segel ek 9 trumma"


@pytest.fixture
def anna(session):
    user = make_user(session, Role.STAFF, unit=make_unit(session, "Väst"), name="Anna Berg")
    user.password_hash = passwords.hash_password(OLD)
    session.commit()
    return user


def test_the_page_shows_who_i_am(anna, sign_in):
    page = sign_in(anna).get("/konto")

    for words in ("Anna Berg", anna.email, "Väst", "Medarbetare", "Provläsare"):
        assert words in page.text


def test_a_changed_password_signs_out_everywhere_but_here(session, anna, sign_in):
    here, there = sign_in(anna), sign_in(anna)

    response = here.post("/konto/losenord", data={"current": OLD, "password": NEW})

    assert response.location == "/konto"
    assert "Lösenordet är bytt" in here.get("/konto").text
    assert there.get("/konto").status_code == 303
    session.expire_all()
    assert passwords.verify(session.get_one(User, anna.id).password_hash, NEW)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"current": "fel lösenord", "password": NEW}, "nuvarande lösenordet stämmer inte"),
        ({"current": OLD, "password": "kort"}, "för kort"),
        ({"current": OLD, "password": "Sommaren2026"}, "för vanligt"),
        ({"current": "", "password": ""}, "Skriv lösenordet du har nu"),
    ],
)
def test_passwords_that_will_not_do_are_refused(anna, sign_in, data, words):
    page = sign_in(anna).post("/konto/losenord", data=data)

    assert page.status_code == 422
    assert words in page.text
    assert "Fel: " in page.text


def test_one_sign_in_can_be_ended(session, anna, sign_in):
    here, there = sign_in(anna), sign_in(anna)
    other = session.scalars(select(SignIn.public_id).order_by(SignIn.id.desc())).first()

    here.post(f"/konto/inloggningar/{other}/avslut")

    assert there.get("/konto").status_code == 303
    assert here.get("/konto").status_code == 200


def test_all_other_sign_ins_can_be_ended(anna, sign_in):
    here, there = sign_in(anna), sign_in(anna)

    here.post("/konto/inloggningar/ovriga/avslut")

    assert there.get("/konto").status_code == 303
    assert here.get("/konto").status_code == 200


def test_sign_ins_of_others_are_not_found(session, anna, sign_in):
    stranger = make_user(session)
    sign_in(stranger)
    foreign = session.scalars(select(SignIn.public_id)).one()

    assert sign_in(anna).post(f"/konto/inloggningar/{foreign}/avslut").status_code == 404


def test_first_administrator_comes_in_by_link(client, session):
    token = links.create_first_admin_link(session)
    session.commit()

    page = client.get(f"/lank/{token}")
    assert "Skapa det första kontot" in page.text
    given = {"name": "Ada Ek", "email": "ada@kommun.example", "password": OLD}
    assert client.post(f"/lank/{token}", data=given).location == "/administration/kom-igang"

    assert client.get("/administration").status_code == 200
    assert client.get(f"/lank/{token}").status_code == 410


def test_what_was_typed_behind_a_link_is_kept_on_error(client, session):
    token = links.create_first_admin_link(session)
    session.commit()

    given = {"name": "Ada Ek", "email": "ada@kommun.example", "password": "kort"}
    page = client.post(f"/lank/{token}", data=given)

    assert page.status_code == 422
    assert "för kort" in page.text
    assert 'value="Ada Ek"' in page.text
    assert 'value="kort"' not in page.text


def test_invited_person_makes_an_account(client, session):
    unit = make_unit(session, "Väst")
    token = links.invite(session, email="bo@kommun.example", unit=unit, roles={Role.STAFF}, by=SYSTEM)
    session.commit()

    page = client.get(f"/lank/{token}")
    assert "bo@kommun.example" in page.text
    assert client.post(f"/lank/{token}", data={"name": "Bo Ek", "password": OLD}).status_code == 303

    assert "Bo Ek" in client.get("/konto").text
    assert queries.viewer_by_email(session, "bo@kommun.example").has_role(Role.STAFF, unit.id)


def test_password_link_changes_the_password_and_signs_in(client, session, anna, sign_in):
    before = sign_in(anna)
    token = links.create_password_link(session, anna, by=SYSTEM)
    session.commit()

    client.post(f"/lank/{token}", data={"password": NEW})

    assert "Lösenordet är bytt" in client.get("/konto").text
    assert before.get("/konto").status_code == 303


@pytest.mark.parametrize("method", ["get", "post"])
def test_useless_link_says_what_to_do(client, method):
    page = getattr(client, method)("/lank/finns-inte")

    assert page.status_code == 410
    assert "Be din administratör om en ny inbjudan" in page.text


CASES = Path(__file__).parent.parent / "data" / "cases" / "accounts"
ENDS = [path.read_text(encoding="utf-8") for path in sorted(CASES.glob("link-end-*.txt"))]


@pytest.mark.parametrize("end", [*ENDS, ">", "”", ").", "%20", "%E2%80%8B", "!", "'"])
def test_what_mail_programs_leave_at_the_end_of_a_link_is_taken_off(client, session, anna, end):
    token = links.create_password_link(session, anna, by=SYSTEM)
    session.commit()

    assert client.get(f"/lank/{token}{end}").status_code == 200
    assert client.post(f"/lank/{token}{end}", data={"password": NEW}).status_code == 303


def test_the_form_of_a_link_sent_again_leads_on(client, session, anna):
    token = links.create_password_link(session, anna, by=SYSTEM)
    session.commit()

    for _ in range(2):
        assert client.post(f"/lank/{token}", data={"password": NEW}).status_code == 303


def test_guessing_links_has_an_end_and_a_right_one_still_works(client, session, anna):
    token = links.create_password_link(session, anna, by=SYSTEM)
    session.commit()
    for _ in range(100):
        assert client.get("/lank/finns-inte").status_code == 410

    assert client.get("/lank/finns-inte").status_code == 429
    assert client.get(f"/lank/{token}").status_code == 200


def test_a_browser_that_came_in_by_a_link_is_known(app, client, session, anna):
    token = links.create_password_link(session, anna, by=SYSTEM)
    session.commit()
    client.post(f"/lank/{token}", data={"password": NEW})
    client.post("/utloggning")
    for _ in range(9):
        app.test_client().post("/logga-in", data={"email": anna.email, "password": "fel lösenord"})

    answer = client.post("/logga-in", data={"email": anna.email, "password": NEW})
    assert answer.status_code == 303


@pytest.mark.parametrize("purpose", ["inbjudan", "lösenord"])
def test_a_link_is_unused_until_its_form_will_do(client, session, anna, purpose):
    if purpose == "inbjudan":
        token = links.invite(
            session, email="ny@kommun.example", unit=make_unit(session), roles={Role.STAFF}, by=SYSTEM
        )
    else:
        token = links.create_password_link(session, anna, by=SYSTEM)
    session.commit()

    assert client.post(f"/lank/{token}", data={"name": "Ny Person", "password": ""}).status_code == 422
    assert client.get(f"/lank/{token}").status_code == 200
    assert (
        client.post(f"/lank/{token}", data={"name": "Ny Person", "password": "grön båt 7 ekorre"}).status_code
        == 303
    )
    assert client.get("/konto").status_code == 200
