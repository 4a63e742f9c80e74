"""Operators: what is one and what is not, and what it does to the hits whatever is searched for."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.accounts.viewer import ANONYMOUS
from kb.language.analysis import term_of
from kb.language.words import read_words
from kb.search.finding.operators import STAR, plain, read, understood
from kb.search.finding.searching import SearchRequest, find
from kb.search.results import search
from tests.search.finding.test_query import HOSTILE

WORDS = ["hot", "våld", "polis", "larm", "chef", "barn", "ivo", "anmälan", "kriskommunikation", "zeppelinare"]
TEXTS = [
    "Hot och larm", "Våldet mot chefen", "Polisen larmades om hotet", "Barn och våld", "Ivo granskar anmälan",
    "Chefens anmälan till polisen", "Barnens larm", "Kriskommunikation vid hot", "Hot, våld, polis och larm",
]  # fmt: skip
QUICK = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
some_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)


@pytest.mark.parametrize(
    ("text", "positive", "without"),
    [
        ("lex sarah -ivo", "lex sarah", ("ivo",)),
        ("-ivo lex sarah", "lex sarah", ("ivo",)),
        ("lex sarah −ivo", "lex sarah", ("ivo",)),
        ("lex sarah NOT ivo", "lex sarah", ("ivo",)),
        ("hotet INTE polisen", "hotet", ("polisen",)),
        ('våld -"lex sarah" barn', "våld barn", ('"lex sarah"',)),
        ("hot -våld, -barn.", "hot", ("våld", "barn")),
        ("hot -e-post", "hot", ("e-post",)),
        ("-ivo", "", ("ivo",)),
    ],
)
def test_minus_and_not_leave_out(text, positive, without):
    asked = read(text)

    assert (asked.positive, asked.without) == (positive, without)


@pytest.mark.parametrize(
    "text",
    [
        "14-14", "kl 10 -14", "08-123 45 67", "070 -123", "-5 grader", "barn- och ungdomsvård",
        "arbetsgivare och -tagare", "hot - våld", "LVU-kampanjen", "e-post", "--ivo", "hot-", "-", "– jag hotar",
        "BOMBHOT!!!", "HJÄLP JAG BLIR HOTAD", "HAN FÅR INTE SLÅ MIG", "HOT ELLER VÅLD", "HAN SLÅR OCH HOTAR",
        "hot eller våld", "inte hot", "hot och våld", "jag vill INTE dö", "vad ska man INTE göra", "man får INTE säga",
        "OR", "AND", "NOT", "INTE", "hot OR", "OR hot", "hot AND", "hot NOT", "INTE NU", "+46 70 123 45 67", "a+b",
        "C++", "5*3", "*jag är rädd*", "f**n", "http://site:80", "kl:14", "OSL 26:1", "hot: våld", '"lex sarah"',
    ],
)  # fmt: skip
def test_what_looks_like_an_operator_and_is_none(text):
    assert read(text) == plain(text)


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("lvu OR lvm", ["lvu", "lvm"]),
        ("LVU OR LVM", ["LVU", "LVM"]),
        ("hot mot chef ELLER våld", ["hot mot chef", "våld"]),
        ("a OR OR b", ["a", "b"]),
        ('"lex sarah" OR ivo', ['"lex sarah"', "ivo"]),
        ("a OR -b", ["a"]),
    ],
)
def test_or_makes_alternatives(text, alternatives):
    assert [one.text for one in read(text).alternatives] == alternatives


@pytest.mark.parametrize("text", ["hot AND barn", "hot OCH barn", "+hot barn", "barn +hot"])
def test_and_and_plus_demand(text):
    asked = read(text)

    assert asked.is_operated
    assert set(asked.positive.split()) == {"hot", "barn"}


@pytest.mark.parametrize(
    ("text", "positive", "unread"),
    [
        ("hot*", "hot", (STAR,)),
        ("*hot barn", "hot barn", (STAR,)),
        ("site:socialstyrelsen.se lex sarah", "lex sarah", ("site:",)),
        ("intitle:hot", "hot", ("intitle:",)),
        ("filetype:pdf", "pdf", ("filetype:",)),
        ("Typ:checklista hot", "checklista hot", ("typ:",)),
    ],
)
def test_what_search_does_not_do_is_known(text, positive, unread):
    asked = read(text)

    assert (asked.positive, asked.unread) == (positive, unread)


def test_it_is_said_how_a_query_was_read():
    assert understood(read('lex sarah -ivo -"fel väg"')) == "”lex sarah”, utan ”ivo” eller ”fel väg”"
    assert understood(read("hot OR våld NOT barn")) == "”hot” eller ”våld”, utan ”barn”"
    assert understood(read("hot AND våld")) == "alla orden i ”hot våld”"
    assert understood(read("hot våld")) == ""


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_queries_are_read(text):
    read(text)


@given(
    st.lists(
        st.sampled_from([*WORDS, *'-+"*()', "OR", "AND", "NOT", "INTE", "och", "-hot", "site:x", "−"]),
        max_size=12,
    )
)
@settings(max_examples=200, deadline=None)
def test_reading_loses_no_word_and_never_fails(pieces):
    text = " ".join(pieces)
    asked = read(text)

    kept = " ".join((asked.positive, *asked.without, *asked.unread, "x", "or and not inte"))
    assert set(read_words(text)) <= set(read_words(kept)), asked


@pytest.fixture
def slugs(session, indexer, publish):
    """`slugs("hot -våld")`: what a query finds among the texts, with the counts checked."""
    for number, text in enumerate(TEXTS):
        publish(title=text, slug=f"t{number}", phases=(("fore",), ("under",))[number % 2])

    def found(text):
        request = SearchRequest(text, per_page=50)
        result = search(indexer, session, ANONYMOUS, request)
        hits = [hit.slug for hit in result.hits]
        assert len(set(hits)) == len(hits) == result.total == result.unfiltered
        assert find(indexer, session, ANONYMOUS, request).ranking.total == result.total
        phases = {
            option.value: option.count
            for group in result.facets
            if group.name == "skede"
            for option in group.options
        }
        for phase in ("fore", "under"):
            chosen = SearchRequest(text, {"skede": (phase,)}, per_page=50)
            assert search(indexer, session, ANONYMOUS, chosen).total == phases.get(phase, 0)
        return hits

    return found


def holding(word):
    """The texts that hold a word in any inflection."""
    return {
        f"t{number}"
        for number, text in enumerate(TEXTS)
        if term_of(word) in map(term_of, read_words(text.lower()))
    }


def test_operators_do_what_they_say_whatever_is_searched_for(slugs):
    @QUICK
    @given(some_words, st.sampled_from(WORDS), some_words)
    def hold(first, word, second):
        without = slugs(f"{first} -{word}")
        assert without == [slug for slug in slugs(first) if slug not in holding(word)]
        assert slugs(f"{first} NOT {word}") == slugs(f"-{word} {first}") == without
        either = slugs(f"{first} OR {second}")
        assert set(either) == set(slugs(first)) | set(slugs(second))
        assert set(slugs(f"{first} ELLER {second} -{word}")) == set(either) - holding(word)
        both = set(slugs(f"{first} AND {second}"))
        assert both <= set(slugs(first)) & set(slugs(second))
        assert set(slugs(f'"{word}"')) <= set(slugs(word))

    hold()


def test_what_is_left_out_changes_no_correction(slugs):
    assert slugs("kriskomunikation -hot") == []
    assert slugs("kriskomunikation") == slugs("kriskomunikation -polis") == ["t7"]
