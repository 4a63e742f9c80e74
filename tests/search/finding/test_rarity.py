"""One word more never empties a search that works; nonsense alone finds nothing; order and case do not matter."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench import search_quality as bench
from kb.language.rarity import FILE, share_of
from kb.search.engine.store import Store
from tests.search.samples import build, found, make_indexable, make_many

WORKING = {
    "hotar mig": "akut-hot-mot-medarbetare",
    "bombhot": "bombhot-telefon",
    "lex sarah": "lex-sarah-grunder",
    "journalist ringer": "journalisten-ringer",
    "våld på boende": "vald-pa-boende",
}
EVERYDAY = """
    mej dej nån dom oxå typ asså liksom snälla jätte imorse ikväll fredag måndag november klockan halv åtta kaffe buss
    semester cykel fotboll mamma pappa bror granne chef kollega springer gjorde tack snabbt hemma igen alltid katt hund
    mat bil väder film musik skola sommar röd stor gammal vacker köpa sälja äta dricka sova
"""
FOREIGN = "please urgent help today yesterday meeting hello bitte morgen ayuda gracias merhaba kiitos dzień"
NAMES = "Fatima Mohammed Gunilla Andersson Södertälje Malmö Kowalski Nguyen Windows Teams iPhone"
IN_ANY_ORDER = "brukare journalist sekretess måndag våld"  # no two of them are one word
# Letters that no word is made of: among all consonants some lie two slips from one (bbbgds, byggds).
nonsense = st.text("qwxzj", min_size=6, max_size=9)
added = st.one_of(st.sampled_from(f"{EVERYDAY} {FOREIGN} {NAMES}".split()), nonsense)


@pytest.fixture(scope="module")
def find(shipped):
    """Searching the shipped content."""
    return bench.finder(shipped, ())


@settings(max_examples=60, deadline=None)
@example("hotar mig", "mej", 9)
@example("bombhot", "Södertälje", 0)
@given(query=st.sampled_from(sorted(WORKING)), word=added, place=st.integers(0, 3))
def test_a_word_more_never_empties_a_search(find, query, word, place):
    words = query.split()
    words.insert(place, word)

    assert find(" ".join(words)) != []


@settings(max_examples=40, deadline=None)
@given(words=st.lists(nonsense, min_size=1, max_size=4))
def test_nonsense_alone_finds_nothing(find, words):
    assert find(" ".join(words)) == []


@settings(max_examples=30, deadline=None)
@given(words=st.permutations(IN_ANY_ORDER.split()), make=st.sampled_from([str.upper, str.title]))
def test_neither_order_nor_case_changes_the_hits(find, words, make):
    assert find(make(" ".join(words))) == find(IN_ANY_ORDER)


def test_a_rare_word_says_more_than_one_that_is_common_in_swedish_though_both_stand_in_one_text(store):
    build(
        store,
        make_indexable(slug="vanligt", title="Rapport", text="Det var en måndag. " + "Annat ord. " * 30),
        make_indexable(slug="ovanligt", title="Rapport", text="Det var en drönare. " + "Annat ord. " * 30),
    )

    assert found(store, "drönare måndag")[0] == "ovanligt"


def test_the_list_of_common_words_is_found_where_it_lies():
    lines = FILE.read_bytes().splitlines()

    assert lines == sorted(lines)
    for line in [lines[0], *lines[5::997], lines[-1]]:
        term, zipf = line.decode().split(" ")
        assert share_of(term) == pytest.approx(10 ** (int(zipf) / 10 - 9))
    assert share_of("qqxx") == share_of("") < 1e-6


def test_what_texts_are_named_after_says_more_than_what_they_hold_in_passing(store):
    build(
        store,
        *(make_indexable(slug=f"hot-{n}", title="Hot i arbetet", text="Annat ord. " * 40) for n in range(4)),
        *(
            make_indexable(slug=f"rum-{n}", title="Lokaler", text="Ett väntrum. " + "Annat ord. " * 40)
            for n in range(4)
        ),
    )

    assert found(store, "hot väntrum")[0].startswith("hot")


def test_the_end_of_a_long_story_is_read(store):
    build(store, make_indexable(slug="rätt", title="Drönare"), make_indexable(slug="fel", title="Kontoret"))
    story = " ".join(f"ord{number}" for number in range(28))

    assert found(store, f"kontoret {story} drönare drönare")


@pytest.mark.parametrize("query", ["ventilatorerna", "hot ventilatorerna"])
def test_the_only_text_with_a_word_comes_before_those_that_its_synonym_finds(tmp_path, query):
    others = [
        bench.document(number, f"om-{number}", "Hot och våld", "Om hot.", "Text. " * 40)
        for number in range(2, 202)
    ]
    rare = bench.document(
        1, "den-enda", "Lokaler", "", f"{'Om hot och annat i lokaler. ' * 40}Slå av ventilatorerna."
    )

    find = bench.engine(tmp_path, [*others, rare], [("ventilatorerna", "hot"), ("ventilatorerna", "våld")])

    assert find(query)[0] == "den-enda"


HIDDEN = "borealis zeppelinare qvarnstensgatan threat"


@pytest.fixture(scope="module")
def open_and_all(tmp_path_factory):
    """The same texts in two indexes; in the second stand one more that is hidden and one that was withdrawn."""
    texts = list(make_many(60, words=25))
    stores = [Store(tmp_path_factory.mktemp(name)) for name in ("open", "all")]
    secret = make_indexable(
        item_id=1001, slug="hemlig", title="Borealis zeppelinare", text=f"Hot och våld. {HIDDEN}."
    )
    gone = make_indexable(
        item_id=1002, slug="borta", title="Meteorologen", text="Hot och våld, meteorologen."
    )
    build(stores[0], *texts)
    build(stores[1], *texts, secret, gone)
    with stores[1].lock():
        stores[1].apply([gone.item_id], [])
    return stores


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["hot", "våld", "barn", "beslut", "polis", "rapport", "kris"]), max_size=3
    ),
    unseen=st.lists(st.sampled_from([*HIDDEN.split(), "meteorologen"]), min_size=1, max_size=2),
)
def test_what_stands_only_in_texts_that_one_may_not_see_is_as_unknown_as_a_word_of_nowhere(
    open_and_all, words, unseen
):
    """Or the number of hits would tell that a name stands in a text of another unit."""
    fewer, more = (set(found(one, " ".join([*words, *unseen]), ["hemlig"])) for one in open_and_all)

    assert more == fewer


def test_who_may_see_a_text_finds_it_by_its_word(open_and_all):
    assert found(open_and_all[1], "hot borealis")[0] == "hemlig"
