"""Texts come in with one spelling, and what nobody can see is nothing: forms, loader, runs."""

import pytest
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.library.core.models.items import ContentItem
from kb.library.intake.loading import load
from tests.cases import CASES, read_case
from tests.factories import make_user
from tests.forms import page_of, typed_in

INVISIBLE = sorted((CASES / "unicode").glob("invisible-*.txt"))


@pytest.fixture
def browser(session, sign_in):
    """The browser of an editor."""
    return sign_in(make_user(session, Role.EDITOR))


@pytest.fixture
def save(browser, session):
    """Save a new text through the form; gives the answer and the stored item, if there is one."""

    def send(kind="vagledning", **values):
        page = page_of(browser.get(f"/redaktion/ny?typ={kind}"))
        response = browser.post(f"/redaktion/ny?typ={kind}", data=typed_in(page, **values))
        session.expire_all()
        return response, session.scalar(select(ContentItem).order_by(ContentItem.id.desc()))

    return send


def test_a_loaded_file_is_stored_in_one_spelling(app, session, tmp_path):
    (tmp_path / "nfd-1.md").write_bytes((CASES / "unicode/nfd-1.md").read_bytes())

    report = load(app.extensions["database"], tmp_path, publish=True, by=SYSTEM)

    assert report.created == ["nfd-1"]
    document = session.scalars(select(ContentItem)).one().latest_revision.content
    assert document.title == "Åskväder och strömavbrott"
    assert document.labels == ("nödläge",)
    assert document.actions[0].do == "Släck lampor på övervåningen."
    assert document.body == "<p>Håll dörrar stängda. Mät nivån.</p>"


def test_a_typed_title_is_stored_in_one_spelling(save):
    _response, item = save(title=read_case("unicode/nfd-2.txt"))

    assert item.title == "Ögonblicksbild från mötet på Åsen"


@pytest.mark.parametrize("number", [1, 2])
def test_the_other_spelling_is_no_change(save, browser, session, number):
    before, after = (read_case(f"unicode/same-text-{number}-{word}.html") for word in ("before", "after"))
    response, item = save(title="Samma", body=before)

    browser.post(response.location, data=typed_in(page_of(browser.get(response.location)), body=after))

    session.expire_all()
    assert session.get(ContentItem, item.id).latest_revision.number == 1


@pytest.mark.parametrize("case", INVISIBLE, ids=lambda case: case.stem)
def test_a_title_that_nobody_can_see_is_missing(save, case):
    response, item = save("mall", title=case.read_text(), text="Hej, det här är kvar.")

    assert response.status_code == 422
    assert "Skriv en titel." in response.text
    assert "Hej, det här är kvar." in response.text
    assert item is None


@pytest.mark.parametrize("case", ["direction-1", "direction-2"])
def test_marks_that_turn_the_direction_are_taken_away(save, case):
    words = read_case(f"unicode/{case}.txt")

    _response, item = save(title=words, body=f"<p>{words}</p>")

    plain = "".join(sign for sign in words if sign not in "\u202a\u202b\u202c\u202d\u202e")
    assert item.title == plain
    assert item.latest_revision.content.body == f"<p>{plain}</p>"


@pytest.mark.parametrize(
    ("case", "title"),
    [("soft-line-title-1", "Rutin för post och paket"), ("soft-line-title-2", "Larm i trapphuset")],
)
def test_a_soft_line_end_in_a_title_is_a_space(save, case, title):
    _response, item = save(title=read_case(f"unicode/{case}.txt"))

    assert item.title == title


def test_labels_of_two_spellings_are_one(save):
    _response, item = save(title="Etiketter", labels="nödläge, no\u0308dläge")

    assert item.latest_revision.content.labels == ("nödläge",)
