"""A spoken form is read as the written one, and chatter changes nothing, in any query."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.language.spoken import WRITTEN
from kb.search.finding.query import parse
from kb.search.finding.reading import read_query
from kb.search.finding.synonyms import make_synonyms
from kb.search.finding.wordlists import CHATTER, KIND_HINTS, MONTHS, PHASE_HINTS, STOP_WORDS
from kb.search.tuning.shipped import shipped_rows

SUBJECTS = [
    "hot",
    "våld",
    "personal",
    "hotar",
    "klient",
    "polisanmälan",
    "lex",
    "sarah",
    "filmad",
    "möte",
    "brand",
    "kniv",
    "receptionen",
    "112",
]
QUERIES = st.lists(st.sampled_from(SUBJECTS), min_size=1, max_size=5)
SPOKEN = sorted(WRITTEN)
SYNONYMS = make_synonyms((row.typed, row.target) for row in shipped_rows())
IDLE = sorted(CHATTER - MONTHS)


def understood(text):
    """What a query looks for; not how it is shown."""
    query = parse(text, SYNONYMS)
    return query.wanted, query.phase_hints, query.kind_hints, query.terms, query.is_acute


@settings(max_examples=150, deadline=None)
@given(QUERIES, st.sampled_from(IDLE), st.integers(0, 5))
def test_chatter_anywhere_changes_nothing(words, idle, place):
    assert understood(" ".join([*words[:place], idle, *words[place:]])) == understood(" ".join(words))


@settings(max_examples=150, deadline=None)
@given(QUERIES, st.sampled_from(SPOKEN), st.integers(0, 5))
def test_a_spoken_word_is_the_written_one(words, spoken, place):
    said, as_written = ([*words[:place], word, *words[place:]] for word in (spoken, WRITTEN[spoken]))
    assert understood(" ".join(said)) == understood(" ".join(as_written))


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("nån hotade mej i dag", "någon hotade mig"),
        ("ha'n hotat nån klockan halv åtta", "ha hotat någon"),
        ("hej dom hotar mej kl 14.30", "dom hotar mig"),
        ("va ska' ja göra om de e farlit", "va ska ja göra om de e farligt"),
        ("fredag i juni", "fredag i juni"),
    ],
)
def test_the_subject_is_left(typed, plain):
    assert read_query(typed) == plain.split()


def test_chatter_alone_is_looked_for():
    assert read_query("tack snälla") == ["tack", "snälla"]


def test_a_month_beside_a_number_stays():
    assert read_query("lagen 1 juli 2025") == ["lagen", "1", "juli", "2025"]
    assert read_query("hot i juli") == ["hot", "i"]


def test_quoted_words_stay_as_they_are_typed():
    assert parse('"hotade mej idag"').phrases == (("hotade", "mej", "idag"),)
    assert [wanted.word for wanted in parse('"hotade mej idag"').wanted] == ["hotade", "mej", "idag"]


def test_no_name_of_a_phase_or_kind_is_small():
    assert not CHATTER & (PHASE_HINTS.keys() | KIND_HINTS.keys())
    assert CHATTER <= STOP_WORDS


def test_no_shipped_synonym_is_typed_as_a_small_word():
    alone = {
        "av",
        "työpaikalla",
        "workplace",
        "help",
        "apua",
        "caawi",
        "caawimaad",
    }  # looked for when nothing else is typed
    assert not [row.typed for row in shipped_rows() if row.typed.lower() in STOP_WORDS - alone]
