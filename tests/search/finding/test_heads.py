import pytest

from kb.accounts.viewer import ANONYMOUS
from kb.search.finding.query import parse
from kb.search.finding.ranking import Filters
from kb.search.finding.searching import SearchRequest, with_heads
from kb.search.results import search
from tests.search.samples import build, make_indexable, seen_in

TEXT = "Våld och hot mot personal: en rutin."


@pytest.mark.parametrize("typed", ["hedersvåld", "yxhot", "kontorsrutin", "zlatanhot"])
def test_a_compound_that_nothing_answers_is_found_by_its_head(session, publish, indexer, typed):
    publish(title="Hot och våld", body=TEXT)

    assert search(indexer, session, ANONYMOUS, SearchRequest(typed)).total == 1


@pytest.mark.parametrize("typed", ["hot", "brandrutin", '"yxhot"', "avslag"])
def test_what_is_answered_quoted_or_no_compound_keeps_its_forms(store, typed):
    build(store, make_indexable(text=TEXT + " Brandrutin."))
    snapshot = store.snapshot()
    query = parse(typed)

    assert with_heads(snapshot, query, Filters(seen_in(snapshot, ()), {})) is query


def test_a_head_that_hardly_any_text_holds_is_not_looked_for(session, publish, indexer):
    publish(title="Resultat", body="Resultat av en granskning.")
    for number in range(11):
        publish(title=f"Hot {number}", body=TEXT)

    assert search(indexer, session, ANONYMOUS, SearchRequest("fotbollsresultat")).total == 0
    assert search(indexer, session, ANONYMOUS, SearchRequest("yxhot")).total == 11


def test_the_whole_compound_ranks_over_its_head(session, publish, indexer):
    publish(slug="huvud", title="Hot", body="Hot.")
    publish(slug="hela", title="Annat", body="Om knivhot i receptionen.")

    hits = search(indexer, session, ANONYMOUS, SearchRequest("knivhot")).hits

    assert [hit.card.slug for hit in hits] == ["hela"]
