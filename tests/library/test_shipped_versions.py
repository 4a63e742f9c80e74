"""An upgrade never publishes over what somebody here has vouched for."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.errors import Conflict, Refused
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.models.reviewing import ShippedVersion
from kb.library.core.workflow import Origin
from kb.library.intake import loading
from kb.library.intake.loading import Report, load_batch
from kb.library.intake.records import Record
from kb.library.services import addresses, publication, review, shipping
from tests.factories import make_unit, make_user, viewer_of
from tests.forms import page_of
from tests.library.drafts import published, save

RECORD = {
    "kind": "vagledning",
    "slug": "ett-rad",
    "title": "Ett råd",
    "summary": "Kort.",
    "topics": ["hot"],
    "phases": ["under"],
    "owner": "Redaktionen",
    "sources": [{"title": "Källa"}],
    "body": "Första lydelsen.",
}


def ship(session, origin=Origin.SHIPPED, **changes):
    """Start with a shipped text in this wording."""
    report = Report()
    record = Record("ett-rad.md", "ett-rad.md", {**RECORD, **changes})
    load_batch(session, [record], report, publish=True, by=SYSTEM, origin=origin)
    session.flush()
    assert report.failed == []
    return next(name for name, number in report.counts().items() if number)


def text(session):
    """The text."""
    session.flush()
    session.expire_all()
    return session.scalars(select(ContentItem).where(ContentItem.slug == "ett-rad")).one()


def confirmed(session, anna, _johan):
    review.confirm(session, text(session), by=anna)


def edited(session, anna, johan):
    item = text(session)
    save(session, item, anna, summary="Vår ingress.")
    review.submit_for_review(session, item, by=anna)
    review.approve_and_publish(session, item, by=johan)


def begun(session, anna, _johan):
    save(session, text(session), anna, summary="Vårt utkast.")


def loaded(session, _anna, _johan):
    ship(session, Origin.LOADED, body="Inläst av oss.")


def renamed(session, anna, _johan):
    addresses.rename(session, text(session), "vart-namn", by=anna)
    addresses.rename(session, text_by_id(session), "ett-rad", by=anna)


def text_by_id(session):
    """The text whatever its address."""
    return session.scalars(select(ContentItem).where(ContentItem.title == "Ett råd")).one()


VOUCHED = [confirmed, edited, begun, loaded, renamed]


def test_a_text_that_nobody_has_vouched_for_is_renewed_and_listed(session, anna):
    ship(session)

    assert ship(session, body="Andra lydelsen.") == "updated"

    item = text(session)
    assert "Andra lydelsen." in item.published_revision.content.body
    assert (item.version, item.origin, item.is_edited_here) == (2, "radrum", False)
    assert [renewed.id for renewed, _revision in shipping.list_renewed(session, anna)] == [item.id]
    assert shipping.list_offers(session, anna) == []


@pytest.mark.parametrize("vouch", VOUCHED, ids=[vouch.__name__ for vouch in VOUCHED])
def test_a_text_that_somebody_has_vouched_for_stays_and_the_new_version_waits(session, anna, johan, vouch):
    ship(session)
    vouch(session, anna, johan)
    item = text(session)
    before = (
        item.version,
        item.published_revision_id,
        item.latest_revision_id,
        item.reviewed_by_name,
        item.status,
    )

    assert ship(session, body="Andra lydelsen.") == "offered"
    assert ship(session, body="Andra lydelsen.") == "unchanged"

    item = text(session)
    after = (
        item.version,
        item.published_revision_id,
        item.latest_revision_id,
        item.reviewed_by_name,
        item.status,
    )
    assert after == before
    [(found, waiting)] = shipping.list_offers(session, anna)
    assert found.id == item.id
    assert "Andra lydelsen." in waiting.content.body


def test_the_newest_of_several_waits(session, anna, johan):
    ship(session)
    confirmed(session, anna, johan)
    ship(session, body="Andra lydelsen.")

    assert ship(session, body="Tredje lydelsen.") == "offered"

    [(_item, waiting)] = shipping.list_offers(session, anna)
    assert "Tredje" in waiting.content.body


def test_a_version_that_says_what_is_published_here_does_not_wait(session, anna, johan):
    ship(session)
    confirmed(session, anna, johan)
    ship(session, body="Andra lydelsen.")

    assert ship(session) == "unchanged"
    assert shipping.list_offers(session, anna) == []


def test_a_text_that_was_taken_away_here_stays_away(session, anna):
    ship(session)
    publication.withdraw(session, text(session), reason="Fel.", replacement=None, by=anna)

    assert ship(session, body="Andra lydelsen.") == "kept"
    assert text(session).status == "borttagen"
    assert shipping.list_offers(session, anna) == []


def test_taken_over_it_is_published_with_the_reviewer_and_without_widening_who_may_read(session, johan):
    ship(session)
    unit = make_unit(session)
    insider = viewer_of(session, make_user(session, Role.EDITOR, Role.REVIEWER, unit=unit, name="Inga"))
    item = text(session)
    save(session, item, insider, visibility="enhet", unit=unit.public_id, owner="Insatsen")
    review.submit_for_review(session, item, by=insider)
    reviewer = viewer_of(session, make_user(session, Role.REVIEWER, unit=unit))
    review.approve_and_publish(session, item, by=reviewer)
    ship(session, body="Andra lydelsen.")
    [(item, waiting)] = shipping.list_offers(session, insider)

    shipping.take_over(session, item, digest=waiting.digest, by=insider)

    item = text(session)
    document = item.published_revision.content
    assert (item.reviewed_by_name, item.visibility, document.owner) == ("Inga", "enhet", "Insatsen")
    assert "Andra lydelsen." in document.body
    assert shipping.list_offers(session, johan) == shipping.list_offers(session, insider) == []
    assert ship(session, body="Andra lydelsen.") == "unchanged"
    assert ship(session, body="Tredje lydelsen.") == "offered"


def test_a_version_that_was_declined_is_not_offered_again(session, anna, johan):
    ship(session)
    confirmed(session, anna, johan)
    ship(session, body="Andra lydelsen.")
    [(item, waiting)] = shipping.list_offers(session, anna)

    shipping.keep_own(session, item, digest=waiting.digest, by=anna)

    assert ship(session, body="Andra lydelsen.") == "unchanged"
    assert shipping.list_offers(session, anna) == []
    assert "Första" in text(session).published_revision.content.body


DECISIONS = {
    "taken over": shipping.take_over,
    "taken as a draft": shipping.take_as_draft,
    "declined": shipping.keep_own,
}


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS)
def test_another_version_than_the_one_that_was_read_is_not_decided_on(session, anna, johan, decide):
    ship(session)
    confirmed(session, anna, johan)
    ship(session, body="Andra lydelsen.")
    [(item, seen)] = shipping.list_offers(session, anna)
    digest = seen.digest
    ship(session, body="Tredje lydelsen.")

    with pytest.raises(Conflict, match="nyare version"):
        decide(session, item, digest=digest, by=anna)

    assert text(session).version == 1
    assert len(shipping.list_offers(session, anna)) == 1


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS)
def test_a_second_click_says_that_it_is_done_and_changes_nothing(session, anna, johan, decide):
    ship(session)
    confirmed(session, anna, johan)
    ship(session, body="Andra lydelsen.")
    [(item, waiting)] = shipping.list_offers(session, anna)
    digest = waiting.digest
    decide(session, item, digest=digest, by=anna)
    before = item.version, item.latest_revision_id, item.workflow

    if decide is shipping.take_over:
        decide(session, item, digest=digest, by=anna)
    with pytest.raises(Refused, match="redan avgjord"):
        decide(session, item, digest=digest, by=johan)

    assert (item.version, item.latest_revision_id, item.workflow) == before


@pytest.mark.parametrize("decide", [shipping.take_over, shipping.take_as_draft])
def test_what_was_taken_away_while_a_version_waits_is_not_published_by_it(session, anna, johan, decide):
    ship(session)
    confirmed(session, anna, johan)
    ship(session, body="Andra lydelsen.")
    [(item, waiting)] = shipping.list_offers(session, anna)
    publication.withdraw(session, item, reason="Fel.", replacement=None, by=johan)

    with pytest.raises(Refused, match="inte publicerad"):
        decide(session, item, digest=waiting.digest, by=anna)

    assert text(session).status == "borttagen"


# The pages


@pytest.fixture
def reviewer(session, sign_in):
    """A reviewer's browser."""
    return sign_in(make_user(session, Role.EDITOR, Role.REVIEWER, name="Rut"))


def chosen(page):
    """What the ticked boxes send."""
    return [box["value"] for box in page.select("input[name=text][checked]")]


def test_the_work_list_leads_to_the_difference_and_one_button_takes_over_many(
    session, reviewer, client, anna, johan
):
    for number in range(3):
        ship(session, slug=f"rad-{number}", title=f"Råd {number}")
    session.expire_all()
    for item in session.scalars(select(ContentItem).where(ContentItem.slug.like("rad-%"))):
        review.confirm(session, item, by=anna)
    for number in range(3):
        ship(session, slug=f"rad-{number}", title=f"Råd {number}", body="Andra lydelsen.")
    session.commit()

    assert "Nya versioner från Rådrum" in page_of(reviewer.get("/redaktion")).main.get_text()
    page = page_of(reviewer.get("/redaktion/nya-versioner"))
    assert "Granskad av Anna" in page.main.get_text()
    one = page_of(reviewer.get(page.select_one("fieldset a")["href"]))
    assert one.select_one(".diff del, del").get_text(strip=True).endswith("Första")
    response = reviewer.post("/redaktion/nya-versioner", data={"text": chosen(page), "gor": "ta-over"})

    assert response.status_code == 303
    assert "3 texter är tagna över" in reviewer.get(response.location).get_data(as_text=True)
    for number in range(3):
        shown = client.get(f"/vagledning/rad-{number}").get_data(as_text=True)
        assert "Andra lydelsen." in shown
        assert "Granskad av Rut" in shown


def test_what_is_edited_here_is_not_ticked_beforehand_and_a_draft_is_never_buried(
    session, reviewer, anna, johan
):
    ship(session)
    begun(session, anna, johan)
    ship(session, body="Andra lydelsen.")
    session.commit()
    page = page_of(reviewer.get("/redaktion/nya-versioner"))
    value = page.select_one("input[name=text]")["value"]

    assert chosen(page) == []
    assert "Ett utkast pågår" in page.get_text()
    response = reviewer.post("/redaktion/nya-versioner", data={"text": value, "gor": "ta-over"})
    assert "pågår. Publicera det först." in reviewer.get(response.location).get_data(as_text=True)
    assert text(session).latest_revision.content.summary == "Vårt utkast."


def test_a_new_version_can_be_taken_as_a_draft_that_another_reviews(session, reviewer, anna, johan):
    ship(session)
    edited(session, anna, johan)
    ship(session, body="Andra lydelsen.")
    session.commit()
    waiting = session.scalars(select(ShippedVersion)).one()
    item = text(session)
    address = f"/redaktion/nya-versioner/{item.public_id}"

    response = reviewer.post(f"{address}/utkast", data={"digest": waiting.digest})

    item = text(session)
    assert (response.status_code, item.workflow) == (303, "utkast")
    assert "Andra lydelsen." in item.latest_revision.content.body
    assert item.published_revision.content.summary == "Vår ingress."
    assert reviewer.get(address).status_code == 404


def test_an_editor_may_look_but_not_take_over(session, sign_in, anna, johan):
    ship(session)
    confirmed(session, anna, johan)
    ship(session, body="Andra lydelsen.")
    browser = sign_in(make_user(session, Role.EDITOR))

    assert "Ta över" not in browser.get("/redaktion/nya-versioner").get_data(as_text=True)
    assert browser.post("/redaktion/nya-versioner", data={"text": "x:y"}).status_code == 403


@pytest.mark.parametrize("typed", [{}, {"text": "finns-inte:0"}, {"text": ":"}, {"text": "å"}])
def test_odd_input_is_told_so(session, reviewer, typed):
    response = reviewer.post("/redaktion/nya-versioner", data=typed)

    assert response.status_code in {303, 404}


def test_the_text_of_another_unit_is_not_met_here(session, reviewer, anna, johan):
    ship(session)
    unit = make_unit(session)
    insider = viewer_of(session, make_user(session, Role.EDITOR, unit=unit))
    save(session, text(session), insider, visibility="enhet", unit=unit.public_id, title="Kvastfening")
    ship(session, body="Andra lydelsen.")
    session.commit()

    assert "Ett råd" not in reviewer.get("/redaktion/nya-versioner").get_data(as_text=True)
    assert reviewer.get(f"/redaktion/nya-versioner/{text(session).public_id}").status_code == 404


def test_loading_ones_own_file_over_a_shipped_text_makes_it_ones_own(session, anna):
    ship(session)

    assert ship(session, Origin.LOADED, body="Vår lydelse.") == "updated"
    assert ship(session, body="Andra lydelsen.") == "offered"
    assert "Vår lydelse." in text(session).published_revision.content.body


def test_starting_again_and_again_makes_nothing_double(session, anna, johan):
    ship(session)
    confirmed(session, anna, johan)
    for _ in range(3):
        ship(session, body="Andra lydelsen.")

    assert session.scalar(select(func.count()).select_from(ShippedVersion)) == 1
    assert session.scalar(select(func.count()).where(Revision.item_id == text(session).id)) == 1


def test_published_here_is_never_the_shipped_text_alone(session, anna, johan):
    item = published(session, anna, johan)

    assert shipping.is_vouched_for(item)
    assert not loading.Report().offered
    assert shipping.ours(item, replace(item.published_revision.content, owner="Andra")).owner == "Redaktionen"


def test_one_that_is_gone_does_not_hide_what_became_of_the_others(session, reviewer, anna, johan):
    ship(session)
    confirmed(session, anna, johan)
    ship(session, body="Andra lydelsen.")
    session.commit()
    [value] = chosen(page_of(reviewer.get("/redaktion/nya-versioner")))

    response = reviewer.post("/redaktion/nya-versioner", data={"text": ["borta:0", value]})

    shown = reviewer.get(response.location).get_data(as_text=True)
    assert "En av texterna finns inte längre." in shown
    assert "1 text är tagen över och granskad av dig." in shown
