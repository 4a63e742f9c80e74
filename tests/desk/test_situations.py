"""The pages that say what to do now, afterwards and before."""

from datetime import UTC, datetime

import pytest
import time_machine
import yaml

from kb.accounts.viewer import ANONYMOUS, SYSTEM
from kb.desk.queries import FIRST_HOUR, MAX_ACTIONS, TEXTS_WHEN_FILMED, get_situation
from kb.errors import Invalid
from kb.library.content.document import Kind, Phase, Section, Step
from kb.library.editing.keeping import save_topic
from kb.library.intake.starter import STARTER
from kb.library.services import addresses
from tests.factories import make_document, make_item
from tests.shipped_content import entries


def test_the_first_actions_come_from_the_checklist_the_topic_names(session):
    make_item(session, make_document("checklista", title="Annan"), slug="annan")
    named = make_item(session, make_document("checklista", title="Utpekad"), slug="akut-hot-mot-medarbetare")

    situation = get_situation(session, ANONYMOUS, Phase.DURING, "hot")

    assert situation.checklist.slug == named.slug
    assert situation.actions[0].do == "Säkra den utsatta."
    assert len(situation.actions) <= 7


@pytest.mark.parametrize("change", ["renamed", "withdrawn", "ended"])
@pytest.mark.parametrize(
    ("slug", "place"), [("akut-hot-mot-medarbetare", "hot"), ("uthangning-i-sociala-medier", "filmad")]
)
def test_what_a_page_names_is_found_where_it_stands_now(session, change, slug, place):
    make_item(session, make_document("checklista", title="Annan"), slug="annan")
    heir = make_item(session, make_document("checklista", title="Ö, den nya"), slug="den-nya")
    named = make_item(session, make_document("checklista", title="Utpekad", valid_to="2098-05-31"), slug=slug)
    if change == "renamed":
        addresses.rename(session, named, "nytt-namn", by=SYSTEM)
    else:
        named.replacement_id = heir.id
    if change == "withdrawn":
        named.status = "borttagen"
    session.commit()

    with time_machine.travel("2098-06-01 10:00:00+00:00" if change == "ended" else datetime.now(UTC)):
        situation = get_situation(session, ANONYMOUS, Phase.DURING, place)

    assert situation.checklist.slug == ("nytt-namn" if change == "renamed" else "den-nya")


def test_the_first_hour_is_found_where_it_stands_now(session):
    item = make_item(session, make_document("checklista"), slug=FIRST_HOUR)
    addresses.rename(session, item, "forsta-timmen", by=SYSTEM)

    assert get_situation(session, ANONYMOUS, Phase.DURING, "annat").checklist.slug == "forsta-timmen"


@pytest.mark.parametrize("name", ["Annat", "Filmad"])
def test_no_topic_takes_the_page_of_a_situation(session, name):
    with pytest.raises(Invalid, match="används redan"):
        save_topic(session, None, name=name, intro="", by=SYSTEM)


def test_a_condition_is_said_with_the_action(session):
    make_item(session, make_document("checklista"))

    actions = get_situation(session, ANONYMOUS, Phase.DURING, "hot").actions

    assert "Om mötet filmades: spara länken." in [action.do for action in actions]


def test_a_condition_that_the_step_says_itself_is_said_once(session):
    step = Step(
        id="ensam",
        text="Om du är ensam, lås in dig.",
        role="Alla",
        deadline="Genast",
        condition="Om du är ensam på passet",
    )
    make_item(session, make_document("checklista", sections=(Section(title="Först", steps=(step,)),)))

    actions = get_situation(session, ANONYMOUS, Phase.DURING, "hot").actions

    assert [action.do for action in actions] == ["Om du är ensam, lås in dig."]


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


def test_filmed_or_exposed_is_a_situation_now_and_afterwards(client, session):
    for slug in TEXTS_WHEN_FILMED[Phase.DURING]:
        kind = "checklista" if slug == "uthangning-i-sociala-medier" else "vagledning"
        make_item(session, make_document(kind, title=f"Om {slug}"), slug=slug)
    session.commit()

    for path in ("/nu", "/efter"):
        assert f'href="{path}/filmad"' in client.get(path).text
    assert 'href="/fore/filmad"' not in client.get("/fore").text
    page = client.get("/nu/filmad").text
    assert "/genomforanden/nytt?checklista=uthangning-i-sociala-medier" in page
    assert "Om filmad-eller-inspelad" in page
    assert client.get("/fore/filmad").status_code == 404


def test_what_the_filmed_need_is_shipped():
    slugs = {slug for texts in TEXTS_WHEN_FILMED.values() for slug in texts}

    assert slugs <= {entry.slug for entry in entries()}


def test_after_threats_and_violence_the_first_morning_comes_first():
    """The guidance that opens the page names each duty that cannot wait."""
    topics = {topic["slug"]: topic for topic in yaml.safe_load((STARTER / "topics.yaml").read_text("utf-8"))}
    texts = {entry.slug: entry.document for entry in entries()}

    for topic in ("hot", "vald"):
        opening = texts[topics[topic]["leads"]["efter"][Kind.ARTICLE]]
        shown = " ".join(
            f"{action.do} {action.detail}" for action in opening.actions[:MAX_ACTIONS]
        ).casefold()
        for duty in ("polisanmälan", "arbetsmiljöverket", "bevisen", "skyddsombudet", "stöd", "lex sarah"):
            assert duty in shown, (topic, duty)
