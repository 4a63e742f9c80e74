import pytest

from kb.search.finding.query import parse
from kb.search.finding.weights import MAX_CHARACTERS, MAX_WORDS
from tests.search.samples import build, found, make_indexable

HOSTILE = {
    "empty": "",
    "long": "a" * 10_000,
    "long words": "hot " * 2_500,
    "star": "o*",
    "stars": "*a*",
    "parentheses": "(" * 300 + "hot" + ")" * 300,
    "regexp": '/.*(a+)+$/ r"(x|x)*"',
    "nul": "hot\x00våld",
    "rtl": "\u202ehot\u202c",
    "emoji": "😀🔥 👩‍👩‍👧",
    "sql": "'; DROP TABLE content_item; --",
    "fields": "visibility:intern OR key:1 NOT x AND [a TO z] ^5 ~2",
    "quotes": '"' * 101,
    "many words": " ".join(f"ord{n}" for n in range(500)),
    "combining": "a" + "\u0301" * 3000,
    "lone surrogate": "hot \ud800",
    "brackets": "[ ] < > { } ? ! \\ / & %",
}


def words(text):
    return [wanted.word for wanted in parse(text).wanted]


def test_small_words_go_while_a_word_of_content_remains():
    assert words("vad gör jag när någon hotar mig?") == ["hotar"]
    assert words("vad gör jag") == ["vad", "gör", "jag"]


def test_small_words_without_marks_go_too():
    assert words("vald pa boende") == ["vald", "boende"]


def test_a_word_without_marks_is_looked_for_folded_as_well():
    forms = parse("vald").wanted[0].forms

    assert {("stem", "vald"), ("folded", "vald")} <= {(form.field, form.term) for form in forms}
    assert "folded" not in {form.field for form in parse("våld").wanted[0].forms}


def test_quoted_words_are_a_phrase_and_keep_their_small_words():
    asked = parse("”utan samtycke” barn")

    assert asked.phrases == (("utan", "samtycke"),)
    assert [wanted.word for wanted in asked.wanted] == ["utan", "samtycke", "barn"]


def test_an_unpaired_quote_is_no_phrase():
    assert parse('"lex sarah').phrases == ()


def test_words_of_phase_and_kind_are_hints():
    asked = parse("checklista efter våld")

    assert (asked.kind_hints, asked.phase_hints) == (frozenset({"checklista"}), frozenset({"efter"}))
    assert [wanted.word for wanted in asked.wanted] == ["våld"]


def test_a_word_of_content_may_hint_and_is_looked_for_all_the_same():
    asked = parse("pågående hot")

    assert asked.phase_hints == {"under"}
    assert words("pågående hot") == ["pågående", "hot"]


@pytest.mark.parametrize("text", ["hotar", "HOT", "vald", "bombhot i receptionen", "uthängda"])
def test_acute_words_are_known(text):
    assert parse(text).is_acute


@pytest.mark.parametrize("text", ["lex sarah", "rutin", "hotell"])
def test_other_words_are_not_acute(text):
    assert not parse(text).is_acute


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_queries_are_cut_to_size(text):
    asked = parse(text)

    assert len(asked.wanted) <= MAX_WORDS
    assert len(asked.text) <= MAX_CHARACTERS


def test_what_was_cut_is_said():
    assert parse(HOSTILE["many words"]).was_cut
    assert not parse("hot").was_cut


@pytest.mark.parametrize("typed", ["24b", "24 b", "24b §", "24 b §", "§ 24b", "LSS 24b", "24 b § LSS"])
def test_a_section_with_a_letter_is_one_however_it_is_written(store, typed):
    build(
        store,
        make_indexable(slug="rätt", title="Annat", text="Den som arbetar rapporterar enligt 24 b § LSS."),
        make_indexable(title="Annat", text="Bilaga b hör till 24 sidor om LSS."),
    )

    assert found(store, typed)[0] == "rätt"


@pytest.mark.parametrize("query", ["hon andas inte", "han andas", "man andas ut"])
def test_two_words_are_no_compound_that_is_cut_to_the_first(query):
    first = query.partition(" ")[0]

    assert all(form.term != first for wanted in parse(query).wanted for form in wanted.forms)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("kunden försöker slå sig in", "kunden slå"),
        ("mannen sitter kvar och skriker", "mannen kvar skriker"),
        ("hunden står utanför bilen", "hunden utanför bilen"),
        ("låset hoppade ur och ner", "låset hoppade"),
        ("försöker", "försöker"),
    ],
)
def test_places_and_verbs_of_general_sense_are_small_words(query, says):
    assert [wanted.word for wanted in parse(query).wanted] == says.split()
