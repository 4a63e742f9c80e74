"""Taking a published text away takes two; at once it takes one, who is confirmed after."""

import pytest
from sqlalchemy import select

from kb.accounts.models import User
from kb.accounts.roles import Role
from kb.audit.models import AuditEvent
from kb.errors import Conflict, Forbidden, Refused
from kb.library.core.models.items import ContentItem
from kb.library.core.models.reviewing import Withdrawal
from kb.library.core.queries.topics import count_map
from kb.library.core.visibility import visible
from kb.library.editing import worklist
from kb.library.editing.jobs import mail_withdrawal
from kb.library.services import review, withdrawals
from kb.mail.models import MailMessage
from tests.factories import make_document, make_item, make_unit, make_user, viewer_of
from tests.forms import page_of
from tests.library.drafts import published, save


@pytest.fixture
def text(session, anna, johan):
    """A published text with a second one that could replace it."""
    item = make_item(session, slug="farlig")
    make_item(session, slug="battre")
    session.commit()
    return item


@pytest.fixture
def browser_of(session, sign_in):
    """The browser of a viewer."""

    def enter(viewer):
        return sign_in(session.get(User, viewer.user_id))

    return enter


def path_of(item):
    """The edit page."""
    return f"/redaktion/{item.kind}/{item.public_id}"


def ask(browser, item, way="begar", **typed):
    """Send the form."""
    return browser.post(f"{path_of(item)}/borttagning", data={"reason": "Fel nummer.", "gor": way, **typed})


def button_of(page, words):
    """(address, fields) of the form with this button."""
    form = next(form for form in page.find_all("form") if words in form.get_text())
    return form["action"], {field["name"]: field.get("value", "") for field in form.find_all("input")}


def events(session, item):
    """What the audit log says about the text."""
    query = select(AuditEvent).where(AuditEvent.subject == item.public_id).order_by(AuditEvent.id)
    return [event.name for event in session.scalars(query) if event.name != "item.published"]


def places(browser):
    """What the places where readers meet the text say, all at once."""
    return [
        browser.get("/vagledning/farlig").status_code,
        *("/vagledning/farlig" in browser.get(page).get_data(as_text=True) for page in ("/vagledning", "/andrat",
          "/andrat.atom", "/amnen/hot")),
    ]  # fmt: skip


def test_one_asks_and_readers_see_the_text_until_another_confirms(
    session, text, anna, johan, browser_of, client
):
    assert ask(browser_of(anna), text, replacement="/vagledning/battre").status_code == 303
    assert places(client) == [200, True, True, True, True]

    page = page_of(browser_of(johan).get(f"/redaktion/granska/{text.public_id}"))
    assert "Fel nummer." in page.get_text()
    assert "Anna" in page.get_text()
    address, fields = button_of(page, "Bekräfta borttagningen")
    assert browser_of(johan).post(address, data=fields).status_code == 303

    assert places(client) == [410, False, False, False, False]
    assert "/vagledning/battre" in client.get("/vagledning/farlig").get_data(as_text=True)
    assert events(session, text) == [
        "item.withdrawal_requested",
        "item.withdrawn",
        "item.withdrawal_confirmed",
    ]


def test_the_person_who_asked_cannot_confirm(session, text, anna, browser_of, client):
    browser = browser_of(anna)
    ask(browser, text)
    page = page_of(browser.get(f"/redaktion/granska/{text.public_id}"))
    asked = session.scalars(select(Withdrawal)).one()

    assert "Bekräfta borttagningen" not in page.get_text()
    response = browser.post(f"{path_of(text)}/borttagning/bekraftelse", data={"begaran": asked.id})
    assert response.status_code == 403
    assert client.get("/vagledning/farlig").status_code == 200


def test_an_editor_who_may_not_review_cannot_confirm(session, text, anna, browser_of):
    withdrawals.request_withdrawal(session, text, reason="Fel.", replacement=None, by=anna)
    editor = viewer_of(session, make_user(session, Role.EDITOR))
    session.commit()
    asked = session.scalars(select(Withdrawal)).one()

    for act in (withdrawals.confirm_withdrawal, withdrawals.decline_withdrawal, withdrawals.put_back):
        with pytest.raises(Forbidden):
            act(session, text, seen=asked.id, by=editor)


def test_another_person_may_keep_the_text(session, text, anna, johan, browser_of, client):
    ask(browser_of(anna), text)
    address, fields = button_of(
        page_of(browser_of(johan).get(f"/redaktion/granska/{text.public_id}")), "Behåll texten"
    )

    browser_of(johan).post(address, data=fields)

    assert places(client) == [200, True, True, True, True]
    assert worklist.list_withdrawals(session, johan) == []
    assert events(session, text)[-1] == "item.withdrawal_declined"


def test_the_person_who_asked_may_take_it_back(session, text, anna, browser_of):
    ask(browser_of(anna), text)
    address, fields = button_of(page_of(browser_of(anna).get(path_of(text))), "Ta tillbaka begäran")

    assert browser_of(anna).post(address, data=fields).status_code == 303

    assert session.scalars(select(Withdrawal)).one().outcome == "angrad"


def test_at_once_it_goes_by_one_and_stays_in_the_work_list_until_another_confirms(
    session, text, anna, johan, browser_of, client
):
    assert ask(browser_of(anna), text, "genast").status_code == 303
    assert places(client) == [410, False, False, False, False]
    assert "Fel nummer." in client.get("/vagledning/farlig").get_data(as_text=True)

    desk = (
        page_of(browser_of(johan).get("/redaktion")).select_one("[aria-labelledby=borttagningar]").get_text()
    )
    assert text.title in desk
    assert "Borttagen genast" in desk
    assert "Fel nummer." in desk
    address, fields = button_of(
        page_of(browser_of(johan).get(f"/redaktion/granska/{text.public_id}")), "Bekräfta borttagningen"
    )
    browser_of(johan).post(address, data=fields)

    assert client.get("/vagledning/farlig").status_code == 410
    assert worklist.list_withdrawals(session, johan) == []
    assert events(session, text) == ["item.withdrawn", "item.withdrawal_confirmed"]


def test_what_went_at_once_can_be_put_back_by_another_as_it_was(
    session, text, anna, johan, browser_of, client
):
    before = page_of(client.get("/vagledning/farlig")).main
    ask(browser_of(anna), text, "genast")
    page = page_of(browser_of(johan).get(f"/redaktion/granska/{text.public_id}"))
    address, fields = button_of(page, "Lägg tillbaka texten")

    assert browser_of(anna).post(address, data=fields).status_code == 403
    browser_of(johan).post(address, data=fields)

    session.expire_all()
    assert places(client) == [200, True, True, True, True]
    assert page_of(client.get("/vagledning/farlig")).main == before
    assert (text.workflow, text.version, text.withdrawn_reason) == ("vila", 1, None)
    assert events(session, text)[-1] == "item.put_back"


def test_a_reviewer_who_is_no_editor_can_take_away_at_once(session, text, sign_in, client):
    browser = sign_in(make_user(session, Role.REVIEWER))

    assert browser.get(f"{path_of(text)}/borttagning").status_code == 200
    assert ask(browser, text, "genast").status_code == 303
    assert client.get("/vagledning/farlig").status_code == 410


def test_the_review_of_a_withdrawn_text_without_a_draft_shows_the_text_and_no_changes(
    session, text, anna, johan, browser_of
):
    withdrawals.withdraw_now(session, text, reason="Fel.", replacement=None, by=anna)
    session.commit()

    page = page_of(browser_of(johan).get(f"/redaktion/granska/{text.public_id}"))

    assert "Hela texten" in page.main.get_text()
    assert "som läsarna ser" not in page.main.get_text()
    assert "Väntar på bekräftelse" in page.main.get_text()


def test_asking_twice_is_asking_once_and_asking_after_another_says_who_has(
    session, text, anna, johan, browser_of
):
    ask(browser_of(anna), text)

    assert ask(browser_of(anna), text).status_code == 303
    answer = ask(browser_of(johan), text, reason="Min egen orsak som är lång.")

    assert answer.status_code == 409
    assert "Anna har redan begärt" in answer.get_data(as_text=True)
    assert "Min egen orsak som är lång." in answer.get_data(as_text=True)
    assert len(session.scalars(select(Withdrawal)).all()) == 1


def test_another_may_do_at_once_what_was_asked_for(session, text, anna, johan, browser_of):
    ask(browser_of(anna), text)
    ask(browser_of(johan), text, "genast")

    assert [row.outcome for row in session.scalars(select(Withdrawal).order_by(Withdrawal.id))] == [
        "genast",
        "",
    ]
    [(_item, asked)] = worklist.list_withdrawals(session, anna)
    assert (asked.asked_by_name, asked.is_urgent) == ("Johan", True)


def test_a_decision_on_another_request_than_the_one_on_the_page_changes_nothing(session, text, anna, johan):
    first = withdrawals.request_withdrawal(session, text, reason="Fel.", replacement=None, by=anna)
    withdrawals.decline_withdrawal(session, text, seen=first.id, by=anna)
    withdrawals.request_withdrawal(session, text, reason="Annat.", replacement=None, by=anna)

    with pytest.raises(Refused):
        withdrawals.confirm_withdrawal(session, text, seen=first.id, by=johan)
    assert text.is_published


def test_published_anew_it_waits_for_nobody(session, anna, johan):
    item = published(session, anna, johan)
    withdrawals.withdraw_now(session, item, reason="Fel.", replacement=None, by=anna)
    save(session, item, anna, summary="Rättad.")
    review.submit_for_review(session, item, by=anna)
    review.approve_and_publish(session, item, by=johan)
    session.expire_all()

    assert worklist.list_withdrawals(session, johan) == []


def test_where_nobody_else_can_confirm_the_page_says_what_to_do(session, sign_in):
    unit = make_unit(session)
    item = make_item(session, make_document(visibility="enhet", unit=unit.public_id))
    alone = make_user(session, Role.EDITOR, Role.REVIEWER, unit=unit)
    session.commit()

    page = sign_in(alone).get(f"{path_of(item)}/borttagning").get_data(as_text=True)

    assert "administratör ge en person till rollen Granskare" in page


def test_a_request_for_a_text_of_another_unit_is_not_seen(session, anna, johan):
    unit = make_unit(session)
    item = make_item(session, make_document(visibility="enhet", unit=unit.public_id))
    insider = viewer_of(session, make_user(session, Role.EDITOR, unit=unit))
    withdrawals.request_withdrawal(session, item, reason="Fel.", replacement=None, by=insider)

    assert worklist.list_withdrawals(session, johan) == []


def test_those_who_may_decide_are_told_by_mail_once(app, session, text, anna, johan):
    outsider = make_user(session, Role.EDITOR)
    asked = withdrawals.withdraw_now(session, text, reason="Fel nummer.", replacement=None, by=anna)
    with app.app_context():
        mail_withdrawal(session, {"withdrawal": asked.id})
        mail_withdrawal(session, {"withdrawal": asked.id})

    letters = session.scalars(select(MailMessage)).all()
    assert johan.email in {letter.to for letter in letters}
    assert not {anna.email, outsider.email} & {letter.to for letter in letters}
    assert len({letter.to for letter in letters}) == len(letters)
    assert "Fel nummer." in letters[0].body
    assert letters[0].subject.startswith("Borttagen genast")


@pytest.mark.parametrize("act", ["bekraftelse", "avslag", "tillbakalaggning"])
def test_decisions_that_are_made_already_are_told_so(text, johan, browser_of, act):
    browser = browser_of(johan)

    response = browser.post(f"{path_of(text)}/borttagning/{act}", data={"begaran": "1"})

    assert response.status_code == 303
    assert "redan avgjord" in browser.get("/redaktion").get_data(as_text=True)


def test_what_is_withdrawn_is_counted_nowhere(session, text, anna, johan):
    topic = ("hot", "under", "vagledning")
    before = count_map(session, johan).get(topic, 0)
    asked = withdrawals.request_withdrawal(session, text, reason="Fel.", replacement=None, by=anna)
    assert count_map(session, johan)[topic] == before

    withdrawals.confirm_withdrawal(session, text, seen=asked.id, by=johan)

    assert count_map(session, johan).get(topic, 0) == before - 1
    assert (
        session.scalars(select(ContentItem).where(visible(johan), ContentItem.id == text.id)).first() is None
    )


def test_a_text_that_is_no_more_published_cannot_be_asked_for(session, text, anna, johan):
    withdrawals.withdraw_now(session, text, reason="Fel.", replacement=None, by=anna)

    with pytest.raises((Refused, Conflict)):
        withdrawals.request_withdrawal(session, text, reason="Fel.", replacement=None, by=johan)


ACTS = {
    "confirmed": withdrawals.confirm_withdrawal,
    "declined": withdrawals.decline_withdrawal,
    "put back": withdrawals.put_back,
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("begin", [withdrawals.request_withdrawal, withdrawals.withdraw_now])
def test_each_decision_is_made_once_and_only_of_what_it_is_for(session, text, anna, johan, begin, act):
    asked = begin(session, text, reason="Fel.", replacement=None, by=anna)
    is_for = {withdrawals.decline_withdrawal: not asked.is_urgent, withdrawals.put_back: asked.is_urgent}
    before = text.status

    if is_for.get(act, True):
        act(session, text, seen=asked.id, by=johan)
        done = text.status, asked.outcome, events(session, text)
        act(session, text, seen=asked.id, by=johan)
        assert (text.status, asked.outcome, events(session, text)) == done
    else:
        with pytest.raises(Refused, match=r"Lägg tillbaka|inte borttagen"):
            act(session, text, seen=asked.id, by=johan)
        assert (text.status, asked.outcome) == (before, "")


def test_what_is_put_back_keeps_the_draft_that_was_begun_meanwhile(session, anna, johan):
    item = published(session, anna, johan)
    asked = withdrawals.withdraw_now(session, item, reason="Fel.", replacement=None, by=anna)
    save(session, item, anna, summary="Rättad.")

    withdrawals.put_back(session, item, seen=asked.id, by=johan)

    assert (item.is_published, item.workflow) == (True, "utkast")
    assert item.latest_revision.content.summary == "Rättad."
    assert item.published_revision.content.summary != "Rättad."
