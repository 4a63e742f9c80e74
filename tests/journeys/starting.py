"""Starting a checklist in a browser, as somebody does who read that it is going on already."""

import re

from playwright.sync_api import Page


def press_start(page: Page) -> str:
    """Send the form that is shown, with a reason where the unit follows the checklist already; the run's address."""
    start = page.locator("main").get_by_role("button", name=re.compile("^Starta"))
    start.wait_for()
    reason = page.get_by_label(re.compile("^Varför startar ni en ny"))
    if reason.count():
        reason.fill("Något annat har hänt")
    start.click()
    page.wait_for_url(re.compile(r"/genomforanden/(?!nytt)"))
    return page.url.split("#")[0]
