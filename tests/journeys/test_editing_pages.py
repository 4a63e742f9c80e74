"""The pages of one text for editors and reviewers: axe, no sideways scroll, the keyboard."""

import pytest
from playwright.sync_api import expect

from tests.journeys.test_accessibility import LOOKS, look

pytestmark = pytest.mark.browser


def edit_paths(page):
    """The edit pages of three shipped texts, one of each kind."""
    found = []
    for words in ("Akut hot mot medarbetare", "Katrineholm", "När en medarbetare hotas"):
        page.goto(f"/redaktion/innehall?ord={words}")
        found.append(page.locator("tbody th a").first.get_attribute("href"))
    return found


@pytest.mark.parametrize(("scheme", "width"), [LOOKS[0], LOOKS[3]], ids=["light-1280", "dark-375"])
def test_pages_of_a_text_have_no_violations(signed_in, scheme, width):
    page = signed_in("redaktor", color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in edit_paths(page):
        for ending in ("", "/historik", "/borttagning", "/adress", "/forhandsvisning"):
            look(page, path + ending)


@pytest.mark.parametrize(("scheme", "width"), [LOOKS[0], LOOKS[3]], ids=["light-1280", "dark-375"])
def test_the_review_page_has_no_violations(signed_in, scheme, width):
    page = signed_in("granskare", color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in ["/redaktion", "/redaktion/nya-versioner", *edit_paths(page)]:
        look(page, path)


def test_an_error_takes_the_reader_to_the_field(signed_in):
    page = signed_in("redaktor")
    page.goto("/redaktion/ny?typ=berattelse")
    page.get_by_role("button", name="Spara utkast").first.click()

    expect(page.locator(".message--errors")).to_be_focused()
    page.get_by_role("link", name="Skriv en titel.").click()
    expect(page.get_by_label("Titel", exact=True).first).to_be_focused()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_step_is_added_where_the_reader_is(signed_in, script):
    page = signed_in("redaktor", java_script_enabled=script)
    page.goto("/redaktion/ny?typ=checklista")
    page.get_by_label("Titel", exact=True).first.fill("Kvar")
    page.get_by_role("button", name="Lägg till ett steg").click()

    expect(page.locator("[name='sections-0-steps-1-text']")).to_be_in_viewport()
    expect(page.get_by_label("Titel", exact=True).first).to_have_value("Kvar")


def test_enter_in_a_field_saves_and_does_not_move_anything(signed_in):
    page = signed_in("redaktor")
    page.goto("/redaktion/ny?typ=vagledning")
    page.get_by_label("Titel", exact=True).first.fill("Sparad med Enter")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sparad med Enter")
    expect(page.get_by_role("status").filter(has_text="Utkastet är sparat.")).to_be_visible()
