"""Words typed without marks, in Swedish and beside English: what may be read as another word."""

import pytest

from kb.language.marks import is_english, stays_as_written
from kb.search.finding.query import parse


@pytest.mark.parametrize("word", ["stor", "tar", "fall", "man", "arg", "tal"])
def test_a_common_word_is_what_it_looks_like(word):
    assert stays_as_written(word)


@pytest.mark.parametrize("word", ["vald", "hall", "anmala", "doda", "rad", "dor", "hot", "muller", "entre"])
def test_what_is_rarer_as_written_may_have_lost_its_marks(word):
    assert not stays_as_written(word)


@pytest.mark.parametrize(
    "query", ["what to do when she hits me", "he wants to kill us", "where is my boss now", "do they know"]
)
def test_english_is_known_by_its_small_words(query):
    assert is_english(query.split())
    assert "do" not in [wanted.word for wanted in parse(query).wanted]


@pytest.mark.parametrize(
    "query", ["hon vill do", "jag kan inte do", "lex sarah", "han slar mig", "vi do", ""]
)
def test_swedish_without_marks_is_no_english(query):
    assert not is_english(query.split())


def test_to_die_is_still_found_without_its_marks():
    wanted = next(one for one in parse("hon vill do").wanted if one.word == "do")

    assert any(form.field == "folded" and form.term == "dod" for form in wanted.forms)
