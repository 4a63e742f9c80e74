"""Message templates and claims in search: found by the words of the rumour, shown with the answer, old ones last."""

import pytest

from kb.accounts.viewer import ANONYMOUS
from kb.library.content.document import Kind
from kb.search.finding.searching import SearchRequest
from kb.search.results import search
from tests.search.samples import build, found, make_indexable

RUMOUR = {
    "kind": "pastaende",
    "title": "Socialtjänsten tar barn",
    "summary": "Om tvångsvård.",
    "body": "<p>Lagen säger när.</p>",
    "claim": ("De kidnappar ungar för pengarnas skull.", "Soc snor barnen."),
    "short_answer": "Nej. En domstol beslutar.",
}


@pytest.fixture
def ask(session, indexer):
    """`ask("ord", chosen={…})` gives the result for a stranger."""
    return lambda text, **chosen: search(indexer, session, ANONYMOUS, SearchRequest(query=text, **chosen))


@pytest.mark.parametrize(
    "words", ["kidnappa ungar", "snor barn", "soc snor barn", '"kidnappar ungar"', "socialtjänsten"]
)
def test_a_claim_is_found_by_the_words_of_the_rumour(publish, ask, words):
    publish(slug="ryktet", **RUMOUR)
    publish(title="Något annat", body="<p>Om lokaler.</p>")

    assert [hit.slug for hit in ask(words).hits] == ["ryktet"]


def test_a_wording_weighs_like_the_summary(store):
    build(
        store,
        make_indexable(slug="i-text", text="Soc kidnappar ungar. " + "Annat. " * 20),
        make_indexable(slug="i-ordalydelse", kind="pastaende", wordings=("Soc kidnappar ungar.",)),
    )

    assert found(store, "kidnappar ungar") == ["i-ordalydelse", "i-text"]


def test_words_of_two_wordings_make_no_phrase(store):
    build(store, make_indexable(wordings=("De snor barnen.", "Soc ljuger.")))

    assert found(store, '"barnen soc"') == []


def test_a_hit_shows_the_whole_short_answer_and_the_claim_in_quotation_marks(publish, client, ask):
    publish(**RUMOUR)

    (hit,) = ask("kidnappar ungar").hits
    page = client.get("/sok?q=kidnappar+ungar").text

    assert "".join(text for text, _marked in hit.snippet) == "Nej. En domstol beslutar."
    assert ">”Socialtjänsten tar barn”</a>" in page
    assert "för pengarnas skull" not in page


def test_what_to_do_comes_before_what_to_say_unless_templates_are_asked_for(store):
    build(
        store,
        make_indexable(slug="mallen", kind="mall", title="Medarbetare hotas"),
        make_indexable(slug="vagledningen", title="När en medarbetare hotas i sitt arbete"),
    )

    assert found(store, "medarbetare hotas") == ["vagledningen", "mallen"]
    assert found(store, "mall medarbetare hotas") == ["mallen", "vagledningen"]


def test_a_template_is_found_by_its_text(publish, ask):
    publish("mall", slug="mallen", text="Hej,\n[namn] har utsatts för en dammsugare.")

    assert [hit.slug for hit in ask("dammsugare").hits] == ["mallen"]


@pytest.mark.parametrize(
    ("word", "kind"), [("mallar", "mall"), ("påståenden", "pastaende"), ("pastaende", "pastaende")]
)
def test_the_name_of_the_kind_gives_all_of_it(publish, ask, word, kind):
    for one in Kind:
        publish(one.value)

    assert [hit.kind for hit in ask(word).hits] == [kind]


def test_the_kinds_are_filters_with_counts(publish, ask):
    for one in Kind:
        publish(one.value, body="<p>Dammsugare.</p>")

    result = ask("dammsugare", chosen={"typ": ("mall", "pastaende")})

    (group,) = [group for group in result.facets if group.name == "typ"]
    assert {hit.kind for hit in result.hits} == {"mall", "pastaende"}
    assert [(option.label, option.count) for option in group.options][-2:] == [("Mall", 1), ("Påstående", 1)]
