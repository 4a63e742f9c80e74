"""Promoted answers come first for just their query, where the reader may see them."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from kb.accounts.viewer import ANONYMOUS, SYSTEM
from kb.audit.models import AuditEvent
from kb.errors import Invalid
from kb.search.finding.searching import SearchRequest
from kb.search.models import PromotedAnswer
from kb.search.results import search
from kb.search.tuning import answers as promoting
from tests.addresses import path_of
from tests.factories import make_unit


@pytest.fixture
def promote(session):
    """`promote("hot", item)` makes the item the last promoted answer of a query."""

    def save(query, item, position=0):
        answer = promoting.save_promoted(
            session, None, query=query, address=path_of(item), position=position, note="", by=SYSTEM
        )
        session.commit()
        return answer

    return save


@pytest.fixture
def found(session, indexer):
    """`found("hot")` gives the result for somebody without an account."""
    return lambda query, **asked: search(indexer, session, ANONYMOUS, SearchRequest(query, **asked))


def titles(result):
    return [hit.card.title for hit in result.hits]


def test_a_promoted_text_comes_first_marked_even_without_the_word(client, publish, promote, found):
    publish(title="Nödlarm")
    other = publish(title="Ring så här")
    promote("nödlarm", other)

    result = found("Nödlarm?")
    assert titles(result) == ["Ring så här", "Nödlarm"]
    assert [hit.picked for hit in result.hits] == [True, False]
    assert result.total == 2
    hits = BeautifulSoup(client.get("/sok?q=nödlarm").data, "html.parser").select(".hit")
    assert ["Utvalt svar" in hit.get_text() for hit in hits] == [True, False]


def test_it_stands_once_and_keeps_its_score(publish, promote, found):
    publish(title="Nödlarm nödlarm")
    second = publish(title="Rutin", body="<p>Om nödlarm.</p>")
    assert titles(found("nödlarm")) == ["Nödlarm nödlarm", "Rutin"]

    promote("nödlarm", second)

    assert titles(found("nödlarm")) == ["Rutin", "Nödlarm nödlarm"]
    assert found("nödlarm").total == 2


def test_other_queries_are_left_alone(publish, promote, found):
    publish(title="Nödlarm i hemmet")
    promote("nödlarm", publish(title="Ring så här"))

    assert titles(found("nödlarm hemmet")) == ["Nödlarm i hemmet"]


def test_it_answers_a_query_that_finds_nothing(publish, promote, found):
    promote("zeppelinare", publish(title="Nödlarm"))

    assert titles(found("zeppelinare")) == ["Nödlarm"]


def test_several_stand_in_their_order(publish, promote, found):
    first, second = publish(title="Ett"), publish(title="Två")
    promote("nödlarm", second, position=2)
    promote("nödlarm", first, position=1)

    assert titles(found("nödlarm")) == ["Ett", "Två"]


def test_it_is_shown_only_to_those_who_may_see_it(session, publish, promote, found, indexer):
    publish(title="Nödlarm")
    hidden = publish(title="Internt", visibility="intern")
    session.add(PromotedAnswer(query="nödlarm", item_id=hidden.id, position=1))
    session.commit()

    assert titles(found("nödlarm")) == ["Nödlarm"]
    assert found("nödlarm").total == 1


def test_a_withdrawn_text_is_not_shown(session, publish, promote, found):
    publish(title="Nödlarm")
    gone = publish(title="Gammal")
    promote("nödlarm", gone)
    gone.status = "borttagen"
    session.commit()

    assert titles(found("nödlarm")) == ["Nödlarm"]


def test_filters_narrow_it_and_count_it(publish, promote, found):
    publish(title="Nödlarm", phases=("fore",))
    promote("nödlarm", publish(title="Ring så här", phases=("efter",)))

    result = found("nödlarm")
    phases = {option.value: option.count for option in result.facets[0].options}
    assert phases == {"fore": 1, "efter": 1}
    assert titles(found("nödlarm", chosen={"skede": ("fore",)})) == ["Nödlarm"]
    assert titles(found("nödlarm", chosen={"skede": ("efter",)})) == ["Ring så här"]


def test_an_acute_checklist_comes_after_it(publish, promote, found):
    publish("checklista", title="Hot, akut", slug="akut")
    promote("hot", publish(title="Ring så här"))

    result = found("hot")
    assert titles(result) == ["Ring så här", "Hot, akut"]
    assert [(hit.picked, hit.act) for hit in result.hits] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("query", "address", "field"),
    [
        ("?!", "/vagledning/nodlarm", "query"),
        ("850101-1236", "/vagledning/nodlarm", "query"),
        ("hot", "/vagledning/finns-inte", "address"),
        ("nödlarm", "/vagledning/nodlarm", "address"),
    ],
    ids=["no words", "identity number", "no such text", "twice"],
)
def test_what_cannot_be_promoted_is_refused(session, publish, promote, query, address, field):
    promote("nödlarm", publish(title="Nödlarm", slug="nodlarm"))

    with pytest.raises(Invalid) as refused:
        promoting.save_promoted(session, None, query=query, address=address, position=0, note="", by=SYSTEM)
    assert refused.value.field == field


def test_a_text_of_another_unit_cannot_be_promoted(session, publish):
    unit = make_unit(session)
    item = publish(title="Enhetens", visibility="enhet", unit=unit.public_id)

    with pytest.raises(Invalid, match="ingen publicerad text"):
        promoting.save_promoted(
            session, None, query="hot", address=path_of(item), position=0, note="", by=SYSTEM
        )


def test_changes_stand_in_the_log(session, publish, promote):
    item = publish(title="Nödlarm", slug="nodlarm")
    answer = promote("hot", item)
    promoting.save_promoted(
        session, answer.id, query="våld", address="nodlarm", position=0, note="x", by=SYSTEM
    )
    promoting.remove_promoted(session, answer.id, by=SYSTEM)
    session.flush()

    names = session.scalars(select(AuditEvent.name).where(AuditEvent.name.startswith("promoted.")))
    assert list(names) == ["promoted.added", "promoted.changed", "promoted.removed"]
    assert session.scalars(select(PromotedAnswer)).all() == []
