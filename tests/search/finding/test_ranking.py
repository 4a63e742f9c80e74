from datetime import date

import pytest

from tests.search.samples import build, found, make_indexable


def test_title_outranks_summary_and_summary_outranks_text(store):
    build(
        store,
        make_indexable(slug="text", text="Om nödlarm. " + "Annat ord. " * 20),
        make_indexable(slug="ingress", summary="Så fungerar nödlarm."),
        make_indexable(slug="titel", title="Nödlarm"),
    )

    assert found(store, "nödlarm") == ["titel", "ingress", "text"]


def test_every_form_finds_every_form(store):
    build(store, make_indexable(slug="a", text="Beslutet om tjänstemännens skydd skrevs."))

    for text in ("beslut", "tjänsteman", "skydden", "skriva"):
        assert found(store, text) == ["a"], text


def test_marks_may_be_left_out_but_the_exact_word_wins(store):
    build(
        store,
        make_indexable(slug="val", text="den som blev vald"),
        make_indexable(slug="våld", text="om våld"),
    )

    assert found(store, "vald") == ["val", "våld"]
    assert found(store, "våld") == ["våld"]


def test_a_hit_must_hold_enough_of_the_query_or_be_about_a_word_of_the_subject(store):
    build(
        store,
        *(make_indexable(slug=f"hot-{number}", title="Hot mot personal") for number in range(9)),
        make_indexable(slug="paus", title="Pauser", text="De drack kaffe. " + "Annat ord. " * 60),
        make_indexable(slug="rätt", text="drönare"),
    )

    assert found(store, "drönare hot")[0] == "rätt"
    assert found(store, "kaffe") == ["paus"]
    assert found(store, "zeppelinare") == found(store, "zeppelinare kaffe") == []
    assert len(found(store, "zeppelinare hotar")) == 9


def test_a_phrase_is_mandatory_and_does_not_run_over_edges(store):
    build(
        store,
        make_indexable(slug="rätt", text="Anmäl enligt lex Sarah i dag."),
        make_indexable(slug="fel ordning", text="Sarah läste lex Maria."),
        make_indexable(slug="över kanten", title="Om lex", text="Sarah skrev."),
    )

    assert found(store, '"lex sarah"') == ["rätt"]
    assert set(found(store, "lex sarah")) == {"rätt", "fel ordning", "över kanten"}


def test_a_word_for_a_kind_lifts_that_kind_without_being_required(store):
    build(
        store,
        make_indexable(slug="text", title="Kontaktlista", text="reception"),
        make_indexable(slug="lista", kind="checklista", text="reception"),
    )

    assert found(store, "reception checklista")[0] == "lista"
    assert found(store, "checklista") == ["lista"]


def test_acute_checklists_come_first_when_the_query_is_acute(store):
    build(
        store,
        make_indexable(slug="text", title="Hot", summary="Hot och hot"),
        make_indexable(slug="lista", title="Hot: första timmen", text="annat", kind="checklista", acute=True),
    )

    assert found(store, "hotad")[0] == "lista"
    assert found(store, "vägledning hotad")[0] == "text"


def test_acute_checklists_stay_in_their_place_when_another_phase_is_asked_for(store):
    build(
        store,
        make_indexable(slug="lista", title="Hot", kind="checklista", acute=True, phases=("under",)),
        make_indexable(slug="text", title="Hot", summary="Hot", phases=("efter",)),
    )

    assert found(store, "efter hot")[0] == "text"
    assert found(store, "hot")[0] == "lista"


def test_of_equals_the_one_reviewed_lately_comes_first(store):
    build(
        store,
        make_indexable(slug="gammal", text="rutin", reviewed_on=date(2020, 1, 1)),
        make_indexable(slug="ny", text="rutin"),
    )

    assert found(store, "rutin") == ["ny", "gammal"]


def test_what_somebody_may_not_see_is_not_found(store):
    build(store, make_indexable(slug="öppen", text="rutin"), make_indexable(slug="intern", text="rutin"))

    assert found(store, "rutin", {"intern"}) == ["öppen"]
    assert set(found(store, "rutin")) == {"öppen", "intern"}


def test_values_of_a_filter_are_alternatives_and_filters_narrow_each_other(store):
    build(
        store,
        make_indexable(slug="a", text="rutin", phases=("fore",), topics=("hot",)),
        make_indexable(slug="b", text="rutin", phases=("efter",), topics=("hot",)),
        make_indexable(slug="c", text="rutin", phases=("under",), topics=("hot",)),
        make_indexable(slug="d", text="rutin", phases=("fore",), topics=("vald",)),
    )

    assert set(found(store, "rutin", skede=("fore", "efter"), amne=("hot",))) == {"a", "b"}


@pytest.mark.parametrize("query", ["27 kap. 5 §", "27:5", "27 kap 5 §"])
def test_a_section_is_found_as_it_is_written_and_in_the_other_way(store, query):
    build(
        store,
        make_indexable(slug="rätt", text="Se 27 kap. 5 § socialtjänstlagen."),
        make_indexable(slug="fel", text="Se 5 kap. 27 § i en annan lag."),
    )

    assert found(store, query)[0] == "rätt"


@pytest.mark.parametrize("query", ["AFS 2023:2", "2023:2", "1177", "14-14"])
def test_numbers_are_found_as_they_are_written(store, query):
    build(
        store,
        make_indexable(slug="rätt", text="AFS 2023:2 gäller. Ring 1177 eller 14-14."),
        make_indexable(slug="fel", text="AFS 2001:1, 14 dagar, 2 av 2023."),
    )

    assert found(store, query)[0] == "rätt"


def test_a_story_that_says_as_much_stands_behind_what_to_do_unless_it_is_asked_for(store):
    build(
        store,
        make_indexable(slug="berättelsen", kind="berattelse", title="Nödlarm", labels=("larm i natt",)),
        make_indexable(slug="vägledningen", title="Om ett nödlarm", labels=("larm i natt",)),
    )

    assert found(store, "larm i natt") == ["vägledningen", "berättelsen"]
    assert found(store, "exempel nödlarm")[0] == "berättelsen"
