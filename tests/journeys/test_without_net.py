"""Without net: what the phone has kept is shown with its age, after a cold start too, and never to another person."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from kb import clock
from tests.journeys.phone import answer_as_proxy, cut, keep_all, kept_on, never_answer, sign_in, take_and_cut
from tests.journeys.test_cut_network import follow, tick

pytestmark = pytest.mark.browser
CHECKLIST = "/checklistor/akut-hot-mot-medarbetare"
BAR = re.compile(r"Sparad kopia från \d\d\.\d\d\.")


def test_open_pages_are_there_after_a_cold_start_with_their_age(phone):
    with phone.on() as page:
        page.goto("/")
        keep_all(page)
        assert page.evaluate("navigator.serviceWorker.controller !== null")
    phone.way.failure = cut
    with phone.on() as page:
        for address in ("/", "/nu", "/nu/hot", "/viktiga-nummer", CHECKLIST):
            page.goto(address)
            expect(page.locator(".kept-bar")).to_contain_text(BAR)
            expect(page.locator(".kept-bar")).to_contain_text("Inget nät.")
            expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('.kept-bar')).display") == "block"
        page.goto(page.locator("main a[href^='/vagledning/']").first.get_attribute("href"))
        expect(page.locator(".kept-bar")).to_be_visible()


@pytest.mark.parametrize(
    ("failure", "words"),
    [(cut, "Inget nät."), (answer_as_proxy, "Rådrum svarar inte."), (never_answer, "Rådrum svarar inte.")],
)
def test_whatever_fails_the_kept_page_is_shown_or_what_there_is(phone, failure, words):
    with phone.on() as page:
        page.goto("/")
        keep_all(page)
        phone.way.failure = failure
        page.goto("/nu")
        expect(page.locator(".kept-bar")).to_contain_text(words)
        page.goto("/om", timeout=45_000)  # what is not kept is waited for longer
        expect(page.locator("#lage")).to_contain_text(words)
        expect(page.get_by_role("link", name="Akut hot mot medarbetare", exact=True)).to_be_visible()
        phone.way.failure = None
        page.goto("/nu")
        expect(page.locator(".kept-bar")).to_have_count(0)


def test_a_running_list_is_ticked_after_a_cold_start_and_sent_when_the_net_is_back(phone, site):
    with phone.on() as page:
        page.goto("/")
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        address = follow(page)
        keep_all(page)
    phone.way.failure = cut
    with phone.on() as page:
        page.goto(address)
        expect(page.locator(".kept-bar")).to_contain_text(BAR)
        tick(page, 0)
        expect(page.locator(".run-head")).to_contain_text("Inget nät, 1 ändring väntar")
        page.reload()
        expect(page.locator(".step--done.step--waiting")).to_contain_text("sparat här")
    with phone.on() as page:
        phone.way.failure = None
        sign_in(page, "medarbetare", site.accounts["medarbetare"])  # the sign-in ended with the browser
        page.goto(address)
        expect(page.locator(".step--done:not(.step--waiting)")).to_have_count(1)
        expect(page.locator(".kept-bar")).to_have_count(0)


def test_no_line_of_the_log_lies_on_the_phone(phone, site):
    with phone.on() as page:
        page.goto("/")
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        address = follow(page)
        tick(page, 0)
        expect(page.locator(".step--done:not(.step--waiting)")).to_have_count(1)
        expect(page.locator(".run__side .log")).to_contain_text("startade checklistan")
        keep_all(page)
        phone.way.failure = cut
        page.goto(address)
        expect(page.locator(".kept-bar")).to_be_visible()
        expect(page.locator(".step--done")).to_have_count(1)
        assert "startade checklistan" not in page.content()


def test_signing_out_leaves_nothing_of_the_person(phone, site):
    with phone.on() as page:
        page.goto("/")
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        address = follow(page)
        keep_all(page)
        assert any("radrum-person-" in entry and "/genomforanden/" in entry for entry in kept_on(page))
        page.get_by_role("button", name="Meny").click()
        page.locator("#meny").get_by_role("button", name="Logga ut").click()
        page.wait_for_url(lambda url: "/genomforanden" not in url)
        assert not any("radrum-person-" in entry for entry in kept_on(page))
        phone.way.failure = cut
        page.goto(address)
        expect(page.locator("#lage")).to_contain_text("Sidan finns inte sparad")
        assert "genomforande" not in page.locator("main").inner_html()


def test_another_person_on_the_phone_gets_nothing_of_the_first(phone, site):
    with phone.on() as page:
        page.goto("/")
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        address = follow(page)
        keep_all(page)
        first = page.evaluate("document.body.dataset.person")
        page.context.clear_cookies()
        sign_in(page, "redaktor", site.accounts["redaktor"])
        keep_all(page)
        assert not any(first in entry for entry in kept_on(page))
        own = [entry for entry in kept_on(page) if entry.startswith("radrum-open")]
        assert own
        phone.way.failure = cut
        page.goto(address.replace(phone.way.url, ""))
        expect(page.locator("body")).not_to_contain_text("Milan")


def test_what_was_typed_in_a_form_that_could_not_be_sent_is_kept(phone, site):
    with phone.on() as page:
        page.goto("/")
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        address = follow(page)
        page.goto(f"{address}/tid")
        page.get_by_label(re.compile("^Varför ändras tiden")).fill("Vi fick veta det <b>senare</b>")
        page.get_by_label(re.compile("^När hände det")).fill(
            f"{clock.now() - timedelta(days=1):%Y-%m-%dT%H:%M}"
        )
        phone.way.failure = cut
        page.locator("main form button[type=submit]").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Det gick inte att skicka")
        expect(page.locator("main")).to_contain_text("Vi fick veta det <b>senare</b>")
        phone.way.failure = None
        page.get_by_role("button", name="Skicka igen").click()
        expect(page.locator("main")).to_contain_text("Vi fick veta det")
        page.goto(f"{address}/logg")
        expect(page.locator("main .log-lines")).to_contain_text("Vi fick veta det <b>senare</b>")


def start_without_net(page):
    """Start the acute list on the phone; the address of the run."""
    page.goto(CHECKLIST)
    page.get_by_role("link", name="Starta checklistan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Starta utan nät")
    page.get_by_label(re.compile("^Var")).first.fill("Kontoret")
    page.get_by_role("button", name="Starta på den här enheten").click()
    page.wait_for_url(re.compile(r"/genomforanden/[0-9a-f]{32}$"))
    expect(page.locator("[data-module=run-live] > [role=status]")).to_be_attached()
    return page.url


def ready(phone, site, role="medarbetare"):
    """The phone of somebody who has been signed in on it, closed, and without net."""
    with phone.on() as page:
        page.goto("/")
        sign_in(page, role, site.accounts[role])
        keep_all(page)
    phone.way.failure = cut


def end_all(signed_in):
    """What goes on in the unit ends, so that what a test starts meets nothing."""
    leader = signed_in("krisledare")
    leader.goto("/genomforanden")
    for address in {
        link.get_attribute("href") for link in leader.locator("main a[href^='/genomforanden/']").all()
    }:
        leader.goto(f"{address}/avslut")
        note = leader.get_by_label(re.compile("^Avslutande anteckning"))
        if note.count():
            note.fill("Klart.")
            leader.locator("main").get_by_role("button", name=re.compile("^Avsluta")).click()


def test_a_list_started_without_net_after_a_cold_start_is_sent_once_and_in_order(phone, site, signed_in):
    end_all(signed_in)
    ready(phone, site)
    with phone.on() as page:
        address = start_without_net(page)
        tick(page, 0)
        expect(page.locator(".run-head")).to_contain_text("Inget nät, 2 ändringar väntar")
        expect(page.locator("main")).to_contain_text("Ingen annan ser checklistan")
        page.locator(".step__more").nth(1).click()
        sheet = page.locator(".sheet:popover-open")
        sheet.get_by_text("Skriv anteckning").click()
        sheet.get_by_label("Anteckning").fill("Vi har låst dörren")
        sheet.get_by_role("button", name="Spara anteckningen").click()
        expect(page.locator(".step__note")).to_contain_text("sparat här")
        page.reload()
        expect(page.locator(".step--done.step--waiting")).to_have_count(1)
    with phone.on() as page:
        page.goto(address)
        expect(page.locator(".step--done.step--waiting")).to_have_count(1)
        expect(page.locator(".step__note")).to_contain_text("Vi har låst dörren")
        page.goto("/utan-nat")
        expect(page.locator("#lage")).to_contain_text("Inget nät.")
        expect(page.locator("main")).to_contain_text("Akut hot mot medarbetare, startad här och inte skickad")
    phone.way.failure = None
    with phone.on() as page:
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        page.goto(address)
        expect(page.locator(".step--done:not(.step--waiting)")).to_have_count(1)
        expect(page.locator(".step__note")).not_to_contain_text("sparat här")
        expect(page.locator(".waiting:visible")).to_have_count(0)
        page.goto(f"{address}/logg")
        log = page.locator("main .log-line__words").all_inner_texts()
        assert [next(word for word in ("startade", "klart", "låst") if word in line) for line in log] == [
            "låst",
            "klart",
            "startade",
        ]
        assert all("utan nät" in line for line in log)


@pytest.mark.parametrize("answer", ["Lägg ihop", "Behåll båda"])
def test_a_list_started_without_net_that_goes_on_already_is_a_question(phone, site, signed_in, answer):
    end_all(signed_in)
    ready(phone, site)
    other = signed_in("krisledare")
    going = follow(other)
    with phone.on() as page:
        address = start_without_net(page)
        tick(page, 0)
        phone.way.failure = None
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        page.goto(address)
        asked = page.locator(".unsent")
        expect(asked).to_contain_text("Samma checklista pågår redan")
        expect(page.locator(".step--waiting")).to_have_count(1)
        asked.get_by_role("button", name=answer).click()
        expect(page.locator(".step--done:not(.step--waiting)")).to_have_count(1)
        is_joined = answer == "Lägg ihop"
        assert page.url.rsplit("/")[-1] == (going if is_joined else address).rsplit("/")[-1]
    other.goto(going)
    expect(other.locator(".step--done")).to_have_count(int(is_joined))


def test_a_start_that_fails_on_the_way_is_made_on_the_phone(phone, site, signed_in):
    end_all(signed_in)
    with phone.on() as page:
        page.goto("/")
        sign_in(page, "medarbetare", site.accounts["medarbetare"])
        keep_all(page)
        page.goto(CHECKLIST)
        page.get_by_role("link", name="Starta checklistan").click()
        phone.way.failure = take_and_cut
        page.locator("main").get_by_role("button", name=re.compile("^Starta")).click()
        page.wait_for_url(re.compile(r"/genomforanden/[0-9a-f]{32}$"))
        tick(page, 0)
        expect(page.locator(".step--done.step--waiting")).to_have_count(1)
        phone.way.failure = None
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_url(re.compile(r"/genomforanden/(?![0-9a-f]{32}$)"))
        expect(page.locator(".step--done:not(.step--waiting)")).to_have_count(1)


def test_what_is_kept_is_searched_without_net(phone):
    with phone.on() as page:
        page.goto("/")
        keep_all(page)
        phone.way.failure = cut
        page.goto("/sok?q=bombhot+på+telefon")
        found = page.locator("[data-found]")
        expect(found.get_by_role("link").first).to_contain_text(re.compile("bombhot", re.IGNORECASE))
        page.get_by_role("searchbox", name="Sök i det som är sparat").fill("hot mot förtroendevald")
        page.locator("main").get_by_role("button", name="Sök", exact=True).click()
        expect(found.get_by_role("link").first).to_contain_text(re.compile("förtroendevald", re.IGNORECASE))
        page.get_by_role("searchbox", name="Sök i det som är sparat").fill("xyzzy")
        page.keyboard.press("Enter")
        expect(found).to_contain_text("Ingen sparad text")
