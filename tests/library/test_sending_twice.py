"""A form that makes something, sent twice: by two clicks, by going back, both at once. And deleting a draft."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kb.accounts.models import OneTimeLink, Unit
from kb.accounts.roles import Role
from kb.accounts.services.sign_ins import begin_sign_in
from kb.accounts.viewer import SYSTEM
from kb.audit.models import AuditEvent
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.lists import ImportantNumber
from kb.library.core.models.reviewing import ReviewNote, Withdrawal
from kb.library.core.models.topics import Topic
from kb.library.services import drafts, withdrawals
from kb.search.models import PromotedAnswer, Synonym
from tests.factories import make_document, make_draft, make_item, make_unit, make_user, viewer_of
from tests.forms import page_of, typed_in
from tests.library.drafts import save

CASES = Path(__file__).resolve().parent.parent / "data" / "cases" / "edit"


def fields_of(name):
    """The fields of a case."""
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def hidden(page, path):
    """What the form that is sent to `path` carries along."""
    form = page.select_one(f'form[action="{path}"]') or page.select_one("main form[method=post]")
    return {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}


@pytest.fixture
def editor(session):
    """An editor."""
    return make_user(session, Role.EDITOR, name="Anna")


@pytest.fixture
def browser(sign_in, editor):
    """The editor's browser."""
    return sign_in(editor)


# A new text


@pytest.mark.parametrize("case", ["double-save-1.tsv", "double-save-2.tsv"])
def test_a_new_text_sent_twice_makes_one_draft(session, browser, case):
    wanted = fields_of(case)
    address = f"/redaktion/ny?typ={wanted.pop('typ')}"
    typed = typed_in(page_of(browser.get(address)), **wanted)

    first, second = browser.post(address, data=typed), browser.post(address, data=typed)

    assert first.status_code == second.status_code == 303
    assert second.location == first.location
    assert session.scalar(select(func.count()).where(ContentItem.title == wanted["title"])) == 1
    assert session.scalar(select(func.count(Revision.id)).join(ContentItem, Revision.item_id == ContentItem.id).where(
        ContentItem.title == wanted["title"])) == 1  # fmt: skip


@pytest.mark.parametrize("case", ["double-save-1.tsv", "double-save-2.tsv"])
def test_a_new_text_sent_twice_at_the_same_moment_makes_one_draft(live_app, case):
    database = live_app.extensions["database"]
    with database.transaction() as session:
        token = begin_sign_in(session, make_user(session, Role.EDITOR), device="Provläsare")
    wanted = fields_of(case)
    address = f"/redaktion/ny?typ={wanted.pop('typ')}"

    def browser():
        client = live_app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        return client

    typed = typed_in(page_of(browser().get(address)), **wanted)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _n: browser().post(address, data=typed), range(4)))

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(ContentItem.title == wanted["title"])) == 1


def test_what_was_changed_after_going_back_goes_to_the_draft_that_was_made(session, browser):
    address = "/redaktion/ny?typ=vagledning"
    page = page_of(browser.get(address))
    first = browser.post(address, data=typed_in(page, title="En titel", slug="min-adress"))

    again = browser.post(address, data=typed_in(page, title="En bättre titel", slug="battre-adress"))

    assert (again.status_code, again.location) == (303, first.location)
    item = session.scalars(select(ContentItem).where(ContentItem.title.like("En %titel"))).one()
    assert (item.title, item.slug, item.latest_revision.number) == ("En bättre titel", "battre-adress", 2)


def test_going_back_after_somebody_went_on_with_the_draft_shows_both(session, browser, editor):
    address = "/redaktion/ny?typ=vagledning"
    page = page_of(browser.get(address))
    browser.post(address, data=typed_in(page, title="En titel"))
    item = session.scalars(select(ContentItem).where(ContentItem.title == "En titel")).one()
    save(session, item, viewer_of(session, editor), summary="Förmiddag.")
    session.commit()

    again = browser.post(address, data=typed_in(page, title="En titel", summary="Kväll."))

    text = again.get_data(as_text=True)
    assert again.status_code == 409
    assert "Förmiddag." in text
    assert "Kväll." in text
    assert session.scalar(select(func.count()).where(ContentItem.title == "En titel")) == 1


def test_the_key_survives_a_mistake_and_a_new_line_of_the_form(browser):
    address = "/redaktion/ny?typ=checklista"
    page = page_of(browser.get(address))
    key = page.select_one("[name=form_key]")["value"]

    wrong = page_of(browser.post(address, data=typed_in(page, title="")))
    more = page_of(browser.post(address, data={**typed_in(page, title="T").to_dict(), "op": "sections.add"}))

    assert wrong.select_one("[name=form_key]")["value"] == key
    assert more.select_one("[name=form_key]")["value"] == key


def test_the_same_key_from_somebody_else_is_another_form(session, sign_in, browser):
    address = "/redaktion/ny?typ=vagledning"
    typed = typed_in(page_of(browser.get(address)), title="Samma nyckel")
    other = sign_in(make_user(session, Role.EDITOR))

    first, second = browser.post(address, data=typed), other.post(address, data=typed)

    assert first.location != second.location


def test_saved_and_sent_to_review_twice_is_one_text_at_review(session, browser):
    address = "/redaktion/ny?typ=vagledning"
    page = page_of(browser.get(address))
    typed = typed_in(page, title="En titel", summary="Kort.", gor="granskning", phases=["under"], topics=["hot"],
                     sources__0__title="Källa", owner="Redaktionen")  # fmt: skip

    answers = [browser.post(address, data=typed) for _ in range(2)]

    assert [answer.location for answer in answers] == ["/redaktion"] * 2
    item = session.scalars(select(ContentItem).where(ContentItem.title == "En titel")).one()
    assert (item.workflow, item.latest_revision.number) == ("granskning", 1)


def test_a_draft_saved_twice_by_two_clicks_is_no_conflict(session, browser):
    item = make_draft(session)
    session.commit()
    address = f"/redaktion/{item.kind}/{item.public_id}"
    typed = typed_in(page_of(browser.get(address)), summary="En gång.")

    answers = [browser.post(address, data=typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    session.expire_all()
    assert session.get(ContentItem, item.id).latest_revision.number == 2


def test_published_twice_by_two_clicks_is_published_once(session, sign_in):
    writer = viewer_of(session, make_user(session, Role.EDITOR))
    item = make_draft(session, by=writer)
    item.workflow = "granskning"
    session.commit()
    reviewer = sign_in(make_user(session, Role.REVIEWER))
    address = f"/redaktion/{item.kind}/{item.public_id}/publicering"

    answers = [reviewer.post(address, data={"revision": item.latest_revision_id}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    session.expire_all()
    assert session.get(ContentItem, item.id).version == 1


@pytest.mark.parametrize("act", ["godkannande", "andringsbegaran"])
def test_a_decision_sent_twice_by_two_clicks_is_one(session, sign_in, act):
    item = make_draft(session, by=viewer_of(session, make_user(session, Role.EDITOR)))
    item.workflow = "granskning"
    session.commit()
    reviewer = sign_in(make_user(session, Role.REVIEWER))
    typed = {"revision": item.latest_revision_id, "text": "Skriv kortare."}

    answers = [reviewer.post(f"/redaktion/{item.kind}/{item.public_id}/{act}", data=typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert (
        session.scalar(select(func.count()).select_from(ReviewNote).where(ReviewNote.item_id == item.id)) == 1
    )


def test_taken_away_at_once_twice_by_two_clicks_is_taken_away_once(session, browser):
    item = make_item(session)
    session.commit()
    typed = {"reason": "Fel.", "gor": "genast"}
    address = f"/redaktion/{item.kind}/{item.public_id}/borttagning"

    answers = [browser.post(address, data=typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert session.scalar(select(func.count()).select_from(Withdrawal)) == 1


@pytest.mark.parametrize(
    ("is_urgent", "act"),
    [(False, "bekraftelse"), (True, "bekraftelse"), (False, "avslag"), (True, "tillbakalaggning")],
)
def test_a_withdrawal_decided_twice_by_two_clicks_is_decided_once(session, sign_in, is_urgent, act):
    item = make_item(session)
    anna = viewer_of(session, make_user(session, Role.EDITOR))
    make = withdrawals.withdraw_now if is_urgent else withdrawals.request_withdrawal
    asked = make(session, item, reason="Fel.", replacement=None, by=anna)
    session.commit()
    reviewer = sign_in(make_user(session, Role.REVIEWER))
    address = f"/redaktion/{item.kind}/{item.public_id}/borttagning/{act}"

    for _ in range(2):
        reviewer.post(address, data={"begaran": asked.id})

    assert "redan avgjord" not in reviewer.get("/redaktion").get_data(as_text=True)
    names = [event.name for event in session.scalars(select(AuditEvent)) if event.subject == item.public_id]
    assert len(names) == len(set(names))


# Its brothers


@pytest.mark.parametrize(
    ("address", "typed", "made"),
    [
        ("/administration/nummer", {"label": "Socialjour", "number": "0700 00 00 00"}, ImportantNumber),
        ("/administration/amnen", {"name": "Brand på boende", "intro": "Om brand."}, Topic),
        ("/administration/enheter", {"name": "Hemtjänst norr"}, Unit),
        ("/administration/anvandare/ny", {"email": "ny@kommun.example", "roles": "lasare"}, OneTimeLink),
        ("/redaktion/synonymer", {"typed": "knivis", "target": "hot"}, Synonym),
        ("/redaktion/utvalda-svar", {"query": "knivis", "address": "/vagledning/nummer-ett", "place": "1"},
         PromotedAnswer),
    ],
)  # fmt: skip
def test_every_form_that_makes_something_makes_it_once(session, sign_in, address, typed, made):
    make_item(session, make_document(), slug="nummer-ett")
    user = make_user(session, Role.ADMIN, Role.EDITOR)
    browser = sign_in(user)
    if "email" in typed:
        typed = typed | {"unit": make_unit(session).public_id}
    session.commit()
    typed = typed | hidden(page_of(browser.get(address)), address)
    before = session.scalar(select(func.count()).select_from(made))

    answers = [browser.post(address, data=typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert session.scalar(select(func.count()).select_from(made)) == before + 1


# Deleting a draft


def path_of(item):
    """Where a draft is deleted."""
    return f"/redaktion/{item.kind}/{item.public_id}/radering"


def delete(browser, item, revision=None):
    """Delete by the page."""
    return browser.post(path_of(item), data={"revision": revision or item.latest_revision_id})


def test_an_editor_deletes_a_draft_that_was_never_published(session, browser, editor):
    item = make_draft(session, make_document("checklista"))
    save(session, item, viewer_of(session, editor), summary="Ändrad.")
    session.commit()
    public_id, item_id = item.public_id, item.id

    assert "2 sparade versioner" in browser.get(path_of(item)).get_data(as_text=True)
    response = delete(browser, item)

    assert (response.status_code, response.location) == (303, "/redaktion")
    session.expire_all()
    assert session.get(ContentItem, item_id) is None
    assert session.scalar(select(func.count()).where(Revision.item_id == item_id)) == 0
    event = session.scalars(select(AuditEvent).where(AuditEvent.name == "item.deleted")).one()
    assert event.subject == public_id


def test_a_draft_deleted_twice_by_two_clicks_is_no_missing_page(session, browser):
    item = make_draft(session)
    session.commit()
    address, revision = path_of(item), item.latest_revision_id

    answers = [browser.post(address, data={"revision": revision}) for _ in range(2)]

    assert [answer.location for answer in answers] == ["/redaktion"] * 2


def test_a_deleted_draft_leaves_search_and_database_agreeing(live_app):
    database = live_app.extensions["database"]
    with database.transaction() as session:
        item_id = make_draft(session).id
        make_item(session)
    with database.transaction() as session:
        item = session.get_one(ContentItem, item_id)
        drafts.delete_draft(session, item, seen=item.latest_revision_id, by=SYSTEM)
    live_app.extensions["search"].indexer.drain()

    assert live_app.extensions["search"].indexer.check().agrees


def test_a_text_that_was_published_is_not_deleted(session, browser):
    item = make_item(session)
    session.commit()

    assert "har varit publicerad" in browser.get(path_of(item)).get_data(as_text=True)
    assert delete(browser, item).status_code == 409
    assert session.get(ContentItem, item.id) is not None


def test_a_draft_that_somebody_saved_meanwhile_is_not_deleted(session, browser, editor):
    item = make_draft(session)
    seen = item.latest_revision_id
    save(session, item, viewer_of(session, editor), summary="Nytt.")
    session.commit()

    assert delete(browser, item, seen).status_code == 409
    assert session.get(ContentItem, item.id) is not None


def test_a_draft_of_another_unit_is_not_deleted(session, browser):
    item = make_draft(session, make_document(visibility="enhet", unit=make_unit(session).public_id))
    session.commit()

    assert browser.get(path_of(item)).status_code == 404
    assert delete(browser, item).status_code == 404


def test_what_somebody_typed_in_a_draft_that_was_deleted_becomes_a_new_text(session, browser):
    item = make_draft(session)
    session.commit()
    address = f"/redaktion/{item.kind}/{item.public_id}"
    typed = typed_in(page_of(browser.get(address)), title="Min titel", summary="Det jag skrev.")
    delete(browser, item)

    response = browser.post(address, data=typed)
    page = page_of(response)
    made = browser.post("/redaktion/ny?typ=vagledning", data=typed_in(page))

    assert response.status_code == 409
    assert "Det jag skrev." in page.get_text()
    assert made.status_code == 303
    assert session.scalars(select(ContentItem).where(ContentItem.title == "Min titel")).one().latest_revision


def test_a_form_whose_draft_was_deleted_makes_the_text_anew(session, browser):
    address = "/redaktion/ny?typ=vagledning"
    typed = typed_in(page_of(browser.get(address)), title="Ångrad radering")
    browser.post(address, data=typed)
    item = session.scalars(select(ContentItem).where(ContentItem.title == "Ångrad radering")).one()
    delete(browser, item)

    again = browser.post(address, data=typed)

    assert again.status_code == 303
    assert browser.get(again.location).status_code == 200


@pytest.mark.parametrize("slug", ["upptagen", "???"])
def test_going_back_to_an_address_that_cannot_be_keeps_what_was_typed(session, browser, slug):
    make_item(session, slug="upptagen")
    session.commit()
    address = "/redaktion/ny?typ=vagledning"
    page = page_of(browser.get(address))
    first = browser.post(address, data=typed_in(page, title="En titel"))

    again = browser.post(address, data=typed_in(page, title="En titel", summary="Kväll.", slug=slug))
    assert again.status_code == 422
    assert "Kväll." in again.text
    assert "Rätta till" in again.text

    mended = browser.post(address, data=typed_in(page_of(again), slug="ledig"))
    assert (mended.status_code, mended.location) == (303, first.location)
    assert "Kväll." in browser.get(first.location).text
