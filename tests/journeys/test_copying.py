"""Copying the text of a message template with one button, and what there is without script."""

import pytest

pytestmark = pytest.mark.browser
ADDRESS = "/mallar/mall-internt-hot"
READ = "navigator.clipboard.readText()"


def test_the_button_copies_the_bare_text(new_context):
    page = new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(ADDRESS)

    page.get_by_role("button", name="Kopiera texten").click()

    page.get_by_text("Kopierat", exact=True).wait_for()
    bare = page.request.get(f"{ADDRESS}.txt").text()
    assert page.evaluate(READ).strip() == bare.strip()


def test_where_nothing_can_be_copied_the_text_is_marked(new_context):
    page = new_context().new_page()
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error())")
    page.add_init_script("document.execCommand = () => false")
    page.goto(ADDRESS)

    page.get_by_role("button", name="Kopiera texten").click()

    page.get_by_text("Det gick inte att kopiera.").wait_for()
    assert page.evaluate("String(getSelection()).length") > 100


def test_without_script_there_is_the_plain_text_instead(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(ADDRESS)

    assert page.get_by_role("button", name="Kopiera texten").count() == 0
    assert page.get_by_role("link", name="Visa som ren text").is_visible()
