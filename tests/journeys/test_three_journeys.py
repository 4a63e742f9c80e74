"""The three journeys of a manager, of staff and of editors, with a real browser on a real server."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.starting import press_start

pytestmark = pytest.mark.browser
SCRIPTS = [True, False]
WITH_AND_WITHOUT = pytest.mark.parametrize("script", SCRIPTS, ids=["script", "no-script"])


@WITH_AND_WITHOUT
def test_a_manager_searches_and_reads(new_context, script):
    page = new_context(java_script_enabled=script, viewport={"width": 375, "height": 667}).new_page()
    page.goto("/")
    page.get_by_label("Sök vägledning, checklistor och berättelser").fill("hotad medarbetare")
    page.locator("main").get_by_role("button", name="Sök").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sök")
    page.get_by_role("link", name=re.compile("När en medarbetare.*hotas", re.IGNORECASE)).first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("När en medarbetare hotas")
    expect(page.get_by_role("heading", name="Gör så här")).to_be_visible()


@WITH_AND_WITHOUT
def test_two_people_follow_a_checklist_together(signed_in, script):
    first = signed_in("medarbetare", java_script_enabled=script, viewport={"width": 375, "height": 667})
    first.goto("/checklistor/akut-hot-mot-medarbetare")
    first.get_by_role("link", name="Starta checklistan").click()
    first.get_by_label(re.compile(r"^Var\?")).fill("Receptionen")
    address = press_start(first)

    second = signed_in("krisledare", java_script_enabled=script)
    second.goto(address)
    first.get_by_role("button", name=re.compile("^Markera som klart")).first.click()
    expect(first.locator(".step--done")).to_have_count(1)
    second.get_by_role("button", name=re.compile("^Markera som klart")).nth(3).click()
    if not script:
        first.reload()
        second.reload()
    for page in (first, second):
        expect(page.locator(".step--done")).to_have_count(2, timeout=10_000)

    second.goto(f"{address}/avslut")
    second.get_by_label(re.compile("^Avslutande anteckning")).fill("Polisen har tagit över.")
    second.locator("main").get_by_role("button", name=re.compile("^Avsluta")).click()
    expect(second.locator("main")).to_contain_text(re.compile("vslutad"))
    second.goto(f"{address}/protokoll")
    expect(second.locator("main")).to_contain_text("Receptionen")


@WITH_AND_WITHOUT
def test_an_editor_writes_a_reviewer_publishes_and_search_finds_it(signed_in, new_context, script):
    title = f"Rutin för nyckelkort {'med' if script else 'utan'} skript"
    editor = signed_in("redaktor", java_script_enabled=script)
    editor.goto("/redaktion/ny?typ=vagledning")
    editor.get_by_label("Titel", exact=True).first.fill(title)
    editor.get_by_label("Ingress").fill("Så hanterar du nyckelkort när någon slutar.")
    editor.locator("[name$='do']").first.fill("Spärra kortet samma dag.")
    editor.locator("textarea[name=body]").fill(
        "<p>Nyckelkort som <strong>zebrakort</strong> återlämnas till chefen.</p>"
    )
    editor.get_by_role("checkbox", name="Före").check()
    editor.get_by_role("checkbox", name="Hot", exact=True).check()
    editor.locator("[name^='sources'][name$='title']").first.fill("Kommunens säkerhetsrutin")
    editor.get_by_label(re.compile("^Ansvarig")).fill("Redaktionen")
    editor.get_by_role("button", name="Skicka till granskning").click()
    expect(editor.locator("main")).to_contain_text(re.compile("granskning", re.IGNORECASE))

    reviewer = signed_in("granskare", java_script_enabled=script)
    reviewer.goto("/redaktion")
    reviewer.get_by_role("link", name=title).first.click()
    reviewer.get_by_role("button", name="Godkänn och publicera").click()
    reviewer.wait_for_load_state()

    reader = new_context(java_script_enabled=script).new_page()
    reader.goto("/sok?q=zebrakort")
    reader.get_by_role("link", name=title).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
    expect(reader.locator("main")).to_contain_text("Granskad av")


def test_start_leads_to_sign_in_and_back(new_context, site):
    page = new_context().new_page()
    page.goto("/checklistor/akut-hot-mot-medarbetare")
    page.get_by_role("link", name="Starta checklistan").click()
    page.get_by_label("E-post").fill("medarbetare@demo.example")
    page.get_by_label("Lösenord", exact=True).fill(site.accounts["medarbetare"])
    page.locator("main").get_by_role("button", name="Logga in").click()

    expect(page).to_have_url(re.compile("/genomforanden/nytt"))


def test_a_reader_reaches_the_first_action_by_keyboard_alone(new_context):
    page = new_context(viewport={"width": 375, "height": 667}).new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Till innehållet")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("Det händer nu")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nu")
    page.get_by_role("link", name="Hot", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Gör så här nu", exact=True)).to_be_visible()
