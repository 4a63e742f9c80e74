"""Slips in words that the library has: what is meant is found, what is hidden or right is never proposed."""

import random
import unicodedata
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.slips import KINDS, slips
from kb.accounts.viewer import ANONYMOUS
from kb.language.compounds import is_known
from kb.language.words import fold
from kb.search.engine.store import Store
from kb.search.finding.correction import corrected
from kb.search.finding.query import parse
from kb.search.finding.ranking import Filters
from kb.search.finding.searching import SearchRequest, find
from kb.search.finding.synonyms import make_synonyms
from tests.search.samples import build, found, make_indexable, seen_in

OPEN = """
    ambulansen larmknappen dödsfallet snabbt skyddsombudet skjutningen journalisten personalen sekretess hembesök
    lex sarah säkra misstänkt paket polisanmälan krisledningen ordförande mening natten receptionen bemanning
    socialsekreteraren uthängd påtryckning sjukskriven desinformation överfallslarmet
"""
HIDDEN = "dimridån kvastskaftet jordgubbstårtan förtennaren"
ACCENTED = "Müller entré kommittén café señor André Björn Söderström Ståhl Zoë Grønberg idéer armé René"
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A text that all may read, labels, and one that is hidden."""
    store = Store(tmp_path_factory.mktemp("slips"))
    build(
        store,
        make_indexable(slug="öppen", text=OPEN, labels=("näthat", "fältbesök")),
        make_indexable(slug="dold", text=HIDDEN),
    )
    return store


def meant(store: Store, text: str, *synonyms: tuple[str, str]) -> str:
    snapshot = store.snapshot()
    table = make_synonyms(synonyms)
    return corrected(snapshot, parse(text, table), Filters(seen_in(snapshot, {"dold"}), {}), table)


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("ambulnas", "ambulans"),
        ("larmknap", "larmknapp"),
        ("dödsfal", "dödsfall"),
        ("snabt", "snabbt"),
        ("sjutning", "skjutning"),
        ("jornalist", "journalist"),
        ("lex sahra", "lex sarah"),
        ("lex sarha", "lex sarah"),
        ("misstänkt packet", "misstänkt paket"),
        ("näyhat", "näthat"),
        ("ordförrande", "ordförande"),
        ("bemaning", "bemanning"),
        ("hedersvåld jornalist", "hedersvåld journalist"),
    ],
)
def test_a_slip_becomes_what_was_meant_in_the_form_that_was_typed(library, typed, better):
    assert meant(library, typed) == better


@pytest.mark.parametrize("typed", ["packet", "katten", "mobning", "kjol", "säkra sarah", "hedersvåld"])
def test_a_word_of_the_language_or_near_to_one_is_not_bent_into_another(library, typed):
    assert meant(library, typed) == ""


def test_a_slip_in_a_word_that_only_the_synonyms_have_becomes_that_word(library):
    assert meant(library, "mobning", ("mobbning", "sekretess")) == "mobbning"


@quick
@given(word=st.sampled_from(OPEN.split()), seed=st.integers(0, 10**6))
def test_what_is_proposed_for_any_slip_is_visible_and_finds_something(library, word, seed):
    for _kind, typed in slips(word, str(seed)):
        better = meant(library, typed)

        assert not better or found(library, better, {"dold"}) == ["öppen"]


@quick
@given(word=st.sampled_from(HIDDEN.split()), kind=st.sampled_from(sorted(KINDS)), seed=st.integers(0, 10**6))
def test_no_slip_of_a_hidden_word_leads_to_it(library, word, kind, seed):
    typed = KINDS[kind](word, random.Random(seed))

    assert word not in meant(library, typed).split() or word in typed.split()


@quick
@given(word=st.sampled_from(OPEN.split()))
def test_a_word_that_a_visible_text_holds_is_never_corrected(library, word):
    assert meant(library, word) == ""


@quick
@given(word=st.sampled_from(OPEN.split()), kind=st.sampled_from(sorted(KINDS)), seed=st.integers(0, 10**6))
def test_a_slip_that_makes_a_word_of_the_language_is_left_alone(library, word, kind, seed):
    typed = KINDS[kind](word, random.Random(seed))

    assert not is_known(typed) or meant(library, typed) == ""


def test_a_group_of_ten_digits_and_one_more_is_one_number(store):
    build(store, make_indexable(slug="nummer", title="Ring", text="Ring 0201200606-0 nu."))

    assert found(store, "020-120 06 06 0") == ["nummer"]


@quick
@given(data=st.data(), digits=st.sampled_from(["11414", "02012006060", "0701740605", "12345", "1000000"]))
def test_any_grouping_of_a_number_finds_the_text_that_holds_it_in_any_other(tmp_path_factory, data, digits):
    gaps = st.lists(st.sampled_from(("", "", " ", "-", "\u00a0")), min_size=len(digits), max_size=len(digits))
    written, typed = (
        "".join(chain.from_iterable(zip(digits, data.draw(gaps), strict=True))).strip(" -\u00a0")
        for _ in "12"
    )
    store = Store(tmp_path_factory.mktemp("number"))
    build(
        store,
        make_indexable(slug="nummer", title="Ring", text=f"Ring {written} nu."),
        make_indexable(title="Annat"),
    )

    assert found(store, typed)[:1] == ["nummer"], (written, typed)


@quick
@given(word=st.sampled_from(ACCENTED.split()), form=st.sampled_from(["NFC", "NFD", "NFKD"]))
def test_an_accent_dropped_or_composed_otherwise_finds_the_same(tmp_path_factory, word, form):
    store = Store(tmp_path_factory.mktemp("accent"))
    build(store, make_indexable(slug="text", text=f"Om {unicodedata.normalize(form, word)} här."))
    plain = fold(word)

    for typed in (word, word.upper(), plain, unicodedata.normalize("NFD", word), plain.capitalize()):
        assert found(store, typed) == ["text"], typed


def test_a_correction_never_empties_a_result(session, publish, indexer):
    publish(slug="hot", kind="vagledning", title="Hot och ordförande")
    publish(slug="lista", kind="checklista", title="Krisledning")

    literal = SearchRequest("hot krisledninng", chosen={"typ": ("vagledning",)}, verbatim=True)
    before = find(indexer, session, ANONYMOUS, literal).ranking.total
    after = find(
        indexer, session, ANONYMOUS, SearchRequest("hot krisledninng", chosen=literal.chosen)
    ).ranking.total

    assert bool(after) >= bool(before)


@pytest.mark.parametrize("typed", ["sahara", "larmar", "hotara", "saxara"])
def test_no_ending_is_put_behind_another(tmp_path, typed):
    store = Store(tmp_path)
    build(store, make_indexable(slug="saxar", text="Inga saxar, vaser eller lösa lampor. Lex Sarah."))

    assert meant(store, f"lex {typed}") in {"", "lex sarah"}
