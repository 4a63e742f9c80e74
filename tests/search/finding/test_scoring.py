"""Adding up only what may be shown gives what adding up everything gives."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.search.engine.store import Store
from kb.search.finding.query import parse
from kb.search.finding.ranking import Filters, rank
from kb.search.finding.rarity import demand_of
from kb.search.finding.scoring import MOST_WORDS, best_of, docs_of, holds_any
from tests.search.samples import TODAY, build, make_indexable, seen_in

WORDS = ("hot", "våld", "barn", "beslut", "stöd", "polis", "rapport", "kris", "telefon", "rutin")
KINDS = ("vagledning", "checklista", "mall", "pastaende")
PHASES = ("fore", "under", "efter")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store, chance = Store(tmp_path_factory.mktemp("index")), random.Random(7)
    build(store, *(_item(number, chance) for number in range(400)))
    return store


def _item(number, chance):
    held = chance.sample(WORDS, chance.randint(1, 6))
    return make_indexable(
        item_id=number + 1,
        title=held[0],
        text=" ".join(chance.choices(held, k=30)),
        kind=chance.choice(KINDS),
        phases=tuple(chance.sample(PHASES, chance.randint(0, 2))),
        acute=chance.random() < 0.1,
        reviewed_on=TODAY - timedelta(days=chance.randint(0, 1000)),
    )


queries = st.lists(
    st.sampled_from([*WORDS, "checklista", "efter", "qqxx", '"hot våld"', '"stöd"', "telefonrapport"]),
    min_size=1,
    max_size=9,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(text=queries, first=st.integers(1, 120))
def test_the_first_hits_are_those_of_the_whole_ranking(store, text, first):
    snapshot, query = store.snapshot(), parse(text)
    filters = Filters(seen_in(snapshot), {})

    whole = rank(snapshot, query, filters, TODAY)
    some = rank(snapshot, query, filters, TODAY, first=first)

    assert some.ranked[:first] == whole.ranked[:first]
    assert (some.matched, some.total, some.promoted) == (whole.matched, whole.total, whole.promoted)
    assert whole.total == len(whole.ranked) == sum(mask.bit_count() for mask in whole.matched)


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=MOST_WORDS + 3, unique=True))
def test_a_text_is_found_by_what_it_holds_and_what_it_is_about(store, words):
    snapshot, query = store.snapshot(), parse(" ".join(words))
    (leaf,) = snapshot.leaves
    demand = demand_of(snapshot, query)
    bests = [best_of(leaf, wanted) for wanted in query.wanted]

    found = rank(snapshot, query, Filters(seen_in(snapshot), {}), TODAY)

    def is_met(doc):
        held = [(best, said) for best, said in zip(bests, demand.words, strict=True) if best.mask >> doc & 1]
        is_about = any(said.is_subject and best.about >> doc & 1 for best, said in held)
        said, rarity = sum(one.weight for _, one in held), sum(one.rarity for _, one in held)
        return bool(held) and demand.is_met(said, rarity, is_about)

    assert docs_of(found.matched[0]) == [doc for doc in range(leaf.size) if is_met(doc)]


@settings(max_examples=60, deadline=None)
@given(text=queries, among=st.integers(0, 2**400 - 1))
def test_what_holds_a_word_in_any_form_is_what_its_best_forms_are_of(store, text, among):
    (leaf,) = store.snapshot().leaves
    for wanted in parse(text).wanted:
        assert holds_any(leaf, wanted.forms, among) == bool(best_of(leaf, wanted).mask & among)
