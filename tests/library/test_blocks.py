"""A document as blocks: everything a reader sees is there, with words for what it is."""

from dataclasses import replace

from kb.library.content.blocks import document_blocks
from kb.library.content.comparing import changed_words, compare
from kb.library.content.document import Action, Lesson, Provision, Source
from tests.factories import make_document

NAMES = {"topics": {"hot": "Hot"}, "units": {"u1": "Barn och familj"}}


def pairs(document, **names):
    """(label, text) of the blocks."""
    return [(block.label, block.text) for block in document_blocks(document, **names)]


def test_all_parts_have_labels():
    document = make_document(
        actions=(Action(do="Ring.", detail="Nu.", why="Liv.", verify=True),),
        provisions=(Provision(statute="AML", section="3 kap. 1 §", checked_on="2026-11-01"),),
        sources=(Source(title="Källan", publisher="SKR", fetched="2026-01-01"),),
        visibility="enhet",
        unit="u1",
        related=("a", "b"),
    )

    blocks = pairs(document, **NAMES)

    assert ("Gör så här, punkt 1", "Ring.") in blocks
    assert ("Gör så här, punkt 1, uppgifter", "att verifiera") in blocks
    assert ("Gör så här, punkt 1, varför", "Liv.") in blocks
    assert ("Text, rubrik nivå 2", "Bakgrund") in blocks
    assert ("Text", "Så här är det.") in blocks
    assert ("Källa 1", "Källan") in blocks
    assert ("Källa 1, uppgifter", "utgivare: SKR; hämtad: 2026-01-01") in blocks
    assert ("Lagrum 1", "AML") in blocks
    assert ("Lagrum 1, uppgifter", "kapitel och paragraf: 3 kap. 1 §; kontrollerad: 2026-11-01") in blocks
    assert ("Ämne", "Hot") in blocks
    assert ("Skede", "Under") in blocks
    assert ("Vem får läsa", "En enhet") in blocks
    assert ("Enhet", "Barn och familj") in blocks
    assert ("Hör ihop med", "a, b") in blocks


def test_steps_are_numbered_through_the_sections():
    blocks = pairs(make_document("checklista"))

    assert ("Steg 1", "Säkra den utsatta.") in blocks
    assert (
        "Steg 1, uppgifter",
        "kort namn: Säkra; vem: Kollega; när: Genast; sorts tid: Tid från starten; minuter från starten: 0; "
        "får inte hoppas över",
    ) in blocks
    assert ("Steg 3, villkor", "Om mötet filmades") in blocks
    assert ("Avsnitt 1, paus", "Är alla i säkerhet?") in blocks


def test_a_story_has_its_times_and_lessons():
    story = make_document(
        "berattelse",
        before="<p>Först.</p>",
        basis="medgivande",
        lessons=(Lesson(text="Lär.", item="a", step="b"),),
    )

    blocks = pairs(story)

    assert ("Före", "Först.") in blocks
    assert ("Lärdom 1", "Lär.") in blocks
    assert ("Lärdom 1, uppgifter", "text som lärdomen gäller: a; steg i checklistan: b") in blocks
    assert ("Bygger på", "Publicerad med medgivande") in blocks


def test_a_changed_word_is_shown_in_its_block_and_the_rest_is_folded():
    old = make_document(body="<p>Två anmälningar går till två ställen.</p>")
    new = replace(old, body="<p>Tre anmälningar går till tre ställen.</p>")

    rows = compare(old, new, topics={}, units={})

    changed = [row for row in rows if any(op != "same" for op, _text in row.get("parts", ()))]
    assert [row["label"] for row in changed] == ["Text"]
    assert ("ins", "Tre ") in changed[0]["parts"]
    assert any("lika" in row.get("gap", "") for row in rows)
    assert changed_words(rows) == "1 stycke ändrat."


def test_equal_versions_have_no_difference():
    document = make_document()

    assert changed_words(compare(document, document, topics={}, units={})) == "Ingen skillnad."
