"""Review, publication, withdrawal, addresses and history in the browser without script."""

from dataclasses import replace

import pytest

from kb import clock
from kb.accounts.roles import Role
from kb.library.core.models.items import ContentItem
from kb.library.services import drafts, publication, review
from tests.factories import make_document, make_draft, make_item, make_unit, make_user, viewer_of
from tests.forms import page_of


@pytest.fixture
def people(session):
    """Anna writes and reviews, Johan reviews."""
    unit = make_unit(session)
    return {
        "anna": make_user(session, Role.EDITOR, Role.REVIEWER, unit=unit, name="Anna"),
        "johan": make_user(session, Role.REVIEWER, unit=unit, name="Johan"),
        "eva": make_user(session, Role.EDITOR, unit=unit, name="Eva"),
    }


@pytest.fixture
def anna(people, sign_in):
    """Anna's browser."""
    return sign_in(people["anna"])


@pytest.fixture
def johan(people, sign_in):
    """Johan's browser."""
    return sign_in(people["johan"])


@pytest.fixture
def eva(people, sign_in):
    """Eva's browser; she only writes."""
    return sign_in(people["eva"])


@pytest.fixture
def waiting(session, people):
    """A draft that Anna has sent to review."""
    by = viewer_of(session, people["anna"])
    item = make_draft(session, make_document(title="Bombhot"), by=by)
    review.submit_for_review(session, item, by=by)
    session.commit()
    return item


def path_of(item):
    """The edit page of an item."""
    return f"/redaktion/{item.kind}/{item.public_id}"


def state_of(session, item):
    """Status and workflow as stored."""
    session.expire_all()
    found = session.get(ContentItem, item.id)
    return found.status, found.workflow


def seen(item):
    """What the buttons of the review page send."""
    return {"revision": str(item.latest_revision_id)}


def box(browser, name):
    """A box of the work list as words."""
    heading = page_of(browser.get("/redaktion")).find(id=name)
    return heading.find_parent("section").get_text(" ", strip=True) if heading else None


# Work list


def test_what_waits_is_shown_to_reviewers_only(waiting, anna, johan, eva):
    assert "Bombhot Från Anna, i dag" in box(johan, "att-granska")
    assert "Din egen text" in box(anna, "att-granska")
    assert box(eva, "att-granska") is None
    assert "Till granskning" in box(anna, "utkast")
    assert box(johan, "utkast") is None


def test_a_request_for_changes_is_quoted_for_the_writer(session, waiting, anna, johan):
    response = johan.post(f"{path_of(waiting)}/andringsbegaran", data={"text": "Källan är gammal."})

    assert response.status_code == 303
    assert state_of(session, waiting) == ("utkast", "andring")
    assert "Johan: ”Källan är gammal.” Ändring begärd" in box(anna, "utkast")
    assert "Källan är gammal." in page_of(anna.get(path_of(waiting))).select_one(".panel").get_text()
    assert "Klart. Inget väntar." in box(johan, "att-granska")


def test_texts_to_review_again_are_listed_with_how_late_they_are(session, eva):
    make_item(session, make_document(title="Gammal", checked_on="2024-01-01"))
    make_item(session, make_document(title="Färsk", checked_on=str(clock.today())))
    session.commit()

    words = box(eva, "gar-ut")

    assert "Gammal Försenad" in words
    assert "Färsk" not in words
    assert "2 Texter" in box(eva, "inte-granskade")


def test_a_withdrawn_text_is_no_draft_of_its_writer(session, people, anna):
    item = make_item(session, by=viewer_of(session, people["anna"]))
    publication.withdraw(
        session, item, reason="Fel.", replacement=None, by=viewer_of(session, people["anna"])
    )
    session.commit()

    assert item.title not in box(anna, "utkast")


# Decisions


def test_the_review_page_shows_the_word_diff_against_what_readers_see(session, people, johan):
    item = make_item(session, make_document(title="Två ställen"))
    by = viewer_of(session, people["anna"])
    changed = replace(item.published_revision.content, title="Tre ställen")
    drafts.save_draft(session, item, changed, base=item.latest_revision_id, by=by, reason="Ny lag")
    review.submit_for_review(session, item, by=by)
    session.commit()

    page = page_of(johan.get(f"/redaktion/granska/{item.public_id}"))

    assert page.select_one(".diff del").get_text() == "borttaget: Två "
    assert page.select_one(".diff ins").get_text() == "tillagt: Tre "
    assert "Från Anna, i dag. Orsak: Ny lag" in page.main.get_text()
    assert "Jämfört med version 1" in page.main.get_text()


def test_approve_and_publish_in_one_step(session, waiting, johan, client):
    response = johan.post(f"{path_of(waiting)}/publicering", data=seen(waiting))

    assert response.status_code == 303
    assert "publicerad, version 1" in johan.get(response.location).get_data(as_text=True)
    page = page_of(client.get("/vagledning/bombhot"))
    assert page.h1.get_text() == "Bombhot"
    assert "Granskad av Johan" in page.get_text()


def test_approve_first_publish_later(session, waiting, johan, client):
    johan.post(f"{path_of(waiting)}/godkannande", data=seen(waiting))

    assert state_of(session, waiting) == ("utkast", "godkand")
    assert client.get("/vagledning/bombhot").status_code == 404
    assert "Godkänd" in box(johan, "att-granska")
    johan.post(f"{path_of(waiting)}/publicering", data=seen(waiting))
    assert state_of(session, waiting) == ("publicerad", "vila")


def test_a_writer_who_is_also_reviewer_is_told_why_not(session, waiting, anna):
    page = page_of(anna.get(f"/redaktion/granska/{waiting.public_id}"))
    response = anna.post(f"{path_of(waiting)}/publicering", data=seen(waiting))

    assert "Du har själv skrivit på texten" in page.main.get_text()
    assert not page.select('form[action$="publicering"], form[action$="godkannande"]')
    assert response.status_code == 403
    assert "En annan person behöver granska den." in response.get_data(as_text=True)
    assert state_of(session, waiting) == ("utkast", "granskning")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Läsarna ser den på /vagledning/"),
        ({"visibility": "intern"}, "De som är inloggade ser den på /vagledning/"),
        ({"valid_from": "2098-03-01"}, "Läsarna ser den från 1 mars 2098, inte före den dagen."),
    ],
)
def test_publishing_says_who_sees_the_text_and_from_when(session, people, johan, values, words):
    by = viewer_of(session, people["anna"])
    item = make_draft(session, make_document(**values), by=by)
    review.submit_for_review(session, item, by=by)
    session.commit()

    response = johan.post(f"{path_of(item)}/publicering", data=seen(item))

    assert f"Texten är publicerad, version 1. {words}" in johan.get(response.location).text


@pytest.mark.parametrize("act", ["godkannande", "publicering", "andringsbegaran", "bekraftelse"])
def test_who_only_writes_decides_nothing(session, waiting, eva, act):
    assert eva.post(f"{path_of(waiting)}/{act}", data={"text": "x", **seen(waiting)}).status_code == 403
    assert eva.get(f"/redaktion/granska/{waiting.public_id}").status_code == 403
    assert state_of(session, waiting) == ("utkast", "granskning")


@pytest.mark.parametrize("act", ["granskning", "radering", "aterstallning", "adress"])
def test_who_only_reviews_changes_nothing(session, waiting, johan, act):
    assert johan.post(f"{path_of(waiting)}/{act}", data={"reason": "x", "slug": "x"}).status_code == 403


@pytest.mark.parametrize("revision", ["", "0", "x", "999999999999999999999"])
def test_a_decision_on_something_else_than_what_was_read_is_a_conflict(session, waiting, johan, revision):
    response = johan.post(f"{path_of(waiting)}/publicering", data={"revision": revision})

    assert response.status_code == 409
    assert state_of(session, waiting) == ("utkast", "granskning")


def test_publishing_what_was_not_sent_is_refused(session, johan):
    draft = make_draft(session)
    session.commit()

    assert johan.post(f"{path_of(draft)}/publicering", data=seen(draft)).status_code == 409
    assert state_of(session, draft) == ("utkast", "utkast")


def test_an_empty_comment_is_asked_for(session, waiting, johan):
    response = johan.post(f"{path_of(waiting)}/andringsbegaran", data={"text": "  "})

    assert response.status_code == 422
    assert page_of(response).select_one('a[href="#text"]').get_text() == "Skriv vad som behöver ändras."
    assert state_of(session, waiting) == ("utkast", "granskning")


def test_an_empty_comment_on_what_is_decided_already_says_so(session, johan):
    """The page has no field then that a message could lead to."""
    draft = make_draft(session)
    session.commit()

    assert johan.post(f"{path_of(draft)}/andringsbegaran", data={"text": ""}).status_code == 409
    assert state_of(session, draft) == ("utkast", "utkast")


def test_too_long_a_comment_is_kept(session, waiting, johan):
    response = johan.post(f"{path_of(waiting)}/andringsbegaran", data={"text": "ord " * 2000})

    assert response.status_code == 422
    assert "ord ord ord" in page_of(response).select_one("#text").get_text()


def test_a_shipped_text_is_confirmed(session, johan, client):
    item = make_item(session, slug="hot")
    session.commit()

    response = johan.post(f"{path_of(item)}/bekraftelse")

    assert response.status_code == 303
    assert "Granskad av Johan" in client.get("/vagledning/hot").get_data(as_text=True)
    assert "är granskad av Johan" in johan.get(response.location).get_data(as_text=True)


# Withdrawing and addresses


def test_a_text_is_taken_away_after_a_page_that_says_what_happens(session, anna, client):
    item, other = make_item(session, slug="gammal"), make_item(session, slug="ny")
    session.commit()
    page = page_of(anna.get(f"{path_of(item)}/borttagning"))
    assert "Inget raderas." in page.main.get_text()

    response = anna.post(
        f"{path_of(item)}/borttagning",
        data={"gor": "genast", "reason": "Lagen gäller inte.", "replacement": "/vagledning/ny"},
    )

    assert response.status_code == 303
    gone = client.get("/vagledning/gammal")
    assert gone.status_code == 410
    assert "Lagen gäller inte." in gone.get_data(as_text=True)
    assert other.title in gone.get_data(as_text=True)
    assert client.get("/vagledning/gammal/historik").status_code == 410


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"reason": " "}, "reason"), ({"reason": "Fel.", "replacement": "finns-inte"}, "replacement")],
    ids=["no reason", "unknown replacement"],
)
def test_taking_away_asks_for_what_is_missing(session, anna, typed, field):
    item = make_item(session)
    session.commit()

    response = anna.post(f"{path_of(item)}/borttagning", data=typed)

    assert response.status_code == 422
    assert page_of(response).select_one(f'a[href="#{field}"]')
    assert state_of(session, item)[0] == "publicerad"


def test_a_text_does_not_replace_itself(session, anna):
    item = make_item(session, slug="sig-sjalv")
    session.commit()

    response = anna.post(f"{path_of(item)}/borttagning", data={"reason": "Fel.", "replacement": "sig-sjalv"})

    assert response.status_code == 422
    assert "kan inte ersätta sig själv" in response.get_data(as_text=True)


def test_a_draft_cannot_be_taken_away(session, anna):
    draft = make_draft(session)
    session.commit()

    assert "Bara en publicerad text" in anna.get(f"{path_of(draft)}/borttagning").get_data(as_text=True)
    assert anna.post(f"{path_of(draft)}/borttagning", data={"reason": "Fel."}).status_code == 409


def test_a_new_address_is_reached_from_the_old_one(session, anna, client):
    item = make_item(session, slug="hot")
    session.commit()

    response = anna.post(f"{path_of(item)}/adress", data={"slug": "Hot på jobbet"})

    assert response.status_code == 303
    moved = client.get("/vagledning/hot")
    assert (moved.status_code, moved.location) == (301, "/vagledning/hot-pa-jobbet")
    history = client.get("/vagledning/hot/historik")
    assert (history.status_code, history.location) == (301, "/vagledning/hot-pa-jobbet/historik")


def test_the_same_address_again_leads_nowhere_else(session, anna, client):
    item = make_item(session, slug="hot")
    session.commit()

    response = anna.post(f"{path_of(item)}/adress", data={"slug": "hot"})

    assert response.status_code == 303
    said = page_of(anna.get(response.location)).get_text()
    assert "Texten har redan den adressen." in said
    assert "leder vidare" not in said
    assert client.get("/vagledning/hot").status_code == 200
    session.expire_all()
    assert (item.slug, item.is_edited_here) == ("hot", False)


@pytest.mark.parametrize("slug", ["", "!!!", "upptagen", "x" * 81])
def test_an_address_that_does_not_do_is_kept_in_the_form(session, anna, slug):
    make_item(session, slug="upptagen")
    item = make_item(session, slug="min")
    session.commit()

    response = anna.post(f"{path_of(item)}/adress", data={"slug": slug})

    assert response.status_code == 422
    assert page_of(response).select_one("#slug")["value"] == slug
