"""The administration: people, units, mail."""

import pytest
from sqlalchemy import select

from kb.accounts import queries
from kb.accounts.models import OneTimeLink, Unit, User
from kb.accounts.roles import Role
from kb.accounts.secrets import passwords
from kb.accounts.services import links
from kb.accounts.viewer import SYSTEM
from kb.audit.models import AuditEvent
from kb.mail.models import MailMessage
from kb.mail.services import send
from tests.factories import make_unit, make_user

PEOPLE = "/administration/anvandare"


@pytest.fixture
def west(session):
    unit = make_unit(session, "Väst")
    session.commit()
    return unit


@pytest.fixture
def admin(session, west, sign_in):
    return sign_in(make_user(session, Role.ADMIN, unit=west, name="Ada Ek", email="ada@kommun.example"))


@pytest.fixture
def bo(session, west):
    user = make_user(session, Role.STAFF, unit=west, name="Bo Lind")
    session.commit()
    return user


PAGES = ["", "/anvandare", "/anvandare/ny", "/enheter", "/e-post", "/handelser", "/handelser.csv"]


@pytest.mark.parametrize("path", PAGES)
def test_only_administrators_come_in(session, client, sign_in, path):
    everything_else = [role for role in Role if role is not Role.ADMIN]
    browser = sign_in(make_user(session, *everything_else))

    assert browser.get(f"/administration{path}").status_code == 403
    assert client.get(f"/administration{path}").status_code == 303


@pytest.mark.parametrize("path", PAGES)
def test_administrators_see_the_page(admin, path):
    assert admin.get(f"/administration{path}").status_code == 200


def test_overview_tells_of_kept_mail(session, admin):
    send(session, to="bo@kommun.example", subject="Hej", body="Text")
    session.commit()

    assert "1 mejl har inte skickats" in admin.get("/administration").text


def test_invitation_is_mailed_and_its_link_shown_once(session, admin, west):
    data = {"email": "Ny@kommun.example", "unit": west.public_id, "roles": ["medarbetare", "redaktor"]}
    response = admin.post(f"{PEOPLE}/ny", data=data)

    assert response.location == PEOPLE
    page = admin.get(PEOPLE).text
    message = session.scalars(select(MailMessage)).one()
    assert "http://127.0.0.1:8000/lank/" in page
    assert "ny@kommun.example" in page
    assert message.to == "ny@kommun.example"
    assert "Medarbetare, Redaktör" in message.body
    assert "/lank/" not in admin.get(PEOPLE).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": ""}, "Skriv personens e-postadress"),
        ({"email": "ny"}, "namn@kommun.se"),
        ({"email": "ada@kommun.example"}, "redan ett konto"),
        ({"roles": []}, "Välj minst en roll"),
        ({"roles": ["kung"]}, "Välj bland rollerna"),
        ({"unit": "finns-inte"}, "Välj en enhet"),
    ],
)
def test_invitation_that_will_not_do_is_refused(session, admin, west, change, words):
    data = {"email": "ny@kommun.example", "unit": west.public_id, "roles": ["medarbetare"], **change}
    page = admin.post(f"{PEOPLE}/ny", data=data)

    assert page.status_code == 422
    assert words in page.text
    assert session.scalars(select(OneTimeLink)).all() == []


def test_invitation_can_be_withdrawn(session, client, admin, west):
    token = links.invite(session, email="ny@kommun.example", unit=west, roles={Role.STAFF}, by=SYSTEM)
    public_id = session.scalars(select(OneTimeLink.public_id)).one()
    session.commit()

    admin.post(f"{PEOPLE}/inbjudan/{public_id}/aterkallelse")

    admin.post(f"{PEOPLE}/inbjudan/{public_id}/aterkallelse")

    assert client.get(f"/lank/{token}").status_code == 410
    assert (
        len(session.scalars(select(AuditEvent).where(AuditEvent.name == "account.link_withdrawn")).all()) == 1
    )
    assert admin.post(f"{PEOPLE}/inbjudan/finns-inte/aterkallelse").status_code == 404


def test_list_can_be_searched(admin, bo):
    assert "Bo Lind" in admin.get(f"{PEOPLE}?q=lind").text
    assert "Bo Lind" not in admin.get(f"{PEOPLE}?q=finns+inte").text


def test_roles_are_changed_for_a_unit(session, admin, bo, west):
    data = {"unit": west.public_id, "roles": ["krisledare"]}
    assert admin.post(f"{PEOPLE}/{bo.public_id}/roller", data=data).status_code == 303

    session.expire_all()
    assert queries.roles_of(session, bo) == {west.id: {Role.LEADER}}
    assert "Rollerna är sparade" in admin.get(f"{PEOPLE}/{bo.public_id}").text


def test_last_administrator_is_kept(session, admin, west):
    ada = queries.user_by_email(session, "ada@kommun.example")

    page = admin.post(f"{PEOPLE}/{ada.public_id}/roller", data={"unit": west.public_id})
    assert page.status_code == 422
    assert "Minst en administratör" in page.text
    assert admin.post(f"{PEOPLE}/{ada.public_id}/stangning").status_code == 422


def test_account_is_closed_after_a_page_that_says_what_happens(session, admin, bo, sign_in):
    browser = sign_in(bo)
    path = f"{PEOPLE}/{bo.public_id}"

    assert "loggas ut direkt" in admin.get(f"{path}/stangning").text
    assert admin.post(f"{path}/stangning").location == path

    assert browser.get("/konto").status_code == 303
    assert "Kontot är stängt" in admin.get(path).text
    admin.post(f"{path}/oppning")
    session.expire_all()
    assert not session.get_one(User, bo.id).is_closed


def test_password_link_is_shown_once(admin, bo):
    path = f"{PEOPLE}/{bo.public_id}"
    admin.post(f"{path}/lank")

    assert "/lank/" in admin.get(path).text
    assert "127.0.0.1:8000/lank/" not in admin.get(path).text


def test_unknown_people_and_units_are_not_found(admin):
    assert admin.get(f"{PEOPLE}/finns-inte").status_code == 404
    assert admin.get("/administration/enheter/finns-inte").status_code == 404
    assert admin.get("/administration/e-post/finns-inte").status_code == 404


def test_units_are_made_and_renamed(session, admin):
    admin.post("/administration/enheter", data={"name": "Öst"})
    unit = session.scalars(select(Unit).where(Unit.name == "Öst")).one()
    admin.post(f"/administration/enheter/{unit.public_id}", data={"name": "Hemtjänst Öst"})

    assert "Hemtjänst Öst" in admin.get("/administration/enheter").text


@pytest.mark.parametrize(
    ("name", "words"), [("", "Skriv enhetens namn"), ("väst", "finns redan"), ("x" * 101, "för långt")]
)
def test_useless_unit_names_are_refused(admin, name, words):
    page = admin.post("/administration/enheter", data={"name": name})

    assert page.status_code == 422
    assert words in page.text


@pytest.mark.parametrize("name", ["", "väst", "x" * 101])
def test_a_unit_keeps_its_name_when_the_new_one_will_not_do(session, admin, name):
    admin.post("/administration/enheter", data={"name": "Öst"})
    unit = session.scalars(select(Unit).where(Unit.name == "Öst")).one()

    page = admin.post(f"/administration/enheter/{unit.public_id}", data={"name": name})

    assert page.status_code == 422
    assert f'value="{name}"' in page.text
    session.expire_all()
    assert unit.name == "Öst"


@pytest.mark.parametrize("change", [{"unit": "finns-inte"}, {"unit": ""}, {"roles": ["kung"]}])
def test_roles_that_there_are_not_are_refused(session, admin, bo, west, change):
    data = {"unit": west.public_id, "roles": ["krisledare"], **change}

    assert admin.post(f"{PEOPLE}/{bo.public_id}/roller", data=data).status_code == 422

    session.expire_all()
    assert queries.roles_of(session, bo) == {west.id: {Role.STAFF}}


def test_a_closed_account_gets_no_link(session, admin, bo):
    bo.is_closed = True
    session.commit()
    path = f"{PEOPLE}/{bo.public_id}"

    assert admin.post(f"{path}/lank").location == path

    assert "Kontot är stängt. Öppna det först." in admin.get(path).text
    assert session.scalars(select(OneTimeLink)).all() == []


def test_kept_mail_is_read_and_marked_as_handled(session, admin):
    message = send(session, to="bo@kommun.example", subject="Hej du", body="Den hemliga länken")
    session.commit()
    path = f"/administration/e-post/{message.public_id}"

    assert "Den hemliga länken" in admin.get(path).text
    assert admin.post(f"{path}/hantering").status_code == 303

    page = admin.get(path)
    assert "Den hemliga länken" not in page.text
    assert "Texten är borttagen" in page.text


def test_test_message_goes_to_the_administrator(session, admin):
    admin.post("/administration/e-post/prov")

    assert session.scalars(select(MailMessage)).one().to == "ada@kommun.example"


def test_links_in_kept_mail_are_hidden(session, admin, bo):
    token = links.create_password_link(session, bo, by=SYSTEM, is_mailed=True)
    body = f"Hej!\nhttps://radrum.example/lank/{token}\nHälsningar"
    message = send(session, to=bo.email, subject="Nytt lösenord", body=body)
    session.commit()

    page = admin.get(f"/administration/e-post/{message.public_id}").text
    assert token not in page
    assert "/lank/[dold]" in page


def test_who_made_a_link_is_recorded_and_the_person_is_told(app, session, admin, bo, client):
    bo.password_hash = passwords.hash_password("kanot lind 4 spegel")
    session.commit()

    admin.post(f"{PEOPLE}/{bo.public_id}/lank")

    event = session.scalars(select(AuditEvent).where(AuditEvent.name == "account.link_created")).one()
    ada = queries.user_by_email(session, "ada@kommun.example")
    assert (event.actor, event.subject, event.data["way"]) == (ada.public_id, bo.public_id, "visad")
    message = session.scalars(select(MailMessage)).one()
    assert message.to == bo.email
    assert "Ada Ek" in message.body
    assert "/lank/" not in message.body

    client.post("/logga-in", data={"email": bo.email, "password": "kanot lind 4 spegel"})
    assert "Någon annan har gjort något med ditt konto" in client.get("/").text
    page = client.get("/konto").text
    assert "Engångslänk skapad" in page
    assert "Ada Ek" in page
    client.post("/konto/handelser/sedda")
    assert "Någon annan" not in client.get("/").text
    client.post("/utloggning")
    client.post("/logga-in", data={"email": bo.email, "password": "kanot lind 4 spegel"})
    assert "Någon annan" not in client.get("/").text


def test_a_link_that_the_person_asked_for_is_no_news(session, bo, client):
    links.create_password_link(session, bo, by=SYSTEM, is_mailed=True)
    bo.password_hash = passwords.hash_password("kanot lind 4 spegel")
    session.commit()

    client.post("/logga-in", data={"email": bo.email, "password": "kanot lind 4 spegel"})
    assert "Någon annan" not in client.get("/").text
