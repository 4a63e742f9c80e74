import pytest

from kb.search.engine.schema import Told
from kb.search.finding.query import parse
from kb.search.finding.snippets import Marker
from kb.search.finding.weights import SNIPPET

TEXT = (
    "Första stycket handlar om annat. " * 12
    + "Den som hotas ska inte vara ensam. Hotet anmäls samma dag. "
    + "Slut. " * 50
)


def marked(parts):
    return [text for text, is_match in parts if is_match]


def plain(parts):
    return "".join(text for text, _ in parts)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("hot", "Hotet mot den hotade, hotell", ["Hotet", "hotade"]),
        ("vald", "Om våldet och valda ord", ["våldet", "valda"]),
        ("våld", "Om våldet och valda ord", ["våldet"]),
        ("tjänsteman", "alla tjänstemän och Tjänstemännens", ["tjänstemän", "Tjänstemännens"]),
        ("hand", "dina händer", ["händer"]),
        ("skriva", "hen skrev det", ["skrev"]),
        ("uthangd", "en uthängd kollega", ["uthängd"]),
        ("27 kap. 5 §", "Se 27 kap. 5 § och 5 §.", ["27 kap. 5 §"]),
    ],
)
def test_stems_and_folded_forms_are_marked(query, text, expected):
    assert marked(Marker(parse(query)).parts(text)) == expected


def test_the_passage_that_answers_is_shown_from_the_start_of_its_sentence():
    parts = Marker(parse("hotas ensam")).snippet("Inget om det.", TEXT)

    assert plain(parts).startswith("… Den som hotas ska inte vara ensam.")
    assert marked(parts)[:2] == ["hotas", "ensam"]
    assert len(plain(parts)) <= SNIPPET + 4


def test_the_summary_is_shown_when_it_answers_as_much():
    assert plain(Marker(parse("hot")).snippet("Vid hot ring 112.", TEXT)) == "Vid hot ring 112."


def test_without_a_match_the_summary_is_shown_unmarked():
    assert Marker(parse("kaffe")).snippet("Vid hot ring 112.", TEXT) == [("Vid hot ring 112.", False)]


def test_markup_in_a_text_stays_text():
    parts = Marker(parse("hot")).snippet("", "<b>hot</b> & <script>")

    assert plain(parts) == "<b>hot</b> & <script>"
    assert marked(parts) == ["hot"]


def test_a_share_of_a_compound_is_not_marked_beside_the_whole_word():
    look = Marker(parse("arbetsmiljöverket")).look(
        "Rutin", "", lambda: Told("Arbetet och miljön.\nRing Arbetsmiljöverket samma dag.")
    )

    assert marked(look.snippet) == ["Arbetsmiljöverket"]
    assert plain(look.snippet).endswith("Ring Arbetsmiljöverket samma dag.")


def test_a_long_sentence_is_cut_between_words():
    text = "Ett ord " + "och ett till " * 40 + "om hotet som kom " + "och mer " * 40

    parts = Marker(parse("hotet")).snippet("", text)

    assert marked(parts) == ["hotet"]
    assert len(plain(parts)) <= SNIPPET + 4
    assert " ".join(plain(parts).strip("… ").split()) in text
