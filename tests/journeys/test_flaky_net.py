"""A net that is there by halves, a full device, a clock that is wrong: nothing is lost, and people can go on."""

import itertools
import re
import signal
import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.phone import Failure, Handler, answer_as_proxy, cut, keep_all, kept_on, sign_in
from tests.journeys.test_cut_network import follow, tick
from tests.journeys.test_without_net import end_all, ready, start_without_net

pytestmark = pytest.mark.browser

INJECT = """(changes) => new Promise((done) => {
    const asked = indexedDB.open('radrum', 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore('changes', { keyPath: 'number', autoIncrement: true })
    asked.onsuccess = () => {
      const transaction = asked.result.transaction('changes', 'readwrite')
      changes.forEach((change) => transaction.objectStore('changes').add(change))
      transaction.oncomplete = done
    }
})"""


def each_third(fail: Failure) -> Failure:
    """Each third request fails."""
    numbers = itertools.count(1)

    def decide(handler: Handler) -> None:
        if next(numbers) % 3:
            handler.pass_on(answer=True)
        else:
            fail(handler)

    return decide


def slow(seconds: float, when: Callable[[Handler], bool] = lambda _: True) -> Failure:
    """The answer comes, but late."""

    def wait(handler: Handler) -> None:
        if when(handler):
            threading.Event().wait(seconds)
        handler.pass_on(answer=True)

    return wait


def change(page: Page, run: str, number: int, **more: object) -> dict[str, object]:
    """A note of the person who is signed in, as it waits on the device."""
    return {
        "id": f"{run}-{number}",
        "person": page.evaluate("document.body.dataset.person"),
        "run": run,
        "title": "Akut hot mot medarbetare",
        "url": f"{page.evaluate('location.origin')}/genomforanden/{run}/anteckning",
        "fields": [["text", f"Rad {number}"]],
        "at": page.evaluate("new Date().toISOString()"),
        **more,
    }


@pytest.mark.parametrize("fail", [cut, answer_as_proxy])
def test_a_net_that_loses_each_third_request_keeps_all_and_loses_nothing(phone, site, fail):
    with phone.on() as page:
        page.goto("/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        phone.way.failure = each_third(fail)
        keep_all(page)
        phone.way.failure = None
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        address = follow(page)
        phone.way.failure = each_third(fail)
        keep_all(page)
        for number in range(6):
            tick(page, number)
            page.wait_for_timeout(300)
        expect(page.locator(".step--done")).to_have_count(6)
        expect(page.locator(".step--waiting")).to_have_count(0, timeout=30_000)
        assert page.url == address
        phone.way.failure = cut
        page.goto(address)
        expect(page.locator(".kept-bar")).to_be_visible()
        assert len([entry for entry in kept_on(page) if entry.startswith("radrum-open ")]) > 50


def test_a_slow_answer_is_waited_for_where_nothing_is_kept(phone):
    with phone.on() as page:
        page.goto("/")
        keep_all(page)
        phone.way.failure = slow(10, lambda handler: handler.path == "/logga-in")
        page.set_default_timeout(30_000)
        page.goto("/logga-in")
        expect(page.get_by_label("E-post")).to_be_visible()


def test_signing_out_over_a_slow_net_while_the_worker_keeps_leaves_nothing(phone, site):
    with phone.on() as page:
        page.goto("/")
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        follow(page)
        keep_all(page)
        person = page.evaluate("document.body.dataset.person")
        phone.way.failure = slow(3, lambda handler: handler.command == "POST")
        page.evaluate(
            """async (person) => {
              const { active } = await navigator.serviceWorker.ready
              setTimeout(() => active.postMessage({ kind: 'keep', person }), 800)
              document.querySelector('[data-module~=sign-out]').requestSubmit()
            }""",
            person,
        )
        page.wait_for_url(lambda url: "/genomforanden" not in url)
        page.wait_for_timeout(1500)
        asked = [path for _, path in phone.way.seen]
        assert asked.index("/utloggning") < len(asked) - 1 - asked[::-1].index("/utan-nat/oppet.json")
        assert not any(person in name for name in page.evaluate("caches.keys()"))


def test_what_a_run_that_is_gone_does_not_take_can_be_read_and_taken_away(phone, site):
    with phone.on() as page:
        page.goto("/")
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        page.goto("/om")
        about = "steg 3 (Lås dörren.)"
        step = f"{phone.way.url}/genomforanden/borta/steg/las/lage"
        lost = {"about": about, "url": step, "fields": [["lage", "klart"]]}
        page.evaluate(INJECT, [change(page, "borta", 1), change(page, "borta", 2, **lost)])
        page.reload()
        waiting = page.locator(".waiting")
        expect(waiting).to_contain_text("kunde inte tas emot")
        waiting.get_by_role("link").click()
        refused = page.locator(".unsent")
        expect(refused).to_have_count(2)
        expect(page.locator("main")).to_contain_text("Rad 1")
        expect(page.locator("main")).to_contain_text(about)
        refused.get_by_role("button", name="Ta bort raden").first.click()
        expect(refused).to_have_count(1)
        page.context.clear_cookies()
        sign_in(page, "redaktor", site.accounts["redaktor"])
        keep_all(page)
        page.goto("/utan-nat")
        expect(page.locator("main")).to_contain_text("Akut hot mot medarbetare")
        expect(refused).to_have_count(0)
        expect(page.locator("main")).not_to_contain_text(about)


def test_a_question_is_answered_though_somebody_else_used_the_phone_meanwhile(phone, site, signed_in):
    end_all(signed_in)
    ready(phone, site)
    going = follow(signed_in("krisledare"))
    with phone.on() as page:
        start_without_net(page)
        tick(page, 0)
        expect(page.locator(".step--waiting")).to_have_count(1)
        phone.way.failure = None
        sign_in(page, "redaktor", site.accounts["redaktor"])
        keep_all(page)
        expect(page.locator("body")).not_to_contain_text("Milan")
        page.context.clear_cookies()
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        page.goto("/om")
        expect(page.locator(".waiting")).to_contain_text("samma checklista pågår redan")
        page.locator(".waiting").get_by_role("link").click()
        page.locator("main").get_by_role("button", name="Lägg ihop").click()
        page.wait_for_url(re.compile(going.rsplit("/")[-1]))
        expect(page.locator(".step--done:not(.step--waiting)")).to_have_count(1)


def test_a_full_phone_says_so_and_keeps_what_was_typed(phone, site):
    ready(phone, site)
    with phone.on() as page:
        page.add_init_script(
            "Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))"
        )
        page.goto("/checklistor/akut-hot-mot-medarbetare")
        page.get_by_role("link", name="Starta checklistan").click()
        place = page.get_by_label(re.compile("^Var")).first
        place.fill("Kontoret")
        page.get_by_role("button", name="Starta på den här enheten").click()
        expect(page.get_by_role("alert").filter(has_text="den är full")).to_be_visible()
        expect(place).to_have_value("Kontoret")
        assert "/utan-nat/starta/" in page.url or "/genomforanden/nytt" in page.url


@pytest.mark.parametrize("years", [-1, 1])
def test_a_clock_that_is_a_year_wrong_is_said_on_the_page(signed_in, years):
    page = signed_in("medarbetare")
    address = follow(page)
    expect(page.locator(".waiting").filter(has_text="Klockan")).to_have_count(0)
    page.add_init_script(f"{{ const now = Date.now; Date.now = () => now() + {years} * 365 * 86400e3 }}")
    page.goto(address)
    expect(page.locator(".waiting").filter(has_text="Klockan")).to_be_visible()


def test_a_long_queue_is_sent_once_and_in_order_though_the_server_is_killed_meanwhile(phone, site):
    with phone.on() as page:
        page.goto("/")
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        address = follow(page)
        run = address.rsplit("/")[-1]
        phone.way.failure = cut
        page.evaluate(INJECT, [change(page, run, number) for number in range(25)])
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator(".run-head__words")).to_contain_text("25 ändringar väntar")
        phone.way.failure = None
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator(".run-head__words")).to_contain_text(
            re.compile("Skickar, (1\\d|2[0-2]) ändringar")
        )
        site.stop(signal.SIGKILL)
        site.start()
        expect(page.locator(".run__side .log")).to_contain_text("Rad 24", timeout=60_000)
        expect(page.locator(".run-head")).not_to_have_class(re.compile("offline"))
        assert page.url == address
        page.goto(f"{address}/logg")
        log = page.locator("main .log-line__words").all_inner_texts()
        said = [match[0] for line in log if (match := re.search(r"Rad \d+", line))]
        assert said == [f"Rad {number}" for number in reversed(range(25))]
