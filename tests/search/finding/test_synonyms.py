import pytest

from kb.accounts.viewer import ANONYMOUS
from kb.search.finding.searching import SearchRequest, load_settled, touch
from kb.search.finding.synonyms import make_synonyms
from kb.search.models import SearchSetting, Synonym
from kb.search.results import search
from kb.search.tuning.shipped import SHIPPED, ensure_synonyms, is_short_for


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
