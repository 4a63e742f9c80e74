"""Phones: what to do first is seen without scrolling, and no layer is taller than the screen can show."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.starting import press_start

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True, "is_mobile": True}
SIZES = [(375, 667), (320, 568), (667, 375)]
SCREENS = pytest.mark.parametrize("size", SIZES, ids=[f"{w}x{h}" for w, h in SIZES])
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
FIRST = ".actions__do, .step__text"


def phone(size, script=True):
    """The options of a context that is a phone of this size."""
    return {
        "viewport": {"width": size[0], "height": size[1]},
        "has_touch": True,
        "is_mobile": True,
        "java_script_enabled": script,
    }


def start_run(page, slug="akut-hot-mot-medarbetare", *, exercise=True):
    """Start a checklist and stay on its page."""
    page.goto(f"/genomforanden/nytt?checklista={slug}")
    if exercise:
        page.get_by_label(re.compile("^Övning")).check()
    return press_start(page)


def acute_pages(page):
    """All pages that say what to do: /nu with its topics, guidance for the time it happens, checklists."""
    page.goto("/nu")
    found = page.eval_on_selector_all(".links--big a", "rows => rows.map(row => row.getAttribute('href'))")
    for address in ("/vagledning?skede=under", "/checklistor?skede="):
        page.goto(address)
        while True:
            found += page.eval_on_selector_all(
                ".cards__title a", "links => links.map(a => a.getAttribute('href'))"
            )
            following = page.locator(".pages a[rel=next]")
            if not following.count():
                break
            page.goto(following.get_attribute("href"))
    return found


def end_of_first(page):
    """Where the first action or step ends, in pixels from the top of the screen."""
    return page.evaluate(f"document.querySelector('{FIRST}')?.getBoundingClientRect().bottom")


def test_the_first_action_of_every_acute_text_is_above_the_fold_also_while_a_run_is_going_on(signed_in):
    page = signed_in("medarbetare", **PHONE)
    start_run(page)
    paths = acute_pages(page)
    assert len(paths) > 50

    below = {}
    for path in paths:
        page.goto(path)
        assert page.locator(".alert-bar").is_visible()
        if (end := end_of_first(page) or 0) > 667:
            below[path] = end

    assert below == {}


def test_the_first_step_of_a_run_is_above_the_fold_also_in_an_exercise_beside_another_run(signed_in):
    page = signed_in("medarbetare", **PHONE)
    start_run(page)
    start_run(page, "dodsfall-i-verksamheten-steg")

    assert page.locator(".exercise").is_visible()
    assert page.locator(".alert-bar").is_visible()
    assert end_of_first(page) <= 667
    warning = page.locator(".steps + .message", has_text="Skriv inga namn")
    assert warning.bounding_box()["y"] > end_of_first(page)


def test_a_phone_has_112_in_its_one_bar(new_context):
    page = new_context(**PHONE).new_page()
    for path in ("/", "/vagledning/nar-en-medarbetare-hotas", "/sok?q=hot"):
        page.goto(path)
        call = page.get_by_role("link", name="Ring 112")
        expect(call).to_have_count(1)
        assert call.bounding_box()["y"] < 60
        assert page.locator("header").bounding_box()["height"] < 60


@SCREENS
@SCRIPT
def test_the_filters_of_the_search_are_chosen_by_touch(new_context, size, script):
    page = new_context(**phone(size, script)).new_page()
    page.goto("/sok?q=hot")
    page.get_by_role("button", name="Filter").tap()
    page.locator("#filter label").last.tap()
    reached(page, page.get_by_role("button", name="Stäng"), size)
    reached(page, page.get_by_role("button", name="Visa"), size)

    page.get_by_role("button", name="Visa").tap()
    expect(page).to_have_url(re.compile("q=hot.+="))
    page.get_by_role("button", name=re.compile("Filter, 1")).tap()
    page.get_by_role("button", name="Stäng").tap()
    expect(page.locator("#filter")).to_be_hidden()


@SCREENS
@SCRIPT
@pytest.mark.parametrize("role", [None, "medarbetare", "administrator"])
def test_everything_in_every_layer_is_reached_by_touch(new_context, signed_in, size, script, role):
    options = phone(size, script)
    page = signed_in(role, **options) if role else new_context(**options).new_page()
    run = [start_run(page)] if role == "medarbetare" else []
    for path in ["/", "/sok?q=hot", *run]:
        page.goto(path)
        openers = page.locator("button[popovertarget]:not([popovertargetaction])")
        shown = [one for one in openers.all() if one.is_visible()]
        assert shown, path
        for opener in {*shown[:2], shown[-1]}:
            look_into(page, opener, size)


def look_into(page, opener, size):
    """Open a layer, unfold what is folded in it, and reach every control of it."""
    layer = page.locator(f"#{opener.get_attribute('popovertarget')}")
    opener.scroll_into_view_if_needed()
    opener.tap()
    expect(layer).to_be_visible()
    for fold in layer.locator("summary").all():
        fold.tap()
    for control in layer.locator("a, button, summary, textarea, input:not([type=hidden])").all():
        if control.is_visible():
            reached(page, control, size)
    page.keyboard.press("Escape")
    expect(layer).to_be_hidden()


def reached(page, control, size):
    """Assert that a control can be scrolled to, is on the screen and lies under nothing else."""
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    words = control.evaluate("element => element.outerHTML.slice(0, 120)")
    assert box["x"] >= -1, words
    assert box["x"] + box["width"] <= size[0] + 1, words
    assert box["y"] >= -1, words
    assert box["y"] + min(box["height"], 40) <= size[1] + 1, words
    control.tap(trial=True)
