"""From an empty form to a page that search finds, through a request for changes; without script."""

import pytest
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.jobs.worker import run_one
from kb.mail.models import MailMessage
from kb.search.engine.indexer import Healing, Indexer
from kb.search.engine.store import Store
from kb.search.start import Search
from tests.factories import make_unit, make_user
from tests.forms import page_of, typed_in

NEW = "/redaktion/ny?typ=vagledning"
TYPED = {
    "title": "Drönare över boendet",
    "summary": "Så gör ni när någon filmar boendet med drönare.",
    "body": "## Varför\n\nEn **zebradrönare** kan filma in genom fönstren.",
    "topics": ["hot"],
    "phases": ["under"],
    "actions-0-do": "Ta in alla och dra för gardinerna.",
    "sources-0-title": "Luftfartslag (2010:500)",
}


@pytest.fixture(autouse=True)
def index(app, tmp_path):
    """An index of its own for the test, drained by hand: the test's transaction never commits."""
    before = app.extensions["search"]
    indexer = Indexer(app.extensions["database"], Store(tmp_path), Healing.INLINE)
    app.extensions["search"] = Search(indexer, app.extensions["answering"])
    yield indexer
    app.extensions["search"] = before


@pytest.fixture
def people(session, sign_in):
    """Two browsers: Anna writes, Johan reviews."""
    unit = make_unit(session)
    anna = make_user(session, Role.EDITOR, unit=unit, name="Anna", email="anna@kommun.example")
    johan = make_user(session, Role.REVIEWER, unit=unit, name="Johan")
    return sign_in(anna), sign_in(johan)


def link_to(page, words):
    """The address of a link."""
    return next(link["href"] for link in page.main.find_all("a") if words in link.get_text())


def button_of(page, words):
    """(address, fields) of the form whose button has these words."""
    form = next(b for b in page.find_all("button") if words in b.get_text()).find_parent("form")
    return form["action"], {field["name"]: field["value"] for field in form.find_all("input")}


def test_write_review_publish_and_find(app, session, people, client, index):
    anna, johan = people

    # Anna writes and sends to review.
    typed = typed_in(page_of(anna.get(NEW)), **TYPED, gor="granskning")
    assert anna.post(NEW, data=typed).location == "/redaktion"
    assert client.get("/vagledning/dronare-over-boendet").status_code == 404

    # Johan reads and asks for a change.
    review = link_to(page_of(johan.get("/redaktion")), TYPED["title"])
    page = page_of(johan.get(review))
    assert "zebradrönare" in page.select_one(".diff").get_text()
    action = page.select_one('form[action$="andringsbegaran"]')["action"]
    johan.post(action, data={"text": "Säg vem man ringer."})

    # The comment reaches Anna in her work list and by mail.
    while run_one(app.extensions["database"], app.extensions["jobs"]):
        pass
    letter = session.scalar(select(MailMessage).where(MailMessage.to == "anna@kommun.example"))
    assert "Säg vem man ringer." in letter.body
    edit = link_to(page_of(anna.get("/redaktion")), TYPED["title"])
    assert "Säg vem man ringer." in anna.get(edit).text

    # Anna adds a point and sends again.
    form = page_of(anna.get(edit))
    added = page_of(anna.post(edit, data={**typed_in(form).to_dict(False), "op": "actions.add"}))
    anna.post(edit, data=typed_in(added, gor="granskning", **{"actions-1-do": "Ring polisen på 114 14."}))

    # Johan approves and publishes in one step.
    address, fields = button_of(page_of(johan.get(review)), "Godkänn och publicera")
    assert johan.post(address, data=fields).status_code == 303
    index.drain()

    # Everybody reads it and finds it.
    page = page_of(client.get("/vagledning/dronare-over-boendet"))
    assert "Ring polisen på 114 14." in page.select_one(".do").get_text()
    assert "Granskad av Johan" in page.main.get_text()
    assert (
        link_to(page_of(client.get("/sok?q=zebradrönare")), "Drönare")
        == "/vagledning/dronare-over-boendet#varfor"  # where it stands
    )

    # Taken away, it is gone from search too.
    anna.post(f"{edit}/borttagning", data={"gor": "genast", "reason": "Skrevs på prov."})
    index.drain()
    assert "Drönare" not in page_of(client.get("/sok?q=zebradrönare")).select_one("main").get_text()
    assert client.get("/vagledning/dronare-over-boendet").status_code == 410
