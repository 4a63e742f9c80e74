"""Small words say what the others are: where it happens, who follows whom, that something is told."""

import pytest

from kb.search.finding import weights
from kb.search.finding.query import parse
from kb.search.finding.reading import circumstances
from tests.search.samples import build, found, make_indexable


def shares(query):
    return {wanted.word: wanted.share for wanted in parse(query).wanted}


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("våld i receptionen", {"receptionen"}),
        ("vald pa mitt kontor", {"kontor"}),
        ("larmknapp under disken hos klienten", {"disken", "klienten"}),
        ("filmad utanför vårt hus", {"hus"}),
        ("anmälan till ivo", set()),
        ("i receptionen", set()),
        ("på jobbet i köket", set()),
    ],
)
def test_what_stands_behind_a_preposition_of_place_is_where_it_happens(query, where):
    known = shares(query)

    assert {word for word, share in known.items() if share == weights.CIRCUMSTANCE} == where
    assert set(known.values()) <= {1.0, weights.CIRCUMSTANCE}


def test_no_query_is_nothing_but_circumstances():
    assert circumstances(["på", "boendet"], ["boendet"]) == frozenset()


def test_what_happens_comes_before_where(store):
    build(
        store,
        make_indexable(slug="vad", title="Hot mot dig", text="Text."),
        make_indexable(slug="var", title="Regler för korridoren", text="Text."),
        *(
            make_indexable(slug=f"om-{number}", title=f"Hot nummer {number}", text="Korridoren.")
            for number in range(3)
        ),
    )

    assert found(store, "hot i korridoren")[-1] == "var"


@pytest.mark.parametrize(
    "query",
    [
        "en man följer efter mig",
        "letar efter bror",
        "han kom efter oss",
        "vem ropar efter polis",
        "foljer efter henne",
    ],
)
def test_efter_that_belongs_to_a_verb_or_a_person_is_no_time(query):
    assert parse(query).phase_hints == frozenset()


@pytest.mark.parametrize("query", ["efter hotet", "stöd efter våld", "veckan efter mötet"])
def test_efter_before_what_happened_is_one(query):
    assert parse(query).phase_hints == {"efter"}


def test_somebody_who_tells_what_happened_asks_for_no_template():
    assert parse("jag skickade mejl till fel person").kind_hints == frozenset()
    assert parse("hon fick ett inlägg mot sig").kind_hints == frozenset()
    assert parse("mejl till personalen").kind_hints == {"mall"}
    assert parse("hur skriver jag ett pressmeddelande").kind_hints == {"mall"}
    assert parse("jag behöver en mall").kind_hints == {"mall"}


def test_a_word_that_is_small_only_with_marks_is_looked_for_where_others_have_theirs():
    assert [wanted.word for wanted in parse("min far är våldsam").wanted] == ["far", "våldsam"]
    assert [wanted.word for wanted in parse("vad far jag veta om hot").wanted] == ["hot"]


def test_hen_is_a_person_like_hon():
    assert [wanted.word for wanted in parse("hen hotar").wanted] == ["hotar"]
