import pytest

from kb.accounts.viewer import ANONYMOUS
from kb.language.analysis import FOLDED_PART
from kb.language.words import query_words
from kb.search.finding.query import parse
from kb.search.finding.searching import SearchRequest, load_settled, touch
from kb.search.finding.synonyms import Target, make_synonyms, read_target
from kb.search.models import SearchSetting, Synonym
from kb.search.results import search
from kb.search.tuning.reach import Reach, reach_of, wide_synonyms
from kb.search.tuning.shipped import MAKER, SHIPPED, all_rows, ensure_synonyms, is_short_for, shipped_rows


def targets(synonyms, query):
    words = query.split()
    return [(start, end, found) for start, end, found in synonyms.find(words, words)]


def slugs(indexer, session, text):
    return [hit.slug for hit in search(indexer, session, ANONYMOUS, SearchRequest(text)).hits]


def test_any_form_of_what_is_typed_leads_to_the_target_and_not_back():
    synonyms = make_synonyms([("evakuering", "utrymning")])

    assert targets(synonyms, "evakueringen") == [(0, 1, (Target(("utrymning",)),))]
    assert targets(synonyms, "utrymning") == []


def test_the_longest_phrase_counts_and_small_words_of_a_target_go():
    synonyms = make_synonyms([("falsk", "fel"), ("falsk information", "brott mot sanningen")])

    assert targets(synonyms, "falsk information") == [(0, 2, (Target(("brott", "sanningen")),))]


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
    for typed, target in ((row.typed, row.target) for row in shipped_rows()):
        words = make_synonyms([(typed, target)])
        if len(query_words(target)) == 1 and words.targets and not read_target(target).phrase:
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


# Senses


@pytest.mark.parametrize("target", ['"enskilde"', "”den enskilde”", "«den enskilde»"])
def test_what_stands_in_quotes_is_found_and_marked_only_as_it_is_written(session, publish, indexer, target):
    session.add(Synonym(typed="brukare", target=target))
    touch(session)
    publish(slug="person", title="Annat", body="<p>Fråga den enskilde, också i enskild verksamhet.</p>")
    publish(slug="bolag", title="Annat", body="<p>Den som arbetar i enskild verksamhet anmäler.</p>")

    hits = search(indexer, session, ANONYMOUS, SearchRequest("brukaren")).hits
    assert [hit.slug for hit in hits] == ["person"]
    marked = [text for text, is_marked in hits[0].snippet if is_marked]
    assert len(marked) == 1
    assert marked[0].endswith("enskilde")


def test_an_abbreviation_is_no_part_of_other_words(session, publish, indexer):
    session.add(Synonym(typed="byracka", target="SAM"))
    touch(session)
    publish(slug="samtal", title="Samtal och samarbete")
    publish(slug="sam", title="Om SAM")

    assert slugs(indexer, session, "byracka") == ["sam"]


# Weighed by the library


def library(publish, common="hot", count=25):
    """A library where one word stands everywhere, and a few texts are about it."""
    for number in range(count):
        publish(
            slug=f"fyllnad-{number}", title=f"Fyllnad {number}", body=f"<p>{'Mer text. ' * 60} {common}</p>"
        )
    publish(slug="rätt", title=f"Om {common}")


def test_what_most_texts_hold_is_found_only_in_those_about_it(session, publish, indexer):
    library(publish)
    session.add(Synonym(typed="fara", target="hot"))
    touch(session)

    assert slugs(indexer, session, "fara") == ["rätt"]
    snapshot = indexer.store.snapshot()
    assert reach_of(snapshot, "fara", "hot") == Reach(1, 26)
    assert wide_synonyms(snapshot, [("fara", "hot", "")]) == []


@pytest.mark.parametrize("place", ["title", "labels"])
@pytest.mark.parametrize("typed", ["väckarklocka", "kvast", "trappa"])
def test_a_text_on_the_word_itself_comes_before_texts_on_its_synonym(session, publish, indexer, typed, place):
    session.add(Synonym(typed=typed, target="hot"))
    touch(session)
    publish(
        slug="annat", title="Hot", summary="Hot och hot.", labels=("hot", "hotet"), body="<p>Hot. Hot.</p>"
    )
    publish(
        slug="själv", **({"title": f"Om {typed} och annat"} if place == "title" else {"labels": (typed,)})
    )

    assert slugs(indexer, session, typed)[0] == "själv"


def test_a_word_that_nothing_here_has_is_read_as_what_it_stands_for(session, publish, indexer):
    library(publish)
    publish(slug="lista", kind="checklista", title="Akut hot", phases=("under",))

    for typed in ("uhkaus", "uhkauksesta", "UHKAUKSEN", "uhkaus työpaikalla", "threat", "threatening"):
        assert slugs(indexer, session, typed) == slugs(indexer, session, "hot"), typed


@pytest.mark.parametrize("typed", ["väkivallan", "väkivaltaa", "poliisille", "uhkauksesta", "kadonneen"])
def test_words_of_other_languages_are_found_in_their_inflections(typed):
    synonyms = make_synonyms((row.typed, row.target) for row in shipped_rows())

    assert targets(synonyms, typed)


@pytest.mark.parametrize("typed", ["vaktmästare", "hotell", "poliskontroll", "polio", "tolkning"])
def test_a_word_of_the_language_is_no_inflection_of_a_foreign_one(typed):
    synonyms = make_synonyms([("poliskon", "polis"), ("hotelli", "hot"), ("vaktmaster", "vakt")])

    assert targets(synonyms, typed) == []


def test_a_word_that_stands_for_several_is_not_corrected(session, publish, indexer):
    session.add(Synonym(typed="kapten", target="vård av barn"))
    touch(session)
    publish(slug="rätt", title="Vård av barn")
    publish(title="Kaptenen", visibility="intern")

    assert slugs(indexer, session, "kapten") == ["rätt"]


# What is shipped


def test_an_instance_gets_what_is_new_and_loses_what_ended_but_not_what_editors_wrote(session):
    ensure_synonyms(session)
    ended = [row for row in all_rows() if row.until]
    setting = session.get(SearchSetting, SHIPPED)
    assert ended
    assert setting.value == max(max(row.since, row.until) for row in all_rows())
    setting.value = 2
    for row in ended:
        session.add(Synonym(typed=row.typed, target=row.target, created_by=MAKER))
    kept = ended[0]
    session.flush()
    same = (Synonym.typed == kept.typed, Synonym.target == kept.target)
    session.query(Synonym).filter(*same).one().note = "Vi säger så här."
    session.query(Synonym).filter_by(typed="massmedia").delete()
    session.flush()

    ensure_synonyms(session)

    rows = {(row.typed, row.target) for row in session.query(Synonym)}
    assert rows.isdisjoint((row.typed, row.target) for row in ended[1:])
    assert (kept.typed, kept.target) in rows
    assert ("massmedia", "media") in rows
    assert ("brukare", "”enskilde”") in rows


def test_what_ended_is_shipped_to_no_new_instance(session):
    ensure_synonyms(session)

    rows = {(row.typed, row.target) for row in session.query(Synonym)}
    assert rows.isdisjoint((row.typed, row.target) for row in all_rows() if row.until)
