"""What a query asks for: a meaning, a number, or nothing but itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.language.asking import LONGEST, read_question

MEANINGS = {
    "vad betyder avvikelse": "avvikelse",
    "vad betyder ordet avvikelse?": "avvikelse",
    "vad är lex sarah": "lex sarah",
    "vad är en avvikelse": "avvikelse",
    "va e lex sarah": "lex sarah",
    "lex sarah vad är det": "lex sarah",
    "missförhållande definition": "missförhållande",
    "definition av missförhållande": "missförhållande",
    "definiera missförhållande": "missförhållande",
    "missförhållande definiton": "missförhållande",
    "missförhållande betydelse": "missförhållande",
    "vad menas med förtäckt hot": "förtäckt hot",
    "vad innebär kontaktförbud": "kontaktförbud",
    "vad innebar kontaktförbud": "kontaktförbud",
    "AVVIKELSE FÖRKLARING": "avvikelse",
    "vad är anmälan till IVO": "anmälan till ivo",
}
NUMBERS = {
    "vem ska jag ringa": "",
    "vem ringer man": "",
    "vem ringer jag nu": "",
    "vart ringer man": "",
    "vilket nummer ska jag ringa": "",
    "viktiga nummer": "",
    "telefonnummer": "",
    "telefonumret": "",
    "telnr": "",
    "nr till polisen": "polisen",
    "numret till polisen": "polisen",
    "telefonnummer till polisen": "polisen",
    "vad har polisen för nummer": "polisen",
    "ring polisen": "polisen",
    "polisnummer": "polis",
    "nödnummer": "nöd",
    "tfn 1177": "1177",
    "journalisten ringer": "journalisten",
}
NEITHER = [
    "hot",
    "lex sarah",
    "socialjour",
    "ordlista",
    "jag blir hotad på jobbet",
    "vad ska jag säga till pressen",
    "hur gör man en anmälan",
    "ingen rapporterar längre",
    "kan vi neka inspelning",
]


@pytest.mark.parametrize(("query", "subject"), MEANINGS.items())
def test_a_meaning_is_asked_for_in_many_ways(query, subject):
    question = read_question(query)

    assert question.wants_meaning
    assert not question.wants_number
    assert " ".join(question.subject) == subject


@pytest.mark.parametrize(("query", "subject"), NUMBERS.items())
def test_a_number_is_asked_for_in_many_ways(query, subject):
    question = read_question(query)

    assert question.wants_number
    assert not question.wants_meaning
    assert " ".join(question.subject) == subject


@pytest.mark.parametrize("query", NEITHER)
def test_what_asks_for_neither_is_its_own_subject(query):
    question = read_question(query)

    assert not question.wants_number
    assert not question.wants_meaning
    assert question.subject == question.named


@pytest.mark.parametrize("query", ["", "   ", "***", "?", "\u00ad", "ord " * (LONGEST + 1)])
def test_nothing_or_a_tale_is_no_question(query):
    assert read_question(query).is_empty


@given(st.text(max_size=120))
def test_any_text_is_read(text):
    question = read_question(text)

    assert len(question.words) <= LONGEST
    assert set(question.named) <= set(question.words)
    assert not (question.wants_meaning and question.wants_number)
