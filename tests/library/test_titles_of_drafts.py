"""A draft for one unit: its title and its words reach nobody else, on any page where the text is listed or counted."""

import pytest
from flask.testing import FlaskClient

from kb import clock
from kb.accounts.roles import Role
from kb.library.content.document import Document
from kb.library.core.models.reviewing import ReviewNote
from kb.library.editing import worklist
from kb.library.editing.jobs import mail_review_note
from kb.library.editing.worklist import ItemFilter
from kb.library.services import publication, review, revisions
from kb.mail.models import MailMessage
from tests.addresses import path_of
from tests.factories import make_document, make_draft, make_item, make_unit, make_user, viewer_of
from tests.library.drafts import published, save

SECRET = "Kvastfening"  # a word that nothing else holds
STATES = ["utkast", "granskning", "andring", "godkand", "borttagen", "ny"]
LISTS = [
    "/redaktion",
    "/redaktion/innehall",
    "/redaktion/innehall?ord=kvastfening",
    "/redaktion/innehall?lage=utkast",
    "/redaktion/innehall?lage=granskning",
    "/redaktion/innehall?lage=andring",
    "/redaktion/innehall?lage=godkand",
    "/redaktion/innehall?lage=publicerad",
    "/redaktion/innehall?lage=borttagen",
    "/redaktion/innehall?amne=vald",
    "/redaktion/innehall?granskning=snart",
    "/redaktion/innehall?granskning=saknas",
    "/redaktion/sokningar",
    "/redaktion/utvalda-svar",
    "/redaktion/lagen",
    "/administration/handelser",
    "/administration/handelser.csv",
    "/administration/e-post",
    "/andrat",
    "/andrat.atom",
    "/sok?q=kvastfening",
    "/sok/forslag?q=kvast",
    "/vagledning",
    "/amnen/hot",
    "/",
]


@pytest.fixture
def unit(session):
    """The unit that the drafts are for."""
    return make_unit(session, "Insatsen")


@pytest.fixture
def insider(session, unit):
    """An editor and reviewer of that unit."""
    return make_user(session, Role.EDITOR, Role.REVIEWER, unit=unit, name="Inga")


@pytest.fixture
def outsiders(session):
    """Everybody else who may enter the desk, or has an account."""
    return [
        make_user(session, *roles, unit=make_unit(session))
        for roles in [
            (Role.EDITOR,),
            (Role.REVIEWER,),
            (Role.EDITOR, Role.REVIEWER, Role.ADMIN),
            (Role.STAFF,),
        ]
    ]


def secret_draft(session, state, unit, insider):
    """An item in this state whose working copy is for the unit alone."""
    narrow = {
        "title": f"{SECRET} i rummet",
        "visibility": "enhet",
        "unit": unit.public_id,
        "topics": ("vald",),
    }
    by, other = viewer_of(session, insider), viewer_of(session, make_user(session, Role.REVIEWER, unit=unit))
    if state == "ny":
        return make_draft(session, make_document(**narrow), by=by)
    item = published(session, by, other)
    if state == "borttagen":
        publication.withdraw(session, item, reason="Fel.", replacement=None, by=other)
    save(session, item, by, **narrow)
    if state != "utkast":
        review.submit_for_review(session, item, by=by)
    if state == "andring":
        review.request_changes(session, item, f"{SECRET} ska bort.", by=other)
    if state == "godkand":
        review.approve(session, item, by=other)
    return item


def shows_secret(browser: FlaskClient, address: str) -> bool:
    """Whether a page shows the secret, other than what was typed in its own address."""
    text = browser.get(address).get_data(as_text=True)
    return f"{SECRET} " in text or "kvastfening-i-rummet" in text.replace(address, "")


@pytest.mark.parametrize("state", STATES)
def test_nobody_outside_the_unit_meets_the_draft(session, sign_in, unit, insider, outsiders, state):
    item = secret_draft(session, state, unit, insider)
    session.commit()
    own = [f"/redaktion/{item.kind}/{item.public_id}{end}" for end in ("", "/historik", "/forhandsvisning",
           "/borttagning", "/radering", "/adress")]  # fmt: skip
    own += [f"/redaktion/granska/{item.public_id}", path_of(item)]

    for user in outsiders:
        browser = sign_in(user)
        met = [address for address in LISTS + own if shows_secret(browser, address)]

        assert met == [], user.name
    assert shows_secret(sign_in(insider), "/redaktion/innehall")


@pytest.mark.parametrize("state", STATES)
def test_those_of_the_unit_find_the_draft_by_what_it_says(session, unit, insider, state):
    item = secret_draft(session, state, unit, insider)
    viewer, today = viewer_of(session, insider), clock.today()

    def found(**chosen):
        return session.scalars(worklist.item_query(session, viewer, ItemFilter(**chosen), today)).all()

    assert found(words="kvastfening rummet") == [item]
    assert item in found(topic="vald")
    assert item not in found(topic="hot")


@pytest.mark.parametrize("state", STATES)
def test_counts_agree_with_the_lists_that_they_lead_to(session, unit, insider, outsiders, state):
    secret_draft(session, state, unit, insider)
    make_item(session)

    for user in [insider, *outsiders]:
        viewer = viewer_of(session, user)
        query = worklist.item_query(session, viewer, ItemFilter(review="saknas"), clock.today())
        assert worklist.count_unconfirmed(session, viewer) == len(session.scalars(query).all())


def test_a_list_of_a_state_holds_only_texts_that_show_the_state(session, insider):
    item = make_item(session)
    publication.withdraw(session, item, reason="Fel.", replacement=None, by=viewer_of(session, insider))
    query = worklist.item_query(
        session, viewer_of(session, insider), ItemFilter(state="utkast"), clock.today()
    )

    assert item not in session.scalars(query).all()


def test_a_note_is_not_mailed_to_a_writer_who_may_not_read_the_draft_any_more(
    app, session, unit, insider, outsiders
):
    item = secret_draft(session, "utkast", unit, insider)
    document: Document = item.latest_revision.content
    former = viewer_of(session, outsiders[0])
    revisions.add_revision(session, item, document, by=former, reason="")
    review.submit_for_review(session, item, by=former)
    review.request_changes(
        session,
        item,
        f"{SECRET} ska bort.",
        by=viewer_of(session, make_user(session, Role.REVIEWER, unit=unit)),
    )
    note = session.query(ReviewNote).filter_by(verdict="andring").one()

    with app.app_context():
        mail_review_note(session, {"note": note.id})

    [message] = session.query(MailMessage).all()
    assert message.to == insider.email
    assert SECRET not in message.subject + message.body
    assert f"/redaktion/{item.kind}/{item.public_id}" in message.body


def test_a_comment_on_a_draft_for_one_unit_stays_there_when_the_text_is_opened(
    session, sign_in, unit, insider
):
    item = secret_draft(session, "andring", unit, insider)
    save(session, item, viewer_of(session, insider), title="Öppen igen", visibility="oppen", unit="")
    outsider = make_user(session, Role.EDITOR)
    session.commit()
    address = f"/redaktion/{item.kind}/{item.public_id}"

    assert "ska bort" not in sign_in(outsider).get(address).get_data(as_text=True)
    assert "ska bort" in sign_in(insider).get(address).get_data(as_text=True)
