"""Whatever becomes of a request, a running checklist stays on the screen and nothing that was done in it is lost."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.starting import press_start

pytestmark = pytest.mark.browser
STATES = re.compile(r"/genomforanden/[^/]+/steg/[^/]+/lage$")
NOTES = re.compile(r"/anteckning$")
PHONE = {"width": 375, "height": 667}


def follow(page: Page) -> str:
    """Start the acute list; its address."""
    page.goto("/checklistor/akut-hot-mot-medarbetare")
    page.get_by_role("link", name="Starta checklistan").click()
    press_start(page)
    expect(page.locator("[data-module=run-live] > [role=status]")).to_be_attached()
    return page.url


def tick(page: Page, number: int = 0) -> None:
    page.get_by_role("button", name=re.compile("^Markera som klart")).nth(number).click()


def refuse(route: Route) -> None:
    route.abort("connectionrefused")


def answer_as_proxy(route: Route) -> None:
    route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")


def cut_the_answer(route: Route) -> None:
    """The server takes it, and the answer is lost on the way."""
    route.fetch()
    route.abort("connectionreset")


def answer_with_another_page(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<p>Logga in på nätet i receptionen</p>")


def answer_with_strange_json(route: Route) -> None:
    route.fulfill(status=404, content_type="application/json", body='{"error": "no backend"}')


@pytest.mark.parametrize(
    "fail", [refuse, answer_as_proxy, cut_the_answer, answer_with_another_page, answer_with_strange_json]
)
def test_a_failed_tick_stays_on_the_page_and_is_sent_once(signed_in, fail):
    page = signed_in("medarbetare", viewport=PHONE)
    address = follow(page)
    page.route(STATES, fail)
    tick(page, 0)
    tick(page, 2)

    waiting = page.locator(".step--done.step--waiting")
    expect(waiting).to_have_count(2)
    expect(waiting.first).to_contain_text("sparat här")
    expect(page.locator(".run-head")).to_contain_text("Inget nät, 2 ändringar väntar")
    expect(page.locator(".run-head__top")).to_contain_text("2 av ")
    assert page.url.split("#")[0] == address

    page.unroute_all(behavior="ignoreErrors")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".step--waiting")).to_have_count(0)
    expect(page.locator(".step--done")).to_have_count(2)
    expect(page.locator(".run-head__saved")).to_be_visible()
    page.goto(f"{address}/logg")
    expect(
        page.locator("main .log-line__words").filter(has_text=re.compile(r"steg \d+ klart"))
    ).to_have_count(2)


def test_what_waits_is_there_after_a_reload(signed_in):
    page = signed_in("medarbetare")
    follow(page)
    page.route(STATES, refuse)
    tick(page)
    expect(page.locator(".step--waiting")).to_have_count(1)
    page.reload()
    expect(page.locator(".step--waiting")).to_have_count(1)
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(page.locator(".step--done")).to_have_count(1)
    expect(page.locator(".step--waiting")).to_have_count(0)


def test_ticked_and_unticked_without_a_net_ends_as_it_was_left(signed_in):
    page = signed_in("medarbetare")
    address = follow(page)
    page.route(STATES, refuse)
    first = page.locator(".step .tick").first
    for pressed in ("true", "false", "true"):
        first.click()
        expect(first).to_have_attribute("aria-pressed", pressed)
        page.wait_for_timeout(750)
    page.unroute_all(behavior="ignoreErrors")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".step--waiting")).to_have_count(0)
    page.goto(f"{address}/logg")
    said = page.locator("main .log-line__words").all_inner_texts()
    assert [re.sub(r".*: |\(.*", "", words).strip() for words in said[:3]] == [
        "steg 1 klart",
        "ångrade klart på steg 1",
        "steg 1 klart",
    ]


def test_signed_out_meanwhile_nothing_is_lost(signed_in, site):
    page = signed_in("medarbetare")
    address = follow(page)
    page.context.clear_cookies()
    tick(page)
    expect(page.locator(".run-head")).to_contain_text("Utloggad, 1 ändring väntar")
    page.locator(".run-head").get_by_role("link", name="Logga in").click()
    page.get_by_label("E-post").fill("medarbetare@demo.example")
    page.get_by_label("Lösenord", exact=True).fill(site.accounts["medarbetare"])
    page.locator("main").get_by_role("button", name="Logga in").click()
    page.wait_for_url(address)
    expect(page.locator(".step--done")).to_have_count(1)
    expect(page.locator(".step--waiting")).to_have_count(0)


def test_another_person_in_the_same_browser_neither_sees_nor_sends_it(signed_in, site):
    page = signed_in("medarbetare")
    address = follow(page)
    page.context.clear_cookies()
    tick(page)
    expect(page.locator(".run-head")).to_contain_text("Utloggad")
    other = page.context.new_page()
    other.goto("/logga-in")
    other.get_by_label("E-post").fill("krisledare@demo.example")
    other.get_by_label("Lösenord", exact=True).fill(site.accounts["krisledare"])
    other.locator("main").get_by_role("button", name="Logga in").click()
    other.goto(address)
    expect(other.locator("[data-module=run-live] > [role=status]")).to_be_attached()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".run-head")).to_contain_text("Utloggad, 1 ändring väntar")
    expect(other.locator(".step--done, .step--waiting")).to_have_count(0)


def test_a_note_that_is_refused_is_kept_and_can_be_mended(signed_in):
    page = signed_in("medarbetare")
    follow(page)
    page.locator(".step__more").first.click()
    sheet = page.locator(".sheet:popover-open")
    sheet.get_by_text("Skriv anteckning").click()
    sheet.get_by_label("Anteckning").fill("Hon heter 811228-9874")
    sheet.get_by_role("button", name="Spara anteckningen").click()
    refused = page.locator(".unsent")
    expect(refused).to_contain_text("personnummer")
    expect(refused).to_contain_text("Hon heter 811228-9874")
    page.reload()
    expect(refused).to_contain_text("Hon heter 811228-9874")
    refused.get_by_role("button", name="Rätta och skicka igen").click()
    field = page.locator(".sheet:popover-open").get_by_label("Anteckning")
    expect(field).to_have_value("Hon heter 811228-9874")
    field.fill("Hon är i säkerhet")
    page.locator(".sheet:popover-open").get_by_role("button", name="Spara anteckningen").click()
    expect(page.locator(".step__note")).to_contain_text("Hon är i säkerhet")
    expect(refused).to_have_count(0)


def test_what_an_ended_run_does_not_take_can_be_copied(signed_in):
    page, leader = signed_in("medarbetare"), signed_in("krisledare")
    address = follow(page)
    page.route(NOTES, refuse)
    page.locator(".step__more").first.click()
    sheet = page.locator(".sheet:popover-open")
    sheet.get_by_text("Skriv anteckning").click()
    sheet.get_by_label("Anteckning").fill("Vi har låst dörren")
    sheet.get_by_role("button", name="Spara anteckningen").click()
    expect(page.locator(".step__note")).to_contain_text("sparat här")
    leader.goto(f"{address}/avslut")
    leader.get_by_label(re.compile("^Avslutande anteckning")).fill("Klart.")
    leader.locator("main").get_by_role("button", name=re.compile("^Avsluta")).click()
    expect(leader.locator("main")).to_contain_text("vslutad")
    page.unroute_all(behavior="ignoreErrors")
    page.goto(address)
    expect(page.locator(".unsent")).to_contain_text("avslutat")
    expect(page.locator(".unsent")).to_contain_text("Vi har låst dörren")
    page.locator(".unsent").get_by_role("button", name="Ta bort raden").click()
    expect(page.locator(".unsent")).to_have_count(0)


def test_a_double_tap_ticks_once(signed_in):
    page = signed_in("medarbetare")
    address = follow(page)
    page.get_by_role("button", name=re.compile("^Markera som klart")).first.dblclick()
    expect(page.locator(".step--done:not(.step--waiting)")).to_have_count(1)
    page.goto(f"{address}/logg")
    expect(page.locator("main .log-line__words")).to_have_count(2)


def test_signing_out_asks_about_what_is_not_sent_and_leaves_nothing(signed_in):
    page = signed_in("medarbetare", viewport={"width": 1280, "height": 800})
    address = follow(page)
    page.route(STATES, refuse)
    tick(page)
    expect(page.locator(".step--waiting")).to_have_count(1)
    asked: list[str] = []

    def stay(dialog):
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.locator(".top__user").click()
    page.locator("#konto").get_by_role("button", name="Logga ut").click()
    page.wait_for_timeout(500)
    assert "inte skickad" in asked[0]
    assert page.url == address
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#konto").get_by_role("button", name="Logga ut").click()
    page.wait_for_url(lambda url: "/genomforanden" not in url)
    kept = page.evaluate(
        """() => new Promise((done) => { indexedDB.open('radrum').onsuccess = (event) => {
            event.target.result.transaction('changes').objectStore('changes').count().onsuccess =
                (count) => done(count.target.result) } })"""
    )
    assert kept == 0


def test_what_was_left_unsent_is_sent_from_any_other_page(signed_in):
    page = signed_in("medarbetare")
    address = follow(page)
    page.route(STATES, refuse)
    tick(page)
    expect(page.locator(".step--waiting")).to_have_count(1)
    page.goto("/checklistor")
    waiting = page.locator(".waiting")
    expect(waiting).to_have_text("Akut hot mot medarbetare: 1 ändring väntar på att skickas.")
    page.unroute_all(behavior="ignoreErrors")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(waiting).to_be_hidden()
    page.goto(address)
    expect(page.locator(".step--done")).to_have_count(1)


LINES = re.compile(r"/(logg|rattelse)$")


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Vad har hänt?").fill(text)
    page.get_by_role("button", name="Lägg till").click()


@pytest.mark.parametrize("fail", [refuse, answer_as_proxy, cut_the_answer, answer_with_another_page])
def test_a_line_of_the_log_is_kept_and_sent_once_from_its_page(signed_in, fail):
    page = signed_in("medarbetare", viewport=PHONE)
    address = follow(page)
    page.goto(f"{address}/logg")
    page.route(LINES, lambda route: fail(route) if route.request.method == "POST" else route.continue_())
    page.get_by_role("radio", name="Kontakt").check()
    write(page, "Polisen är på väg.\nTvå bilar.")

    waiting = page.locator(".unsent")
    expect(waiting).to_contain_text("Kontakt: Polisen är på väg.")
    expect(waiting).to_contain_text("sparat här")
    page.reload()
    expect(waiting).to_contain_text("Två bilar.")
    page.unroute_all(behavior="ignoreErrors")
    expect(waiting).to_have_count(0, timeout=15_000)
    expect(page.locator(".log-line", has_text="Polisen är på väg.")).to_have_count(1)


def test_a_line_that_is_refused_comes_back_into_its_form(signed_in):
    page = signed_in("medarbetare", viewport=PHONE)
    page.goto(f"{follow(page)}/logg")
    write(page, "19900101-1017 kom hit")

    expect(page.locator(".unsent")).to_contain_text("personnummer")
    page.get_by_role("button", name="Rätta och skicka igen").click()
    expect(page.get_by_role("textbox", name="Vad har hänt?")).to_have_value("19900101-1017 kom hit")


def test_a_line_is_written_beside_the_steps_while_the_net_is_away(signed_in):
    page = signed_in("medarbetare", viewport=PHONE)
    follow(page)
    page.route(LINES, refuse)
    page.get_by_role("combobox", name="Skriv i loggen").select_option("beslut")
    write(page, "Vi stänger receptionen.")

    log = page.locator(".run__side .log")
    expect(log).to_contain_text("Beslut: Vi stänger receptionen. sparat här")
    page.unroute_all(behavior="ignoreErrors")
    expect(log).to_contain_text("Milan Medarbetare: Beslut: Vi stänger receptionen.", timeout=15_000)
