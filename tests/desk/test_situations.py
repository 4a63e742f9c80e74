"""The pages that say what to do now, afterwards and before."""

from kb.accounts.viewer import ANONYMOUS
from kb.desk.queries import FIRST_HOUR, get_situation
from kb.library.document import Phase
from tests.factories import make_document, make_item


def test_the_first_actions_come_from_the_checklist_the_topic_names(session):
    make_item(session, make_document("checklista", title="Annan"), slug="annan")
    named = make_item(session, make_document("checklista", title="Utpekad"), slug="akut-hot-mot-medarbetare")

    situation = get_situation(session, ANONYMOUS, Phase.DURING, "hot")

    assert situation.checklist.slug == named.slug
    assert situation.actions[0].do == "Säkra den utsatta."
    assert len(situation.actions) <= 7


def test_a_condition_is_said_with_the_action(session):
    make_item(session, make_document("checklista"))

    actions = get_situation(session, ANONYMOUS, Phase.DURING, "hot").actions

    assert "Om mötet filmades: spara länken." in [action.do for action in actions]


def test_a_topic_without_checklist_shows_the_first_hour(session):
    general = make_item(session, make_document("checklista", topics=("kriskommunikation",)), slug=FIRST_HOUR)

    assert get_situation(session, ANONYMOUS, Phase.DURING, "vald").checklist.slug == general.slug


def test_before_and_after_open_with_the_guidance(session):
    make_item(session, make_document(phases=("fore",)))

    situation = get_situation(session, ANONYMOUS, Phase.BEFORE, "hot")

    assert [action.do for action in situation.actions] == ["Ring 112.", "Gå undan."]


def test_something_else_starts_with_the_first_hour(client, session):
    make_item(session, make_document("checklista", topics=("kriskommunikation",)), slug=FIRST_HOUR)
    session.commit()

    page = client.get("/nu/annat").text

    assert f"/genomforanden/nytt?checklista={FIRST_HOUR}" in page


def test_a_site_without_content_still_gives_the_numbers(client):
    for path in ("/nu/hot", "/nu/annat", "/fore/vald", "/efter/hot"):
        assert "tel:112" in client.get(path).text
