"""Addresses and links: renaming leads on, links are adopted, follow and hide as their target does."""

import pytest
from sqlalchemy import select

from kb.accounts.viewer import ANONYMOUS
from kb.audit.models import AuditEvent
from kb.errors import Invalid
from kb.library.content.document import Lesson, Section, Step
from kb.library.core.models.items import ItemSlug
from kb.library.core.models.lists import CommonSituation
from kb.library.core.queries.lists import list_situations
from kb.library.core.queries.reading import Moved, get_item_by_slug, get_reading, links_around
from kb.library.services import addresses, drafts, publication, review
from tests.addresses import path_of
from tests.factories import make_document, make_item, make_unit
from tests.library.drafts import published, save


def test_a_former_address_leads_on(session, anna):
    item = make_item(session, slug="hot")
    addresses.rename(session, item, "Hot mot personal", by=anna)

    with pytest.raises(Moved) as moved:
        get_reading(session, ANONYMOUS, item.kind, "hot")

    assert path_of(moved.value) == "/vagledning/hot-mot-personal"


def test_an_address_can_be_taken_back(session, anna):
    item = make_item(session, slug="a")
    for slug in ("b", "c", "a"):
        addresses.rename(session, item, slug, by=anna)

    assert item.slug == "a"
    assert set(session.scalars(select(ItemSlug.slug))) == {"b", "c"}


def test_the_address_of_another_text_is_refused_also_a_former_one(session, anna):
    other = make_item(session, slug="upptagen")
    addresses.rename(session, other, "ny", by=anna)
    item = make_item(session, slug="min")

    for slug in ("upptagen", "ny", "!!!", " "):
        with pytest.raises(Invalid):
            addresses.rename(session, item, slug, by=anna)
    assert item.slug == "min"


@pytest.mark.parametrize("typed", ["hot", "Hot", " HOT! "])
def test_renaming_to_the_same_address_changes_nothing(session, anna, typed):
    item = make_item(session, slug="hot")
    events = session.scalars(select(AuditEvent.id)).all()

    addresses.rename(session, item, typed, by=anna)
    session.flush()

    assert (item.slug, item.is_edited_here) == ("hot", False)
    assert session.scalars(select(ItemSlug.slug)).all() == []
    assert session.scalars(select(AuditEvent.id)).all() == events
    assert get_reading(session, ANONYMOUS, item.kind, "hot").item is item


def test_renaming_keeps_the_short_cut_on_the_start_page(session, anna):
    make_item(session, slug="genvag")
    session.add(CommonSituation(title="Hot", icon="hot", item_slug="genvag"))
    item = get_item_by_slug(session, "genvag")

    addresses.rename(session, item, "ny-genvag", by=anna)

    assert "/vagledning/ny-genvag" in [path_of(s) for s in list_situations(session, ANONYMOUS, 50)]


def targets(session, item):
    """Where the item's links lead, for a reader."""
    links, _back = links_around(session, ANONYMOUS, item.id)
    return [(link.place, link.place_key, link.slug) for link in links]


def test_links_are_adopted_when_their_target_appears(session, anna, johan):
    step = Step(id="las", text="Läs.", guidance="malet")
    pointing = make_item(session, make_document("checklista", sections=(Section(title="A", steps=(step,)),)))
    story = make_item(
        session,
        make_document(
            "berattelse",
            lessons=(Lesson(text="Lär.", item="malet"),),
            body='<p><a href="/vagledning/malet">M</a></p>',
        ),
    )
    assert targets(session, pointing) == []

    target = drafts.create_item(session, make_document(title="Målet"), by=anna, slug="malet")
    assert targets(session, pointing) == []
    review.submit_for_review(session, target, by=anna)
    review.approve_and_publish(session, target, by=johan)

    assert targets(session, pointing) == [("step", "las", "malet")]
    assert targets(session, story) == [("lesson", "0", "malet"), ("body", "", "malet")]
    _out, back = links_around(session, ANONYMOUS, target.id)
    assert {link.slug for link in back} == {pointing.slug, story.slug}


def test_links_follow_a_renamed_target_and_survive_a_new_version(session, anna, johan):
    target = make_item(session, slug="gammal")
    pointing = published(session, anna, johan, make_document(related=("gammal",)))
    addresses.rename(session, target, "ny", by=anna)
    assert targets(session, pointing) == [("related", "", "ny")]

    save(session, pointing, anna, title="Version två")
    review.submit_for_review(session, pointing, by=anna)
    review.approve_and_publish(session, pointing, by=johan)

    assert targets(session, pointing) == [("related", "", "ny")]


def test_links_to_a_name_are_adopted_when_a_text_gets_it(session, anna):
    pointing = make_item(session, make_document(related=("ratt-namn",)))
    target = make_item(session, slug="fel-namn")

    addresses.rename(session, target, "ratt-namn", by=anna)

    assert targets(session, pointing) == [("related", "", "ratt-namn")]


def test_links_to_a_withdrawn_text_are_hidden_and_come_back(session, anna, johan):
    target = published(session, anna, johan)
    pointing = make_item(session, make_document(related=(target.slug,)))
    publication.withdraw(session, target, reason="Fel.", replacement=None, by=anna)
    assert targets(session, pointing) == []

    review.submit_for_review(session, target, by=anna)
    review.approve_and_publish(session, target, by=johan)

    assert targets(session, pointing) == [("related", "", target.slug)]


def test_links_to_internal_texts_are_hidden_from_others(session):
    unit = make_unit(session)
    make_item(session, make_document(visibility="enhet", unit=unit.public_id), slug="hemlig")
    pointing = make_item(session, make_document(related=("hemlig",)))

    assert targets(session, pointing) == []
