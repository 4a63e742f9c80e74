"""Known terms are found in texts in any of their forms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.language.analysis import term_of
from kb.language.irregular import STRONG
from kb.language.terms import Vocabulary


def found(text, *terms):
    """The words of the text in which the terms are found."""
    return [text[hit.start : hit.end] for hit in Vocabulary((term, term) for term in terms).find(text)]


FORMS = [
    (
        "rykte",
        "Rykten sprids. Ryktet är falskt, och rykternas källa okänd.",
        ["Rykten", "Ryktet", "rykternas"],
    ),
    ("checklista", "Följ checklistan. Checklistorna är korta.", ["checklistan", "Checklistorna"]),
    ("handläggare", "Handläggaren och handläggarna", ["Handläggaren", "handläggarna"]),
    ("anmälan", "Anmälningarna ökar, en anmälan om dagen", ["Anmälningarna", "anmälan"]),
    ("allvarligt missförhållande", "allvarliga missförhållanden", ["allvarliga missförhållanden"]),
    ("otillåten påverkan", "Den otillåtna påverkan", ["otillåtna påverkan"]),
    ("IVO", "IVO:s beslut efter IVO-tillsyn", ["IVO:s", "IVO-tillsyn"]),
    ("SAM", "SAM är ett arbetssätt. Vi arbetar sam i lag.", ["SAM"]),
    ("lex Sarah", "En lex Sarah-rapport, Lex Sarah", ["lex Sarah-rapport", "Lex Sarah"]),
    ("hot", "Fotot av hotellet är inget hot.", ["hot"]),
    ("LEH", "Läs LEH.", ["LEH"]),
    ("allmän handling", "Allmänna handlingar lämnas ut.", ["Allmänna handlingar"]),
    ("anmälan till IVO", "Anmälningarna till IVO", ["Anmälningarna till IVO"]),
    ("länsstyrelsen", "Fråga er länsstyrelse.", ["länsstyrelse"]),
    ("tjänsteman", "tjänstemännens", ["tjänstemännens"]),
]


@pytest.mark.parametrize(("term", "text", "words"), FORMS, ids=[form[0] for form in FORMS])
def test_a_term_is_found_in_its_ordinary_forms_and_nowhere_else(term, text, words):
    assert found(text, term) == words


def test_the_longest_term_is_found():
    assert found("Ett allvarligt tillbud.", "tillbud", "allvarligt tillbud") == ["allvarligt tillbud"]
    assert found("LEH-förordningen", "LEH", "LEH-förordningen") == ["LEH-förordningen"]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(STRONG.values())).map(str.split), st.data())
def test_there_is_one_idea_of_the_forms_of_a_word(forms, data):
    one, other = data.draw(st.sampled_from(forms)), data.draw(st.sampled_from(forms))

    assert term_of(one) == term_of(other)
    assert found(f"Sedan: {one}, sa de.", other) == [one]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_what_is_found_stands_where_it_is_said_in_any_text(text):
    terms = text.split()[:5]

    for hit in Vocabulary((term, term) for term in terms).find(text):
        assert 0 <= hit.start < hit.end <= len(text)
        assert hit.key in terms
