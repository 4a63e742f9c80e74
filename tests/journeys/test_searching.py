"""Searching with a browser: suggestions by keyboard, the same without script, and what editors then see."""

import pytest
from playwright.sync_api import Error as PlaywrightError

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


SLOW = """<ul class="suggest" role="listbox"><li class="suggest__item" id="forslag-1" role="option"
aria-selected="false" data-text="sent svar">sent svar</li></ul>"""


def test_suggestions_are_counted_and_the_chosen_one_is_always_there(new_context):
    page = new_context().new_page()
    page.goto("/")
    field, options = page.locator("#q"), page.locator("main [role=option]")
    field.press_sequentially("hot", delay=20)
    options.first.wait_for()
    assert "Akut hot mot medarbetare" in " ".join(options.all_inner_texts()[:2])
    status = page.locator("main .search-box [role=status]")
    assert status.inner_text() == f"{options.count()} förslag. Välj med piltangenterna."

    field.press("ArrowDown")
    assert (
        page.locator(f"#{field.get_attribute('aria-activedescendant')}").get_attribute("aria-selected")
        == "true"
    )
    field.press_sequentially(" mot")
    page.locator("#q:not([aria-activedescendant])").wait_for()
    field.press("Escape")
    page.wait_for_timeout(400)
    assert options.count() == 0


def test_what_is_typed_before_the_script_has_come_is_suggested_for(new_context):
    page = new_context().new_page()
    held = []
    page.route("**/modules/suggest.js*", lambda route: held.append(route))
    page.goto("/")
    page.locator("#q").press_sequentially("hot")
    page.wait_for_timeout(300)
    held[0].continue_()

    page.locator("main [role=option]").first.wait_for()


def test_slow_answers_and_a_cut_network_leave_the_page_as_it_is(new_context):
    context = new_context(has_touch=True, viewport={"width": 375, "height": 667})
    page = context.new_page()
    page.goto("/")
    held = []
    page.route("**/sok/forslag?q=ho", lambda route: held.append(route))
    field, options = page.locator("#q"), page.locator("main [role=option]")
    field.tap()
    field.press_sequentially("ho")
    page.wait_for_timeout(300)
    field.press_sequentially("t")
    options.first.wait_for()
    assert held
    try:
        held[0].fulfill(body=SLOW, content_type="text/html")
    except PlaywrightError:
        pass  # the page had given it up
    page.wait_for_timeout(200)
    assert "sent svar" not in options.all_inner_texts()

    field.press("ArrowDown")
    context.set_offline(True)
    options.nth(1).tap()
    assert page.locator("main .search-box [role=status]").inner_text().startswith("Inget nät.")
    field.press_sequentially(" mot")
    page.wait_for_timeout(400)

    assert options.count() == 0
    assert field.get_attribute("aria-activedescendant") is None
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "hot mot"
    context.set_offline(False)
    field.press_sequentially(" ")
    options.first.wait_for()
    with page.expect_navigation():
        page.locator("main [role=option][data-url]").first.tap()
    assert "/sok" not in page.url


def test_a_suggested_text_is_opened_from_the_header(new_context):
    page = new_context(viewport={"width": 1200, "height": 800}).new_page()
    page.goto("/om")
    page.locator("#topsok").press_sequentially("hot mot", delay=20)
    option = page.locator(".top__search [role=option][data-url]").first
    option.wait_for()
    address = option.get_attribute("data-url")
    box = option.evaluate(
        "row => row.getBoundingClientRect().toJSON()"
    )  # the list may be drawn anew meanwhile
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
