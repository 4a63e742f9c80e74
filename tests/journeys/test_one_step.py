"""One step at a time: by touch and by keyboard, kept while others tick and while there is no net."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.starting import press_start

pytestmark = pytest.mark.browser
PHONE = {"width": 375, "height": 667}


@pytest.fixture
def page(signed_in):
    page = signed_in("krisledare", viewport=PHONE, has_touch=True)
    page.goto("/genomforanden/nytt?checklista=akut-hot-mot-medarbetare")
    page.get_by_label(re.compile("^Övning")).check()
    press_start(page)
    expect(page.locator("[data-module=run-live] > [role=status]")).to_be_attached()
    return page


def test_a_pair_reads_step_by_step_and_ticks(page):
    page.get_by_role("link", name="Ett steg i taget").tap()
    shown = page.locator(".step:visible")
    expect(shown).to_have_count(1)
    first = shown.locator(".step__text").inner_text()
    shown.get_by_role("button", name=re.compile("^Markera som klart")).tap()
    expect(shown).to_have_class(re.compile("step--done"))
    expect(shown.locator(".step__text")).to_have_text(first)

    page.get_by_role("button", name="Nästa").tap()
    expect(shown.locator(".step__text")).not_to_have_text(first)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".one-step .meta")).to_have_text(re.compile("^Steg 3 av"))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(shown.locator(".step__text")).to_have_text(first)
    expect(page.get_by_role("button", name="Föregående")).to_be_disabled()
    page.keyboard.press("Escape")
    assert page.locator(".step:visible").count() > 5


def test_what_others_do_and_a_lost_net_keep_the_step(page, signed_in):
    page.get_by_role("link", name="Ett steg i taget").tap()
    page.get_by_role("button", name="Nästa").tap()
    here = page.locator(".step:visible .step__text").inner_text()
    other = signed_in("krisledare")
    other.goto(page.url)
    other.get_by_role("button", name=re.compile("^Markera som klart")).nth(4).click()
    expect(page.locator(".run-head")).to_contain_text(re.compile("1 av"))
    expect(page.locator(".step:visible .step__text")).to_have_text(here)

    page.context.set_offline(True)
    page.locator(".step:visible").get_by_role("button", name=re.compile("^Markera som klart")).tap()
    expect(page.locator(".run-head__words")).to_contain_text("1 ändring väntar")
    expect(page.locator(".step:visible .step__text")).to_have_text(here)
    page.context.set_offline(False)


def test_the_last_step_and_a_run_that_somebody_ends_never_leave_the_page_empty(page, signed_in):
    page.get_by_role("link", name="Ett steg i taget").tap()
    shown, onward = page.locator(".step:visible"), page.get_by_role("button", name="Nästa")
    while True:
        shown.get_by_role("button", name=re.compile("^Markera som klart")).tap()
        expect(shown).to_have_class(re.compile("step--done"))
        if onward.is_disabled():
            break
        onward.tap()
    expect(page.locator(".run-head__net")).to_contain_text("Sparat")
    expect(page.locator(".run-head__next")).to_have_count(0)
    expect(shown).to_have_count(1)
    expect(page.locator(".one-step")).to_be_visible()

    other = signed_in("krisledare")
    other.goto(page.url)
    other.get_by_role("link", name="Avsluta").click()
    other.locator("main").get_by_role("button", name=re.compile("^Avsluta")).click()
    expect(page.get_by_text("Inget kan ändras längre")).to_be_visible()
    assert page.locator(".step:visible").count() > 5
    expect(page.locator(".one-step")).to_have_count(0)


def test_n_leads_on_and_the_focus_stays_while_others_tick(page, signed_in):
    page.get_by_role("link", name="Ett steg i taget").tap()
    page.locator(".step:visible .tick").tap()
    expect(page.locator(".step:visible")).to_have_class(re.compile("step--done"))
    page.keyboard.press("n")
    expect(page.locator(".one-step .meta")).to_have_text(re.compile("^Steg 2 av"))
    assert page.evaluate("document.activeElement.matches('.step--next .tick')")

    page.get_by_role("button", name="Nästa").focus()
    other = signed_in("krisledare")
    other.goto(page.url)
    other.get_by_role("button", name=re.compile("^Markera som klart")).nth(5).click()
    expect(page.locator(".run-head")).to_contain_text(re.compile("2 av"))
    expect(page.get_by_role("button", name="Nästa")).to_be_focused()


def test_without_a_script_a_page_shows_each_step(signed_in):
    page = signed_in("krisledare", java_script_enabled=False, viewport=PHONE)
    page.goto("/genomforanden/nytt?checklista=akut-hot-mot-medarbetare")
    page.get_by_label(re.compile("^Övning")).check()
    press_start(page)
    page.get_by_role("link", name="Ett steg i taget").click()
    first = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Nästa").click()
    assert page.get_by_role("heading", level=1).inner_text() != first
    page.get_by_role("link", name="Till listan").click()
    expect(page).to_have_url(re.compile("#steg-"))
