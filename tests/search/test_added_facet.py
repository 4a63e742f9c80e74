"""A facet that is added later is a row in one table: the index, the page of search, lists and the terminal follow."""

import json
import sys

import click
import pytest
from bs4 import BeautifulSoup

from kb.accounts.viewer import ANONYMOUS
from kb.library.core import facets
from kb.library.core.facets import FACETS, LISTED, Facet
from kb.library.core.indexable import list_indexable
from kb.library.core.models.items import ContentItem
from kb.library.core.queries.cards import card_query, list_cards
from kb.library.core.queries.topics import topic_names
from kb.search.cli import facet_options

STEPS = Facet(
    "steg",
    "Steg",
    {"ja": "Har steg", "nej": "Utan steg"},
    lambda item: ("ja" if list(item.document.steps()) else "nej",),
    lambda value: ContentItem.step_count > 0 if value == "ja" else ContentItem.step_count == 0,
    option="steps",
    every="Alla texter",
    told=str.lower,
)


@pytest.fixture
def added(monkeypatch):
    """The facet in its place in the tables, for all that read them; the index is made with it."""
    for table, more in (("FACETS", (*FACETS, STEPS)), ("LISTED", (*LISTED, STEPS))):
        known = getattr(facets, table)
        for name, module in list(sys.modules.items()):
            if name.startswith("kb.") and getattr(module, table, None) is known:
                monkeypatch.setattr(module, table, more)


@pytest.fixture
def texts(added, publish):
    """A checklist with steps and one without."""
    publish("checklista", title="Akut nödlarm", slug="med")
    publish("checklista", title="Nödlarm i boendet", slug="utan", sections=[])


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.data, "html.parser")


def hrefs(page, selector):
    return {link["href"] for link in page.select(selector)}


def test_search_counts_it_filters_by_it_and_keeps_it_in_the_address(client, texts):
    page = read(client, "/sok?q=nödlarm&steg=ja")

    assert hrefs(page, ".hit__title a") == {"/checklistor/med"}
    assert page.select_one("input[name=steg][value=ja]").has_attr("checked")
    labels = [box.parent.get_text(" ", strip=True) for box in page.select("input[name=steg]")]
    assert labels == ["Har steg 1 träff", "Utan steg 1 träff"]


def test_a_list_offers_it_narrows_by_it_and_says_so(client, texts):
    page = read(client, "/checklistor?steg=nej")

    assert hrefs(page, ".cards__title a") == {"/checklistor/utan"}
    menu = page.select_one("select[name=steg]")
    assert [option.get_text() for option in menu.select("option")] == ["Alla texter", "Har steg", "Utan steg"]
    assert menu.select_one("[selected]")["value"] == "nej"
    assert "1 text, utan steg." in page.select_one("meta[name=description]")["content"]


def test_a_value_that_it_does_not_have_narrows_nothing(client, texts):
    page = read(client, "/checklistor?steg=kanske")

    assert len(page.select(".cards__title")) == 2
    assert page.select_one("[selected]") is None


def test_the_terminal_takes_it(added):
    @facet_options
    def act(**chosen):
        click.echo(json.dumps(chosen))

    command = click.command()(act)

    assert "--steps" in {option for one in command.params for option in one.opts}


def test_the_database_and_the_index_say_the_same_of_every_facet(session, texts, publish):
    """What a list shows under a choice is what search shows under it."""
    publish("berattelse", title="Hot i receptionen", topics=("desinformation",), phases=("under", "efter"))
    publish(title="Stöd efteråt", phases=("efter",), audiences=("chef",))
    topics, items = topic_names(session), list_indexable(session)

    for facet in facets.FACETS:
        for value in facet.values(topics):
            by_rows = {card.id for card in list_cards(session, card_query(ANONYMOUS, {facet: value}))}
            assert by_rows == {item.item_id for item in items if value in facet.read(item)}, (
                facet.name,
                value,
            )
