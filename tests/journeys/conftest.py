"""A served site with demo accounts, and real browsers."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.phone import Phone, Way
from tests.shipped_content import copy_shipped
from tests.site import Site

CHROMIUM = [Path("/usr/bin/chromium"), Path("/usr/bin/chromium-browser"), Path("/usr/bin/google-chrome")]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The shipped content and demo accounts, served as `dev.py run --demo` does."""
    site = Site(tmp_path_factory.mktemp("site"))
    copy_shipped(tmp_path_factory, site.folder)
    site.prepare()
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    program = next((path for path in CHROMIUM if path.exists()), None)
    if program is None:
        pytest.skip("saknas: Chromium (paketet chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context(**options)`: a browser window of its own, at the site; a request to another host fails the test.

    Without a service worker unless `service_workers="allow"` is said: what it does reaches no `page.route`.
    """
    opened: list[BrowserContext] = []
    strangers: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=site.url, **{"service_workers": "block", **options})
        context.set_default_timeout(15_000)
        context.on("request", lambda r: None if r.url.startswith(site.url) else strangers.append(r.url))
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert not strangers, strangers


@pytest.fixture
def signed_in(new_context: Callable[..., BrowserContext], site: Site) -> Callable[..., Page]:
    """`signed_in("medarbetare")`: a page signed in as the demo account of that role."""

    def enter(role: str, **options: object) -> Page:
        page = new_context(**options).new_page()
        page.goto("/logga-in")
        page.get_by_label("E-post").fill(f"{role}@demo.example")
        page.get_by_label("Lösenord", exact=True).fill(site.accounts[role])
        page.locator("main").get_by_role("button", name="Logga in").click()
        page.wait_for_url(lambda url: "/logga-in" not in url)
        return page

    return enter


@pytest.fixture
def phone(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Phone]:
    """A phone that has never seen the site, on a net that can fail."""
    way = Way(site.url)
    program = next(str(path) for path in CHROMIUM if path.exists())
    start = partial(
        browser.browser_type.launch_persistent_context, str(tmp_path), executable_path=program, args=QUIET
    )
    yield Phone(start, way)
    way.shutdown()
    way.server_close()
