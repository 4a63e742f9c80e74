"""A full disk or a read-only store: changes get 503 in Swedish, reading goes on."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from kb.accounts.roles import Role
from kb.accounts.services.sign_ins import begin_sign_in
from kb.accounts.services.users import create_user
from kb.accounts.viewer import SYSTEM
from kb.library.models import ContentItem
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
def test_signing_in_is_refused_in_swedish(site):
    form = {"email": EMAIL, "password": PASSWORD}

    with unwritable(site, "read-only"):
        found = site.test_client().post("/logga-in", data=form, expect_error=True)

    assert found.status_code == 503
    assert "just nu" in found.get_data(as_text=True)
