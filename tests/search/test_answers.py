"""Answers over the hits: narrow, for those who may see them, and never in the place of hits."""

import json

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS
from kb.library.content.document import Provision
from kb.library.core.models.lists import ImportantNumber
from kb.library.core.projection import restamp
from kb.search.answering import list_answers, list_rows
from kb.search.finding.query import Query
from kb.search.finding.searching import SearchRequest
from kb.search.results import SearchResult, search
from kb.web.answering import Answer, Answerer, Answering, answering_of
from tests.factories import make_unit, make_user, viewer_of
from tests.search.finding.test_query import HOSTILE

SOL = "Socialtjänstlag (2025:400)"
LSS = "Lag (1993:387) om stöd och service till vissa funktionshindrade"
RULES = (
    Provision(statute=SOL, short="SoL", section="27 kap. 2 §", checked_on="2026-11-01"),
    Provision(statute=SOL, short="SoL", section="27 kap. 4 §", checked_on="2026-11-01"),
    Provision(statute=LSS, short="LSS", section="24 b §", checked_on="2026-11-01"),
)
FIRST = {
    "viktiga nummer": "/viktiga-nummer",
    "Viktiga numer": "/viktiga-nummer",
    "vem ska jag ringa": "/viktiga-nummer",
    "vem ringer man": "/viktiga-nummer",
    "nr till polisen": "/viktiga-nummer",
    "telefonnummer till polisen": "/viktiga-nummer",
    "telefonnumer": "/viktiga-nummer",
    "socialjour": "/viktiga-nummer",
    "socialjouren": "/viktiga-nummer",
    "11414": "/viktiga-nummer",
    "ordlista": "/ordlista",
    "ordlistan": "/ordlista",
    "ord lista": "/ordlista",
    "ordlsta": "/ordlista",
    "lagrum": "/lagrum",
    "det händer nu": "/nu",
    "det hander nu": "/nu",
    "det har hänt": "/efter",
    "förbered": "/fore",
    "det händer nu hot": "/nu/hot",
    "våld det har hänt": "/efter/vald",
    "ämne hot": "/amnen/hot",
    "allt om våld": "/amnen/vald",
    "hot": "/amnen/hot",
    "missförhållande definition": "/ordlista#ord-missforhallande",
    "missforhallande definition": "/ordlista#ord-missforhallande",
    "missförhålande definiton": "/ordlista#ord-missforhallande",
    "vad betyder avvikelse": "/ordlista#ord-avvikelse",
    "vad betyder avvikelser": "/ordlista#ord-avvikelse",
    "avvikelse": "/ordlista#ord-avvikelse",
    "lex sarah": "/ordlista#ord-lex-sarah",
    "lex sahra": "/ordlista#ord-lex-sarah",
    "SoL 27 kap 2": "/lagrum/sol-27-kap-2",
    "27 kap. 2 § socialtjänstlagen": "/lagrum/sol-27-kap-2",
    "27:2 sol": "/lagrum/sol-27-kap-2",
    "27:2": "/lagrum/sol-27-kap-2",
    "LSS 24b": "/lagrum/lss-24-b",
    "SoL 27 kap": "/lagrum",
    "SoL 14 kap 3": "/lagrum",
}
UNASKED = [
    "hot från förälder",
    "jag blir hotad av en pappa",
    "journalisten ringer",
    "hot och våld på jobbet",
    "rapportera avvikelse till chefen",
    "gdpr artikel 33",
    "BrB 17 kap",
    "40 000 anmälningar",
    "hat",
    "24 b §",
    "ordning",
    "rutin",
]


def page(browser, **asked):
    response = browser.get("/sok", query_string=asked)
    assert response.status_code == 200
    return BeautifulSoup(response.data, "html.parser")


def answers(html):
    return [str(link["href"]) for link in html.select(".answer__title a")]


def titles(html):
    return [link.get_text() for link in html.select(".hit__title a")]


@pytest.fixture
def laws(publish):
    return publish(title="Rapportera genast", slug="rapportera", provisions=RULES)


@pytest.mark.parametrize(("query", "url"), FIRST.items())
def test_what_is_asked_for_stands_first(client, laws, query, url):
    assert answers(page(client, q=query))[0] == url


@pytest.mark.parametrize("query", UNASKED)
def test_nothing_answers_what_was_not_asked(client, laws, query):
    assert answers(page(client, q=query)) == []


def test_a_number_is_a_link_to_dial_with_when_to_call(client, indexer, laws):
    answer = page(client, q="nummer till polisen").select_one(".answer")

    assert [link["href"] for link in answer.select(".numbers a")] == ["tel:11414"]
    assert "när faran är över" in answer.get_text()


@pytest.mark.parametrize(
    "cry", ["HJÄLP!!!", "hjälp mej", "snälla hjälp mig nu", "hjelp", "help", "apua", "nödläge"]
)
def test_who_cries_for_help_sees_the_number_to_ring_first(client, laws, cry):
    assert page(client, q=cry).select_one(".answer a[href='tel:112']")


@pytest.mark.parametrize("asked", ["hjälp med lex sarah", "hjälp till våldsutsatta", "ekonomisk hjälp"])
def test_help_with_something_is_no_cry(client, laws, asked):
    assert not page(client, q=asked).select(".answer a[href='tel:112']")


def test_a_number_of_their_own_answers_for_the_one_on_call(client, session, laws):
    session.add(
        ImportantNumber(label="Socialjouren", number="031-365 87 00", note="Efter kl. 17.", is_local=True)
    )
    restamp(session)
    session.commit()

    for query in ("socialjour", "jour nummer", "ring socialjouren", "031-365 87 00"):
        assert "tel:0313658700" in str(page(client, q=query).select_one(".answer")), query


def test_without_any_numbers_the_page_is_led_to(client, session, laws):
    session.execute(delete(ImportantNumber))
    restamp(session)
    session.commit()

    assert answers(page(client, q="vem ska jag ringa")) == ["/viktiga-nummer"]


def test_a_section_shows_its_first_words_its_version_and_who_cites_it(client, laws):
    answer = page(client, q="SoL 27 kap. 2 §").select_one(".answer")

    assert "lydelse t.o.m. SFS 2025:1501" in answer.get_text()
    assert "/vagledning/rapportera" in [link["href"] for link in answer.select(".answer__links a")]


def test_a_section_that_is_not_there_leads_to_those_that_are(client, laws):
    answer = page(client, q="14 kap. 3 § SoL").select_one(".answer")

    assert "Ingen text här bygger på just den paragrafen" in answer.get_text()
    assert "/lagrum/sol-27-kap-2" in [link["href"] for link in answer.select(".answer__links a")]


def test_sections_and_texts_that_are_for_a_unit_answer_nobody_else(client, session, sign_in, publish):
    unit = make_unit(session)
    inside, outside = make_user(session, Role.READER, unit=unit), make_user(session, Role.READER)
    publish(title="Bara vi", visibility="enhet", unit=unit.public_id, provisions=RULES)

    assert answers(page(sign_in(inside), q="SoL 27 kap 2")) == ["/lagrum/sol-27-kap-2"]
    for browser in (client, sign_in(outside)):
        assert answers(page(browser, q="SoL 27 kap 2")) == []


def test_a_withdrawn_text_takes_its_section_along(client, session, laws):
    assert answers(page(client, q="LSS 24b"))
    laws.status = "borttagen"
    restamp(session)
    session.commit()

    assert answers(page(client, q="LSS 24b")) == []


@pytest.mark.parametrize(
    "asked", [{"q": "ordlista", "sida": "2"}, {"q": "ordlista", "skede": "under"}, {"q": ""}, {"q": " "}]
)
def test_pages_filters_and_nothing_typed_have_no_answers(client, laws, asked):
    assert answers(page(client, **asked)) == []


def test_an_answer_is_a_section_with_a_heading_before_the_hits(client, publish):
    publish(title="Ordlista för nya", slug="nya")

    html = page(client, q="ordlista")

    assert html.select_one("section.answers h2").get_text() == "Svar"
    assert [one.name for one in html.select(".answers, .hits")] == ["section", "ol"]
    assert titles(html) == ["Ordlista för nya"]


def test_what_was_answered_is_not_counted_as_without_hits(app, client, laws):
    counted = []
    app.extensions["search"].counter.note_search = lambda query, *, has_hits: counted.append(
        (query, has_hits)
    )

    page(client, q="ordlista")
    page(client, q="blorptang")

    assert counted == [("ordlista", True), ("blorptang", False)]


@pytest.mark.parametrize("query", [*HOSTILE, "?" * 500, "§" * 200, "27:" * 60, "kap " * 50, "1" * 300])
def test_hostile_queries_are_answered_without_error(client, laws, query):
    page(client, q=query)


@given(st.sampled_from([*FIRST, *UNASKED]), st.sampled_from(["", " nu", " larm", "!", " §"]))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hits_are_those_of_the_query_without_answers(app, session, indexer, laws, query, end):
    request = SearchRequest(query + end)
    with app.app_context():
        hits = [hit.slug for hit in search(indexer, session, ANONYMOUS, request).hits]
        rows = list_rows(answering_of(app), indexer, session, ANONYMOUS, request)

    assert [row["slug"] for row in rows if row["kind"] != "sida"] == hits[: len(rows)]


@pytest.mark.parametrize("query", ["", " ", "***", "\u200b"])
def test_nobody_is_asked_an_empty_question(session, query):
    asked = []
    answering = Answering()

    def note(*given):
        asked.append(given)
        return []

    answering.add(Answerer(place=1, answer=note))

    result = SearchResult(Query(query))
    assert list_answers(answering, session, ANONYMOUS, SearchRequest(query), result) == []
    assert asked == []


def test_a_capability_that_is_added_answers_in_its_place_and_at_most_three_are_shown(session):
    answering = Answering()
    for place in (4, 2, 3, 1):
        one = Answer(label="Sida", icon="mapp", title=f"Svar {place}", url=f"/{place}")
        answering.add(Answerer(place=place, answer=lambda *_given, one=one: [one]))

    found = list_answers(answering, session, ANONYMOUS, SearchRequest("larm"), SearchResult(Query("larm")))

    assert [one.title for one in found] == ["Svar 1", "Svar 2", "Svar 3"]


@pytest.fixture
def terminal(app, indexer):
    """The rows that `flask search query` prints for a query."""
    runner = app.test_cli_runner()
    return lambda query, *options: json.loads(
        runner.invoke(args=["search", "query", query, "--json", *options]).stdout
    )


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("viktiga nummer", "/viktiga-nummer"),
        ("ordlista", "/ordlista"),
        ("vem ska jag ringa", "/viktiga-nummer"),
        ("telefonnummer", "/viktiga-nummer"),
        ("det händer nu", "/nu"),
        ("ämne hot", "/amnen/hot"),
    ],
)
def test_the_terminal_begins_with_a_page_that_is_named(terminal, laws, query, slug):
    first = terminal(query)[0]

    assert (first["slug"], first["kind"]) == (slug, "sida")
    assert set(first) == {"slug", "title", "kind", "score"}


@pytest.mark.parametrize(
    "query", ["hot", "lex sarah", "SoL 27 kap 2", "vad betyder avvikelse", "polisen", "efter"]
)
def test_other_answers_are_rows_only_when_asked_for(terminal, laws, query):
    assert [row for row in terminal(query) if row["kind"] == "sida"] == []
    assert [row for row in terminal(query, "--answers") if row["kind"] == "sida"] != []


def test_the_limit_of_the_terminal_counts_the_page(terminal, publish):
    for number in range(3):
        publish(title=f"Ordlista {number}")

    rows = terminal("ordlista", "--limit", "2")

    assert [row["kind"] for row in rows] == ["sida", "vagledning"]
    assert rows[0]["score"] >= rows[1]["score"]


def test_pages_are_suggested_by_name_to_who_may_open_them(app, session, indexer):
    from kb.search.suggest import Suggester

    suggester = Suggester(indexer, answering_of(app))
    staff = viewer_of(session, make_user(session, Role.STAFF))
    with app.app_context():
        found = {
            typed: [one.url for one in suggester.suggest(session, ANONYMOUS, typed) if one.url]
            for typed in ("vikt", "ordl", "det h", "hot", "pågå")
        }
        own = [one.url for one in suggester.suggest(session, staff, "pågå")]

    assert found["vikt"] == ["/viktiga-nummer"]
    assert found["ordl"] == ["/ordlista"]
    assert set(found["det h"]) == {"/nu", "/efter"}
    assert found["hot"] == ["/amnen/hot"]
    assert found["pågå"] == []
    assert own == ["/genomforanden"]
