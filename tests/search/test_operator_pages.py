"""What the search page says of operators, and the way out of each."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ODD = ["-", "+", '"', "*", "(", ")", "-hot", "+hot", "NOT", "INTE", "OR", "ELLER", "AND", "OCH", "hot"]
ODD += ['-"lex', 'sarah"', "site:x"]


def page(client, text, **asked):
    response = client.get("/sok", query_string={"q": text, **asked})
    assert response.status_code == 200
    return BeautifulSoup(response.data, "html.parser").main


def titles(html):
    return [link.get_text() for link in html.select(".hit__title a")]


@pytest.fixture(autouse=True)
def library(publish):
    publish(title="Lex Sarah", body="<p>Rapportera genast.</p>")
    publish(title="Lex Sarah till IVO", body="<p>Anmäl till IVO.</p>")
    publish(title="Hot mot barn")


def test_minus_leaves_out_and_the_page_says_so(client):
    html = page(client, "lex sarah -ivo")

    assert titles(html) == ["Lex Sarah"]
    assert "Vi läste det som ”lex sarah”, utan ”ivo”." in html.get_text(" ", strip=True)
    plain = html.find("a", string="Sök på orden som de står")["href"]
    assert plain == "/sok?q=lex+sarah+-ivo&ord=1"
    assert set(titles(page(client, "lex sarah -ivo", ord="1"))) == {"Lex Sarah", "Lex Sarah till IVO"}


def test_a_phrase_that_nothing_holds_leads_to_its_words(client):
    html = page(client, '"sarah lex"')

    assert not titles(html)
    way = html.find("a", href="/sok?q=sarah+lex")
    assert way.get_text(" ", strip=True) == "Sök utan citattecken 2 träffar"


def test_what_leaves_nothing_over_leads_to_what_it_left_out(client):
    html = page(client, "barn -hot")

    assert html.find("a", href="/sok?q=barn").get_text(" ", strip=True) == "Sök med ”hot” 1 träff"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-ivo", "Du har bara skrivit vad du inte vill ha med."),
        ("NOT ivo", "Du har bara skrivit vad du inte vill ha med."),
        ("hot*", "Du behöver ingen stjärna"),
        ("site:ivo.se lex", "Sökningen läser inte ”site:”."),
        ("* - ()", "Skriv minst ett ord"),
    ],
)
def test_what_search_does_not_do_is_said(client, text, said):
    assert said in page(client, text).get_text(" ", strip=True)


def test_a_query_of_nothing_but_what_is_not_wanted_leads_to_it(client):
    assert page(client, "-ivo").find("a", href="/sok?q=ivo")


def test_related_texts_do_not_hold_what_was_left_out(client):
    assert "Lex Sarah till IVO" not in page(client, "zeppelinare -ivo").get_text()


def test_how_it_was_read_stays_with_filters_and_pages(client):
    html = page(client, "lex sarah -ivo", ord="1")

    assert html.select_one(".facets input[type=hidden][name=ord]")["value"] == "1"


def test_any_operators_give_a_page(client):
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.sampled_from(ODD), max_size=8))
    def hold(pieces):
        page(client, " ".join(pieces))

    hold()
