"""The checks of the shared client find what they are for, and what they found once stays mended."""

import pytest
from bs4 import BeautifulSoup

from tests.leading import dead_addresses
from tests.markup import check_markup, errors_in

PAGE = "http://localhost/nu?x=1"
START = "<!doctype html><html lang=sv><title>x</title><body>"


def faults(app, html, here=PAGE):
    """What is wrong with the addresses in a piece of HTML."""
    return list(dead_addresses(app, BeautifulSoup(html, "html.parser"), here))


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/finns-inte">x</a>',
        '<a href="finns-inte">x</a>',
        '<a href="http://localhost/finns-inte">x</a>',
        '<a href="#saknas">x</a>',
        '<a href="/nu?x=1#saknas">x</a>',
        '<a href="/logga-in//">x</a>',
        '<a href="/utseende">x</a>',
        '<img src="/static/gammal/site.css">',
        '<form method="post"></form>',
        '<form method="post" action="/om"></form>',
        '<form action="/utseende"></form>',
        '<form method="post" action="/utseende"><button formaction="/om">x</button></form>',
        '<form id="f" method="post" action="/utseende"></form><button form="f" formaction="/om">x</button>',
        '<form action="/sok"><button formmethod="post" formaction="/sok">x</button></form>',
        '<svg><use href="#saknas"></use></svg>',
    ],
)
def test_an_address_that_leads_nowhere_is_found(app, html):
    assert len(faults(app, html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/nu">x</a>',
        '<a href="?sida=2">x</a>',
        '<a href="#har" id="har">x</a>',
        '<a href="/nu?x=2#annan-sida">x</a>',
        '<a href="https://exempel.se/finns-inte">x</a>',
        '<a href="mailto:anna@kommun.example">x</a>',
        '<a href="tel:112">x</a>',
        "<form></form>",
        '<form method="post" action="/utseende"></form>',
    ],
)
def test_an_address_that_leads_somewhere_is_no_fault(app, html):
    assert faults(app, html) == []


def test_a_place_on_the_answer_to_a_form_is_found_without_asking_for_it(app):
    html = '<a href="#har" id="har">x</a><a href="#saknas">x</a>'

    assert len(faults(app, html, "http://localhost/utseende")) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<p class="a"id="b">x</p>',
        "<p>a<div>b</div></p>",
        "<b>a",
        "<p id=a id=b>x</p>",
        "<p>&finns;</p>",
        "<p>\x00</p>",
        "<table><p>x</p></table>",
    ],
)
def test_an_error_of_markup_is_found(html):
    assert errors_in(START + html)
    assert errors_in(html, whole=False)


def test_a_page_is_read_again_when_something_on_it_is_new():
    good, kind = "<p>x</p>", ("prov", "GET", 200)
    check_markup(good, BeautifulSoup(good, "html.parser"), kind)
    broken = '<p>x</p><p class="a"id="b">x</p>'

    for _ in range(2):  # what is broken does not count as seen
        with pytest.raises(AssertionError, match="after-attribute-value"):
            check_markup(broken, BeautifulSoup(broken, "html.parser"), kind)


def test_a_page_that_is_like_others_is_read_on_demand():
    good, kind = "<p>x</p>", ("prov igen", "GET", 200)
    check_markup(good, BeautifulSoup(good, "html.parser"), kind)
    broken = "<p>&finns;</p>"

    check_markup(broken, BeautifulSoup(broken, "html.parser"), kind)
    with pytest.raises(AssertionError, match="entity"):
        check_markup(broken, BeautifulSoup(broken, "html.parser"), kind, everything=True)


@pytest.mark.parametrize("page", ["lasa", "arbeta"])
def test_a_form_among_the_components_leads_back_to_its_page(client, page):
    answer = client.post(f"/stilguide/{page}", data={"svar": "ja"})

    assert (answer.status_code, answer.location) == (303, f"/stilguide/{page}")


def test_an_address_that_cannot_be_gone_back_to_is_not_offered(client):
    page = BeautifulSoup(client.get("/a%00b").text, "html.parser")

    assert page.select_one("[name=tillbaka]")["value"] == "/"


def test_the_choice_of_colours_leads_back_with_what_was_asked(client):
    page = BeautifulSoup(client.get("/sok?q=hot+och+v%C3%A5ld").text, "html.parser")

    assert page.select_one("[name=tillbaka]")["value"] == "/sok?q=hot+och+v%C3%A5ld"
