"""The history of a text: what readers may know of it, and all revisions for editors."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.library.core.models.items import ContentItem, Revision
from kb.library.services import drafts, review
from tests.factories import make_document, make_item, make_unit, make_user, viewer_of
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


def path_of(item):
    """The edit page of an item."""
    return f"/redaktion/{item.kind}/{item.public_id}"


def test_the_public_history_of_one_version(session, client):
    make_item(session, slug="hot")
    session.commit()

    page = page_of(client.get("/vagledning/hot/historik"))

    assert "Första versionen" in page.main.get_text()
    assert [cell.get_text() for cell in page.select("tbody td")][1] == "Inläst"


def republish(session, item, people, **values):
    """Another published version, by Anna, reviewed by Johan."""
    by, reviewer = viewer_of(session, people["anna"]), viewer_of(session, people["johan"])
    document = replace(item.latest_revision.content, **values)
    drafts.save_draft(session, item, document, base=item.latest_revision_id, by=by, reason="Ny lag")
    review.submit_for_review(session, item, by=by)
    review.approve_and_publish(session, item, by=reviewer)


def test_the_public_history_compares_published_versions_only(session, people, client):
    item = make_item(session, make_document(title="Ett"), slug="hot")
    republish(session, item, people, title="Två")
    draft = replace(item.latest_revision.content, title="Hemligt utkast")
    drafts.save_draft(
        session,
        item,
        draft,
        base=item.latest_revision_id,
        by=viewer_of(session, people["anna"]),
        reason="Hemlig orsak",
    )
    session.commit()

    page = page_of(client.get("/vagledning/hot/historik"))

    assert "Anna, granskad av Johan" in page.main.get_text()
    assert "Ny lag" in page.main.get_text()
    assert page.select_one(".diff del").get_text() == "borttaget: Ett"
    assert "Hemlig" not in page.get_text()
    assert "Hemlig" not in client.get("/vagledning/hot/historik?fran=2&till=3").get_data(as_text=True)


def test_an_internal_text_has_no_public_history(session, client):
    make_item(session, make_document(visibility="intern"), slug="intern")
    session.commit()

    assert client.get("/vagledning/intern/historik").status_code == 404


def test_versions_from_when_a_text_was_internal_stay_internal(session, people, client, anna):
    item = make_item(session, make_document(title="Internt namn", visibility="intern"), slug="text")
    republish(session, item, people, title="Öppet namn", visibility="oppen")
    session.commit()

    assert "Internt namn" not in client.get("/vagledning/text/historik?fran=1&till=2").get_data(as_text=True)
    assert "Internt" in anna.get("/vagledning/text/historik?fran=1&till=2").get_data(as_text=True)


def test_editors_compare_any_two_revisions_and_bring_one_back(session, people, anna):
    item = make_item(session, make_document(title="Ett"))
    republish(session, item, people, title="Två")
    by = viewer_of(session, people["anna"])
    drafts.save_draft(
        session, item, replace(item.latest_revision.content, title="Tre"), base=item.latest_revision_id, by=by
    )
    session.commit()

    page = page_of(anna.get(f"{path_of(item)}/historik?fran=3&till=1"))
    assert page.select_one(".diff ins").get_text() == "tillagt: Tre"
    form = next(
        form for form in page.select('form[action$="aterstallning"]') if form.select_one('[value="1"]')
    )
    response = anna.post(
        form["action"], data={field["name"]: field["value"] for field in form.select("input")}
    )

    assert response.status_code == 303
    session.expire_all()
    assert session.get(ContentItem, item.id).latest_revision.content.title == "Ett"


@pytest.mark.parametrize("query", ["fran=x&till=y", "fran=99&till=1", "fran=1", "fran=-1&till=0"])
def test_odd_choices_of_versions_show_the_newest_two(session, people, client, query):
    item = make_item(session, slug="hot")
    republish(session, item, people, title="Två")
    session.commit()

    assert client.get(f"/vagledning/hot/historik?{query}").status_code == 200


def test_bringing_back_on_top_of_something_newer_is_a_conflict(session, anna):
    item = make_item(session)
    session.commit()

    response = anna.post(f"{path_of(item)}/aterstallning", data={"nummer": "1", "base": "0"})

    assert response.status_code == 409
    assert anna.post(f"{path_of(item)}/aterstallning", data={"nummer": "7", "base": "0"}).status_code == 404
    assert len(session.scalars(select(Revision.id).where(Revision.item_id == item.id)).all()) == 1
