"""The audit log in the administration."""

from datetime import UTC, datetime

import pytest
import time_machine

from kb.accounts.roles import Role
from kb.audit.queries import EventRow
from kb.audit.services import record
from kb.audit.views import to_csv
from kb.mail.services import send
from tests.factories import make_document, make_item, make_user

PATH = "/administration/handelser"


@pytest.fixture
def anna(session):
    return make_user(session, Role.READER, name="Anna Berg")


@pytest.fixture
def admin(session, anna, sign_in):
    with time_machine.travel(datetime(2026, 11, 3, 22, 30, tzinfo=UTC)):  # half past eleven in Stockholm
        record(session, "unit.created", actor=anna.public_id, subject="okänd", name="Väst")
    with time_machine.travel(datetime(2026, 11, 4, 8, 0, tzinfo=UTC)):
        record(session, "account.closed", actor="system", subject=anna.public_id)
    with time_machine.travel(datetime(2026, 11, 5, 8, 0, tzinfo=UTC)):
        return sign_in(make_user(session, Role.ADMIN, name="Ada Ek"))


def titles(page):
    return [cells[0] for cells in ([td.text for td in row.select("td")] for row in rows(page))]


def rows(page):
    from bs4 import BeautifulSoup

    return BeautifulSoup(page.text, "html.parser").select("tbody tr")


@pytest.fixture
def look(admin):
    def get(path):
        with time_machine.travel(datetime(2026, 11, 5, 8, 10, tzinfo=UTC)):
            return admin.get(path)

    return get


def test_the_newest_is_first_with_names(look):
    page = look(PATH)

    assert titles(page) == ["Inloggning", "Konto stängt", "Enhet skapad"]
    assert "Anna Berg" in rows(page)[2].text
    assert "Systemet" in rows(page)[1].text
    assert "namn: Väst" in rows(page)[2].text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("handelse=unit.created", ["Enhet skapad"]),
        ("person=berg", ["Konto stängt", "Enhet skapad"]),
        ("person=systemet", ["Konto stängt"]),
        ("person=finns+inte", []),
        ("fran=2026-11-04&till=2026-11-04", ["Konto stängt"]),
        ("till=2026-11-03", ["Enhet skapad"]),
    ],
)
def test_events_are_filtered(look, query, expected):
    assert titles(look(f"{PATH}?{query}")) == expected


@pytest.mark.parametrize(
    ("query", "words"), [("fran=i+dag", "2026-11-30"), ("handelse=nej", "Välj en händelse")]
)
def test_odd_filters_are_answered_in_words(look, query, words):
    page = look(f"{PATH}?{query}")

    assert page.status_code == 422
    assert words in page.text


def test_long_logs_have_pages(session, look):
    with time_machine.travel(datetime(2026, 11, 1, 8, 0, tzinfo=UTC)):
        for _ in range(60):
            record(session, "ops.restored", actor="system")
    session.commit()

    first, second = look(f"{PATH}?handelse=ops.restored"), look(f"{PATH}?handelse=ops.restored&sida=2")

    assert (len(rows(first)), len(rows(second))) == (50, 10)
    assert "sida=2" in first.text


def test_export_holds_the_same_events(look):
    response = look(f"{PATH}.csv?person=berg")

    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"].startswith("attachment")
    lines = response.text.splitlines()
    assert lines[0] == "\ufeffTid;Händelse;Vem;Gäller;Uppgifter"
    assert lines[2] == "2026-11-03 23:30:00;Enhet skapad;Anna Berg;okänd;namn: Väst"


def test_no_cell_becomes_a_formula():
    table = to_csv([EventRow(datetime(2026, 1, 1, tzinfo=UTC), "Enhet", "=1+1", "@x", "-2")])

    assert "'=1+1;'@x;'-2" in table


def test_texts_runs_people_and_messages_have_names_not_ids(session, look, anna):
    item = make_item(session, make_document(title="Om ro"))
    secret = make_item(session, make_document(title="Bara för oss"))
    secret.visibility = "enhet"
    message = send(session, to="bo@kommun.example", subject="Hej", body="Text")
    for subject in (item.public_id, secret.public_id, "aB3dE6gH9jK1mN0p"):
        record(session, "item.confirmed", actor=anna.public_id, subject=subject, slug="x", version=1)
    record(session, "mail.handled", actor=anna.public_id, message=message.public_id)
    session.commit()

    text = " ".join(row.text for row in rows(look(PATH)))
    for words in (
        "Om ro",
        "en text för en enhet",
        "finns inte längre",
        "till bo@kommun.example",
        "Anna Berg",
    ):
        assert words in text
    for hidden in ("Bara för oss", item.public_id, secret.public_id, message.public_id, "aB3dE6gH9jK1mN0p"):
        assert hidden not in text
