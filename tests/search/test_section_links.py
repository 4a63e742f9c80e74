"""A hit leads to the section that answers, and each of those exists; the passage is running text, cut at sentences."""

import re
from urllib.parse import urldefrag

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from kb.accounts.viewer import ANONYMOUS
from kb.library.addresses import address
from kb.library.core.indexable import list_indexable
from kb.search.finding.searching import SearchRequest
from kb.search.results import Hit, search

BODY = """
<h2>Fakta</h2><table><caption>Fakta</caption><tbody><tr><td>Nödlarm</td><td>Varje månad</td></tr></tbody></table>
<h2>Pröva nödlarmet</h2><p>Alla går ut. Pröva nödlarmet varje månad. Skriv upp vem som var med.</p>
<h2>Anmäl <span class="state">Att verifiera</span></h2><p>Ring polisen på 114 14.</p>
"""


@pytest.fixture
def hit_of(app, publish, session, indexer):
    """`hit_of("nödlarm", body=…)`: the hit of a query on one text."""

    def find(query: str, kind: str = "vagledning", **values: object) -> Hit:
        publish(kind, **{"title": "Rutin", "summary": "Så gör ni.", **values})
        return search(indexer, session, ANONYMOUS, SearchRequest(query)).hits[0]

    with app.app_context():  # addresses are the application's
        yield find


def passage(hit: Hit) -> str:
    return "".join(text for text, _is_mark in hit.snippet)


def test_the_passage_is_running_text_and_the_link_leads_to_its_heading(hit_of):
    hit = hit_of("nödlarm", body=BODY, slug="rutin")

    assert passage(hit) == "… Pröva nödlarmet varje månad. Skriv upp vem som var med. …"
    assert hit.url == "/vagledning/rutin#prova-nodlarmet"
    assert hit.section_words == "Under rubriken ”Pröva nödlarmet”"


def test_a_table_is_shown_when_nothing_else_holds_the_words(hit_of):
    hit = hit_of("nödlarm", body=BODY.replace("Pröva nödlarmet", "Pröva det"), slug="rutin")

    assert passage(hit) == "… Nödlarm Varje månad …"
    assert hit.url == "/vagledning/rutin#fakta"


def test_a_heading_is_shown_with_what_stands_under_it(hit_of):
    hit = hit_of("anmäl", body=BODY, slug="rutin")

    assert passage(hit).startswith("… Anmäl")
    assert "Ring polisen" in passage(hit)
    assert hit.section_words == "Under rubriken ”Anmäl”"


@pytest.mark.parametrize(
    "values",
    [{"title": "Nödlarm"}, {"summary": "Om nödlarm."}, {"labels": ("nödlarm",)}],
    ids=lambda one: next(iter(one)),
)
def test_a_hit_by_title_summary_or_label_leads_to_the_top(hit_of, values):
    hit = hit_of("nödlarm", body="<h2>Mer</h2><p>Pröva nödlarmet.</p>", slug="rutin", **values)

    assert hit.url == "/vagledning/rutin"
    assert hit.section_words == ""


def test_only_what_was_asked_for_is_marked(hit_of):
    hit = hit_of(
        "checklista vad gör vi efter nödlarm", body="<p>Efter det gör vi en checklista om nödlarm.</p>"
    )

    assert [text for text, is_mark in hit.snippet if is_mark] == ["nödlarm"]


def ids_of(client: FlaskClient, path: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', client.get(path).text))


@pytest.mark.slow
def test_every_section_of_every_shipped_text_is_on_its_page(shipped):
    client = shipped.test_client()
    with shipped.extensions["database"].reading() as session:
        items = list_indexable(session)
    with shipped.app_context():
        page_of = {item.slug: address(item.kind, item.slug) for item in items}

    assert len(items) > 100
    assert sum(len({span.anchor for span in item.outline}) for item in items) > 5 * len(items)
    for item in items:
        assert sum(span.lines for span in item.outline) == item.text.count("\n") + 1, item.slug
        anchors = {span.anchor for span in item.outline if span.anchor}
        assert anchors <= ids_of(client, page_of[item.slug]), item.slug
        assert all(span.name for span in item.outline if span.anchor), item.slug


QUERIES = """
hot från förälder|våld i receptionen|polisanmälan|114 14|sekretess till polisen|filmad av brukare|lex sarah
vem ringer anhöriga|krisstöd första dygnet|talespersonens frågor|spara bevis skärmbild|arbetsmiljöverket inom 24 timmar
hembesök ensam|jourtelefon|efter en månad|vad sa ni till media|loggar|namn på sociala medier|skyddade personuppgifter
brand i boendet|ombud|chefens ansvar|riskbedömning före mötet|tolk|27 kap. 5 §|ring 112|rykten om tvång
"""


@pytest.mark.slow
def test_every_link_to_a_section_leads_somewhere(shipped):
    client = shipped.test_client()
    to_sections = 0
    for query in QUERIES.replace("\n", "|").strip("|").split("|"):
        page = BeautifulSoup(client.get("/sok", query_string={"q": query}).data, "html.parser")
        for link in page.select(".hit__title a"):
            path, anchor = urldefrag(str(link["href"]))
            to_sections += bool(anchor)
            assert not anchor or anchor in ids_of(client, path), link["href"]
        for mark in page.select(".hit__text"):
            assert len(mark.get_text()) < 320
    assert to_sections > 60
