import pytest

from kb.accounts.viewer import ANONYMOUS
from kb.language.misspelling import distance
from kb.search.finding.correction import corrected, errors_allowed
from kb.search.finding.query import parse
from kb.search.finding.ranking import Filters
from kb.search.finding.searching import SearchRequest
from kb.search.results import search
from tests.search.samples import build, make_indexable, seen_in

TEXT = (
    "Desinformation om krisledningen, polisanmälan efter hot, ett misstänkt paket i receptionen, "
    "skyddsombud och möten."
)


def meant(store, text, hidden=()):
    snapshot = store.snapshot()
    return corrected(snapshot, parse(text), Filters(seen_in(snapshot, hidden), {}))


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("paket", "paket", 0),
        ("desinfromation", "desinformation", 1),
        ("skydsombud", "skyddsombud", 1),
        ("kris", "kros", 1),
        ("abcd", "wxyz", 3),
        ("", "ab", 2),
    ],
)
def test_letters_wrong_missing_surplus_or_in_the_wrong_order_are_one_error_each(one, other, errors):
    assert distance(one, other, 2) == errors


def test_long_words_may_hold_more_errors():
    assert [errors_allowed("x" * length) for length in (3, 4, 5, 6, 12, 13)] == [0, 1, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("desinfromation", "desinformation"),
        ("polisanmällan", "polisanmälan"),
        ("Skydsombud nu", "skyddsombud nu"),
        ("krisledninngen", "krisledningen"),
        ("möetn", "möten"),
        ("misstänkt packet", "misstänkt paket"),
        ("receptoinen", "receptionen"),
    ],
)
def test_a_word_that_finds_nothing_is_corrected(store, typed, better):
    build(store, make_indexable(text=TEXT))

    assert meant(store, typed) == better


@pytest.mark.parametrize(
    "typed", ["hot", "hoten", "polisanmalan", "katten", "kladdkaka", "asdfgh", "ht", '"paktet"']
)
def test_what_is_found_known_nonsense_short_or_quoted_is_not_corrected(store, typed):
    build(store, make_indexable(text=TEXT))

    assert meant(store, typed) == ""


@pytest.mark.parametrize(("typed", "better"), [("hemvärd", "hemvård"), ("dödshöt", "dödshot")])
def test_a_short_compound_with_wrong_marks_is_corrected_to_the_one_with_the_same_letters(
    store, typed, better
):
    build(store, make_indexable(text="Om hemvård, dödshot och hemvist."))

    assert meant(store, typed) == better


def test_two_words_of_the_index_written_together_are_taken_apart(store):
    build(store, make_indexable(text="Om LVU och kampanjen."))

    assert meant(store, "lvukampanjen") == "lvu kampanjen"


def test_a_correction_never_comes_from_what_the_reader_may_not_see(store):
    build(
        store,
        make_indexable(slug="intern", text="Operation dimridå"),
        make_indexable(text="Om rök"),
    )

    assert meant(store, "dimrridå", {"intern"}) == ""
    assert meant(store, "dimrridå") == "dimridå"


def test_a_word_that_stands_in_hidden_texts_only_is_corrected_like_any_unknown_one(store):
    build(store, make_indexable(slug="intern", text="dimridån"), make_indexable(text="dimridåer, dimridå"))

    assert meant(store, "dimridåm", {"intern"}) == "dimridå"


def test_a_search_is_corrected_at_once_unless_it_is_to_be_taken_literally(session, publish, indexer):
    publish(slug="rätt", title="Desinformation")

    at_once = search(indexer, session, ANONYMOUS, SearchRequest("desinfromation"))
    literal = search(indexer, session, ANONYMOUS, SearchRequest("desinfromation", verbatim=True))

    assert ([hit.slug for hit in at_once.hits], at_once.corrected) == (["rätt"], "desinformation")
    assert (literal.hits, literal.corrected) == ([], "desinformation")


def test_the_page_says_what_was_searched_for_and_how_to_undo_it(client, publish):
    publish(title="Desinformation")

    page = client.get("/sok?q=desinfromation").text
    literal = client.get("/sok?q=desinfromation&ordagrant=1").text

    assert "Vi sökte på <b>desinformation</b>" in page
    assert "/sok?q=desinfromation&amp;ordagrant=1" in page
    assert "Inga träffar" in literal
    assert 'Menade du <a href="/sok?q=desinformation">desinformation</a>?' in literal
