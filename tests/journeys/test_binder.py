"""The crisis binder as people open it: from a memory stick, on a phone, without a server."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.test_accessibility import RULES
from tests.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def binder(site: Site, tmp_path_factory):
    """The file with the shipped content, as an address on disk."""
    place = tmp_path_factory.mktemp("usb") / "krisparm.html"
    site.flask("binder", "make", "--output", str(place))
    return place.as_uri()


@pytest.fixture
def opened(browser, binder):
    """The file on a phone without network; nothing is fetched."""
    context = browser.new_context(viewport={"width": 375, "height": 667}, offline=True)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(binder)
    yield page
    assert {url.split("#")[0] for url in asked} == {binder}
    context.close()


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("hot", "Akut hot mot medarbetare"),
        ("hotar mig", "Akut hot mot medarbetare"),
        ("journalisten ringer", "Journalisten ringer"),
        ("LEX SARAH", "Lex Sarah"),
        ("stromavbrott", "Strömavbrott"),
        ("brnad", "Brand på boende"),
        ("bombhott", "Bombhot"),
        ("el borta", "Strömavbrott"),
        ("nagon är försvunen", "Försvunnen brukare"),
    ],
)
def test_its_search_finds_without_a_server(opened, typed, right):
    opened.locator("#q").fill(typed)

    first = opened.locator("#funna a").first
    assert first.inner_text().startswith(right)
    assert opened.locator("#svar").inner_text().endswith(("träff", "träffar"))
    opened.locator("#q").press("Enter")
    assert opened.locator(":target h3").inner_text() == first.inner_text()


def test_a_number_is_found_by_its_name_and_its_digits(opened):
    for typed, right in (("112", "Akut fara: 112"), ("polisen", "Polisen, ej akut: 114 14")):
        opened.locator("#q").fill(typed)
        assert opened.locator("#funna a").first.inner_text() == right
    opened.locator("#q").press("Enter")
    assert opened.locator(":target dd a").inner_text() == "114 14"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_no_violation_of_accessibility(opened, scheme):
    opened.emulate_media(color_scheme=scheme)
    # A few texts of each kind: what all 150 say the same takes minutes.
    opened.evaluate("document.querySelectorAll('.sheet:nth-of-type(n + 3)').forEach((one) => one.remove())")
    assert not Axe().run(opened, options=RULES).response["violations"]


def test_what_is_not_there_is_said_and_nothing_typed_is_read_as_html(opened):
    opened.locator("#q").fill("<qqqq zzzz>")

    assert "Pröva ett annat ord" in opened.locator("#svar").inner_text()
    opened.locator("#q").fill("")
    assert opened.locator("#svar").inner_text() == ""


def test_it_fits_a_phone_and_ticks_stay_while_it_is_open(opened):
    assert opened.evaluate("document.documentElement.scrollWidth") <= 375
    box = opened.locator("#c-akut-hot-mot-medarbetare input").first
    box.scroll_into_view_if_needed()
    box.check()
    assert box.is_checked()
    assert box.bounding_box()["height"] >= 28
