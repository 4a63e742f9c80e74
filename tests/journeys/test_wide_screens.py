"""Wide screens: lists, a run and its record use the width."""

import pytest

from tests.journeys.test_small_screens import start_run

pytestmark = pytest.mark.browser
WIDTHS = {1280: 0.85, 1600: 0.85}


def used(page, selector):
    """From the left edge of the first to the right edge of the last element, as a part of the screen's width."""
    return page.evaluate(
        """selector => {
          const boxes = [...document.querySelectorAll(selector)].map(one => one.getBoundingClientRect())
          return (Math.max(...boxes.map(b => b.right)) - Math.min(...boxes.map(b => b.left))) / innerWidth
        }""",
        selector,
    )


def beside(page, first, second):
    """Whether the second element starts to the right of the first and no lower than it ends."""
    left, right = page.locator(first).first.bounding_box(), page.locator(second).first.bounding_box()
    return right["x"] >= left["x"] + left["width"] and right["y"] < left["y"] + left["height"]


@pytest.mark.parametrize(("width", "part"), WIDTHS.items())
def test_a_run_has_log_people_and_numbers_beside_its_steps_and_the_record_its_log(signed_in, width, part):
    page = signed_in("krisledare", viewport={"width": width, "height": 900})
    address = start_run(page)
    for name in ("#logg", "#med", "#nummer"):
        assert beside(page, ".run", f"section:has(> {name})"), name
        assert page.locator(name).is_visible()
    assert "Karin Krisledare" in page.locator("section:has(> #med)").inner_text()
    assert page.locator("section:has(> #nummer) a[href='tel:112']").is_visible()
    assert used(page, ".run, .run__side") > part

    page.goto(f"{address}/protokoll")
    assert beside(page, ".columns--record > div", ".record__log")
    assert used(page, ".columns--record > *") > part

    page.goto(f"{address}/logg")
    assert beside(page, "form.form", "section:has(> #rader)")


@pytest.mark.parametrize(("width", "part"), WIDTHS.items())
def test_lists_have_columns_where_there_is_room(signed_in, width, part):
    page = signed_in("krisledare", viewport={"width": width, "height": 900})
    start_run(page)
    for path, rows in {
        "/vagledning": ".cards__item",
        "/checklistor": ".cards__item",
        "/pastaenden": ".cards__item",
        "/mallar": ".links__item",
    }.items():
        page.goto(path)
        assert used(page, rows) > part, path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
