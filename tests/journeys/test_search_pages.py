"""axe on each state of the search page: answers over the hits, corrections, operators, no hits, a run that goes on."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.starting import press_start
from tests.journeys.test_accessibility import LOOKS, look

pytestmark = pytest.mark.browser
ANSWER, WARNING = ".answers .answer", "main .message"
CORRECTED, READ, OFFERED = (
    "p:has-text('Vi sökte på')",
    "p:has-text('Vi läste det som')",
    "p:has-text('Menade du')",
)
# What is typed, and what must stand there for the state to be looked at.
STATES = {
    "important numbers": ("q=viktiga nummer", ANSWER),
    "a term": ("q=missförhållande definition", ANSWER),
    "a provision": ("q=AML 3 kap 3 a §", ANSWER),
    "a provision nobody builds on": ("q=SoL 14 kap 3", ANSWER),
    "a topic": ("q=hot", ANSWER),
    "corrected": ("q=arbetsgivarn", CORRECTED),
    "as typed": ("q=arbetsgivarn&ordagrant=1", OFFERED),
    "without a word": ("q=hot -våld", READ),
    "either word": ("q=hot OR våld", READ),
    "only what is not wanted": ("q=NOT hot", WARNING),
    "a phrase that stands nowhere": ('q="hotad sekreterare"', ".links"),
    "no hits": ("q=zeppelinarkivarie", "h2:has-text('Inga träffar')"),
    "no letter": ("q=?", WARNING),
    "a telephone number": ("q=070-123 45 67", WARNING),
    "too long": (f"q={'hot mot personal i receptionen ' * 24}", WARNING),
    "filters without hits": ("q=demens&typ=pastaende&skede=fore", ".tags"),
}
BY_LOOK = pytest.mark.parametrize(("scheme", "width"), LOOKS, ids=[f"{s}-{w}" for s, w in LOOKS])


@BY_LOOK
def test_no_state_of_the_search_page_has_violations(new_context, scheme, width):
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    for state, (asked, shown) in STATES.items():
        look(page, f"/sok?{asked}")
        assert page.locator(shown).count(), state


@BY_LOOK
def test_the_box_of_a_run_and_what_it_lifts_have_no_violations(signed_in, scheme, width):
    page = signed_in("krisledare", color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto("/genomforanden/nytt?checklista=akut-hot-mot-medarbetare")
    run = press_start(page)
    try:
        look(page, "/sok?q=akut hot")
        expect(page.locator(ANSWER, has_text="Pågår nu").first).to_be_visible()
        expect(page.locator("main p", has_text="står högre")).to_be_visible()
        look(page, "/sok?q=akut hot&oviktat=1")
    finally:
        page.goto(f"{run}/avslut")
        page.get_by_label(re.compile("^Avslutande anteckning")).fill("Över.")
        page.locator("main").get_by_role("button", name=re.compile("^Avsluta")).click()
        expect(page.locator("main")).to_contain_text(re.compile("vslutad"))


def test_no_state_of_the_search_page_scrolls_sideways_at_320(new_context):
    page = new_context(viewport={"width": 320, "height": 640}).new_page()
    for state, (asked, _shown) in STATES.items():
        page.goto(f"/sok?{asked}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, state


@pytest.mark.parametrize(
    "query", ["hot", "SoL 14 kap 3", "lex sarah", "viktiga nummer", "hot mot oss i natt " * 12]
)
def test_on_a_phone_the_first_hit_is_seen_under_what_stands_over_it(new_context, query):
    page = new_context(viewport={"width": 375, "height": 667}).new_page()
    page.goto(f"/sok?q={query}")

    assert page.locator(".hit").first.bounding_box()["y"] < 667 - 48


def test_on_a_phone_three_suggestions_are_seen_at_the_start(new_context):
    page = new_context(viewport={"width": 375, "height": 667}).new_page()
    page.goto("/")
    page.locator("main input[type=search]").press_sequentially("hot")

    third = page.get_by_role("option").nth(2)
    expect(third).to_be_in_viewport(ratio=1)
