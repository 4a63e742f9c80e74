import pytest

from kb.accounts.viewer import ANONYMOUS
from kb.language.analysis import FOLDED_PART
from kb.language.words import query_words
from kb.search.finding.query import parse
from kb.search.finding.searching import SearchRequest, load_settled, touch
from kb.search.finding.synonyms import make_synonyms
from kb.search.models import SearchSetting, Synonym
from kb.search.results import search
from kb.search.tuning.shipped import SHIPPED, ensure_synonyms, is_short_for, shipped_rows


def targets(synonyms, query):
    words = query.split()
    return [(start, end, found) for start, end, found in synonyms.find(words, words)]


def slugs(indexer, session, text):
    return [hit.slug for hit in search(indexer, session, ANONYMOUS, SearchRequest(text)).hits]


def test_any_form_of_what_is_typed_leads_to_the_target_and_not_back():
    synonyms = make_synonyms([("evakuering", "utrymning")])

    assert targets(synonyms, "evakueringen") == [(0, 1, (("utrymning",),))]
    assert targets(synonyms, "utrymning") == []


def test_the_longest_phrase_counts_and_small_words_of_a_target_go():
    synonyms = make_synonyms([("falsk", "fel"), ("falsk information", "brott mot sanningen")])

    assert targets(synonyms, "falsk information") == [(0, 2, (("brott", "sanningen"),))]


def ways(words):
    """Where each word is looked for; without marks only words are that were typed so."""
    return {(form.field, form.term) for word in words for form in word.forms if form.field != "folded"}


@pytest.mark.parametrize("target", ["bedömning", "handlingsplan", "skyddsombud", "hot", "2023:2"])
def test_what_a_synonym_stands_for_is_found_in_all_ways_in_which_it_is_found_typed(target):
    as_typed = ways(parse(target).wanted)
    instead = ways(parse("byracka", make_synonyms([("byracka", target)])).wanted)

    assert {way for way in as_typed if not way[1].startswith(FOLDED_PART)} <= instead


@pytest.mark.parametrize(
    "typed", ["114 14", "11414", "020-120 06 06", "020 120 06 06", "stopp enligt 6:7", "stopp 6 kap. 7 §"]
)
def test_numbers_and_sections_stand_for_what_they_are_synonyms_of_however_they_are_written(typed):
    rows = ["114 14", "020-120 06 06", "stopp enligt 6:7", "stopp 6:7"]
    synonyms = make_synonyms([(row, "polis") for row in rows])

    assert ("stem", "polis") in ways(parse(typed, synonyms).wanted)


def test_every_shipped_synonym_of_one_word_is_found_in_all_its_ways():
    for _, typed, target in shipped_rows():
        words = make_synonyms([(typed, target)])
        if len(query_words(target)) == 1 and words.targets:
            as_typed = {way for way in ways(parse(target).wanted) if not way[1].startswith(FOLDED_PART)}
            assert as_typed <= ways(parse(typed, words).wanted), (typed, target)


@pytest.mark.parametrize(
    "text", ["Vi bedömer hur det står till.", "Gör en riskbedömning.", "Efter bedömningarna."]
)
def test_a_synonym_finds_roots_parts_and_inflections_of_its_target(session, publish, indexer, text):
    session.add(Synonym(typed="byracka", target="bedömning"))
    touch(session)
    publish(slug="rätt", title="Annat", body=f"<p>{text}</p>")

    assert slugs(indexer, session, "byracka") == ["rätt"]


@pytest.mark.parametrize(
    ("short", "long", "is_short"),
    [
        ("IVO", "inspektionen för vård och omsorg", True),
        ("SiS", "statens institutionsstyrelse", True),
        ("HVB", "hem för vård eller boende", True),
        ("HVB", "behandlingshem", False),
        ("hot", "hotelse och trakasserier", False),
    ],
)
def test_short_names_are_known_by_their_letters(short, long, is_short):
    assert is_short_for(short, long) is is_short


def test_a_synonym_finds_at_once_without_indexing_and_is_said(session, publish, indexer, client):
    publish(slug="rätt", title="Hundhantering", body="<p>Om schäfrar.</p>")
    assert slugs(indexer, session, "byracka") == []

    session.add(Synonym(typed="byracka", target="schäfer"))
    session.add(Synonym(typed="byracka", target="schäfrar"))
    touch(session)
    session.commit()

    assert slugs(indexer, session, "byrackor") == ["rätt"]
    page = client.get("/sok?q=byracka").text
    assert "via <i>schäfrar</i>" in page
    assert "<mark>schäfrar</mark>" in page


def test_the_word_itself_comes_before_a_synonym(session, publish, indexer):
    session.add(Synonym(typed="byracka", target="hund"))
    touch(session)
    publish(slug="hunden", title="Hund")
    publish(slug="byrackan", title="Byracka")

    assert slugs(indexer, session, "byracka") == ["byrackan", "hunden"]


def test_what_is_read_is_kept_until_something_changes(session):
    touch(session)
    before = load_settled(session).synonyms
    session.add(Synonym(typed="byracka", target="hund"))
    session.flush()

    assert load_settled(session).synonyms is before
    touch(session)
    assert load_settled(session).synonyms is not before


def test_every_installation_has_the_shipped_synonyms_and_keeps_what_editors_took_away(session):
    ensure_synonyms(session)
    rows = {(row.typed, row.target): row for row in session.query(Synonym)}
    assert ("IVO", "inspektionen för vård och omsorg") in rows

    session.delete(rows["IVO", "inspektionen för vård och omsorg"])
    session.flush()
    ensure_synonyms(session)

    assert session.get(SearchSetting, SHIPPED) is not None
    assert not session.query(Synonym).filter_by(typed="IVO", target="inspektionen för vård och omsorg").all()


def test_a_synonym_never_leads_to_what_the_reader_may_not_see(session, publish, indexer):
    session.add(Synonym(typed="byracka", target="hund"))
    touch(session)
    publish(title="Hund", visibility="intern")

    assert slugs(indexer, session, "byracka") == []
