"""Searching with a browser: suggestions by keyboard, the same without script, and what editors then see."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_suggestions_by_keyboard(new_context):
    page = new_context().new_page()
    page.goto("/")
    field = page.locator("#q")
    field.press_sequentially("kommunik", delay=20)
    options = page.locator("main [role=option]")
    options.first.wait_for()

    assert 0 < options.count() <= 8
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "forslag-1"
    field.press("Escape")
    assert options.count() == 0
    assert field.input_value() == "kommunik"


def test_a_suggested_text_is_opened_from_the_header(new_context):
    page = new_context(viewport={"width": 1200, "height": 800}).new_page()
    page.goto("/om")
    page.locator("#topsok").press_sequentially("hot mot", delay=20)
    option = page.locator(".top__search [role=option][data-url]").first
    option.wait_for()
    address = option.get_attribute("data-url")
    box = option.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1200

    option.click()

    page.wait_for_url(f"**{address}")


def test_a_search_without_script_reaches_the_editors_without_who(new_context, signed_in):
    reader = new_context(java_script_enabled=False).new_page()
    reader.goto("/")
    reader.fill("#q", "våld på boende")
    reader.click("main .search-box button")
    reader.click(".hit a >> nth=0")
    reader.goto("/sok?q=zeppelinarkivarie")
    assert reader.context.cookies() == []

    editor = signed_in("redaktor")
    for _second in range(30):
        editor.goto("/redaktion/sokningar")
        text = editor.locator("main").inner_text()
        if "zeppelinarkivarie" in text and "våld på boende" in text:
            break
        editor.wait_for_timeout(1000)
    assert "zeppelinarkivarie" in editor.locator("section[aria-labelledby=utan-traff]").inner_text()
    row = editor.locator("section[aria-labelledby=vanligast] tr", has_text="våld på boende").inner_text()
    assert row.split()[-2:] == ["1", "1"]
