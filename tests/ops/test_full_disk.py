"""A full disk or a read-only store: changes get 503 in Swedish, reading goes on."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event, select

from kb import clock
from kb.accounts import queries
from kb.accounts.models import User
from kb.accounts.roles import Role
from kb.accounts.secrets.passwords import hash_password
from kb.accounts.services.sign_ins import begin_sign_in, end_all
from kb.accounts.services.users import create_user
from kb.accounts.viewer import SYSTEM
from kb.library.core.models.items import ContentItem
from tests.factories import make_unit

READ_ONLY = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET default_transaction_read_only = on"}
FULL = "PRAGMA max_page_count = 1"
PASSWORD = "fyra korgar med äpplen"
EMAIL = "admin@kommun.example"


@pytest.fixture
def browser(site):
    """The browser of an administrator who also writes."""
    with site.extensions["database"].transaction() as session:
        roles = {make_unit(session, "Ledningen").id: {Role.ADMIN, Role.EDITOR}}
        user = create_user(session, name="Kim", email=EMAIL, password=PASSWORD, roles=roles, by=SYSTEM)
        token = begin_sign_in(session, user, device="Provläsare")
    browser = site.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
    return browser


@contextmanager
def unwritable(site, how):
    """Every new connection has a store that takes nothing more; afterwards all is as before."""
    engine = site.extensions["database"].engine
    statement = READ_ONLY[engine.dialect.name] if how == "read-only" else FULL

    def harm(connection, _record):
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        connection.commit()

    engine.dispose()
    event.listen(engine, "connect", harm)
    try:
        yield
    finally:
        event.remove(engine, "connect", harm)
        engine.dispose()


@pytest.fixture(params=["read-only", "full"])
def how(request, site):
    """What is wrong with the store."""
    if request.param == "full" and site.extensions["database"].engine.dialect.name != "sqlite":
        pytest.skip("a full disk is made with SQLite only")
    return request.param


def test_a_change_gets_503_in_swedish_and_works_when_there_is_room_again(site, browser, how):
    form = {"title": "Om ro", "body": "<p>" + "Ta det lugnt. " * 8000 + "</p>"}

    with unwritable(site, how):
        refused = browser.post("/redaktion/ny?typ=vagledning", data=form, expect_error=True)
    with site.extensions["database"].reading() as session:
        titles = set(session.scalars(select(ContentItem.title)))
    accepted = browser.post("/redaktion/ny?typ=vagledning", data=form)

    assert refused.status_code == 503
    assert "Det går inte att spara just nu" in refused.get_data(as_text=True)
    assert "Om ro" not in titles
    assert accepted.status_code == 303


@pytest.mark.parametrize(
    "path", ["/", "/vagledning/text-om-oro-1", "/sok?q=oro", "/konto", "/administration"]
)
def test_reading_goes_on(site, browser, how, path):
    site.extensions["search"].indexer.repair()

    with unwritable(site, how):
        found = browser.get(path)

    assert found.status_code == 200


@pytest.mark.usefixtures("browser")
def test_people_sign_in_and_read_what_is_internal(site, how):
    with unwritable(site, how):
        entering = site.test_client()
        wrong = entering.post("/logga-in", data={"email": EMAIL, "password": "fel lösenord"})
        found = entering.post("/logga-in", data={"email": EMAIL, "password": PASSWORD})
        page = entering.get("/administration")
        left = entering.post("/utloggning")
        outside = entering.get("/administration")

    assert (wrong.status_code, found.status_code, left.status_code) == (422, 303, 303)
    assert page.status_code == 200
    assert outside.status_code == 303
    if how == "read-only":
        assert "Inget kan sparas just nu" in page.text


@pytest.mark.usefixtures("browser")
def test_guessing_is_held_back_while_nothing_can_be_stored(site):
    with unwritable(site, "read-only"):
        answers = [
            site.test_client().post("/logga-in", data={"email": EMAIL, "password": f"fel {number}"})
            for number in range(8)
        ]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 3


@pytest.mark.usefixtures("browser")
def test_a_sign_in_that_could_not_be_stored_becomes_one_like_all_others(site):
    entering = site.test_client()
    with unwritable(site, "read-only"):
        entering.post("/logga-in", data={"email": EMAIL, "password": PASSWORD})
    with time_machine.travel(clock.now() + timedelta(seconds=30)):
        page = entering.get("/konto")
        assert "Inget kan sparas just nu" not in page.text
        with site.extensions["database"].transaction() as session:
            user = session.scalars(select(User).where(User.email == EMAIL)).one()
            assert len(queries.alive_sign_ins(session, user.id)) == 2
            end_all(session, user, reason="nytt lösenord", by=SYSTEM)

        assert entering.get("/konto").status_code == 303


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize("harm", ["password", "closed", "ended", "late", "forged"])
def test_a_sign_in_that_could_not_be_stored_ends_as_others_do(site, harm):
    entering = site.test_client()
    with unwritable(site, "read-only"):
        entering.post("/logga-in", data={"email": EMAIL, "password": PASSWORD})
    with site.extensions["database"].transaction() as session:
        user = session.scalars(select(User).where(User.email == EMAIL)).one()
        if harm == "password":
            user.password_hash = hash_password("segel ek 9 trumma")
        if harm == "closed":
            user.is_closed = True
        if harm == "ended":
            end_all(session, user, reason="avslutad av administratör", by=SYSTEM)
    if harm == "forged":
        with entering.session_transaction() as cookie:
            cookie["_user_id"] = cookie["_user_id"][:-3] + "abc"
    later = timedelta(minutes=31) if harm == "late" else timedelta(seconds=1)

    with time_machine.travel(clock.now() + later):
        assert entering.get("/konto").status_code == 303
