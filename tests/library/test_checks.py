"""Kontroll: what is found, and whether it stops the review."""

from dataclasses import replace

import pytest

from kb.library.content.checks import blocking, run_checks
from kb.library.content.deadlinks import Target, dead_links
from kb.library.content.document import Action, Document, Kind, Section, Source, Step
from kb.library.content.fields import Type
from kb.library.content.texts import texts
from kb.library.intake.parsing import parse_record
from kb.library.intake.records import read_records
from kb.library.intake.starter import CONTENT, STARTER

GOOD = Document(
    kind="vagledning",
    title="Hot",
    summary="Ring 112 om det är bråttom.",
    topics=("hot",),
    phases=("under",),
    owner="Redaktionen",
    sources=(Source(title="Lagen"),),
    actions=(Action(do="Ring 112."),),
    body="<h2>Mer</h2><p>Läs <a href='/vagledning/a'>om anmälan</a>.</p>".replace("'", '"'),
)
LONG = "Det här är en mening som " + "är lång och " * 10 + "slutar här."
TOPICS = {topic: topic for topic in ("hot", "vald", "desinformation", "lex-sarah", "kriskommunikation")}


def tones(document, words):
    """The tones of the findings that hold the words."""
    return [check.tone for check in run_checks(document) if words in check.message]


def checklist(*steps):
    """A checklist with these steps in one section."""
    made = tuple(Step(id=f"s{number}", text=text) for number, text in enumerate(steps))
    return replace(GOOD, kind="checklista", actions=(), sections=(Section(title="A", steps=made),))


def test_a_good_text_has_only_praise():
    assert {check.tone for check in run_checks(GOOD)} == {"ok"}


@pytest.mark.parametrize(
    ("values", "words", "tone"),
    [
        ({"sources": ()}, "Källa saknas.", "error"),
        ({"topics": ()}, "Ämne saknas.", "error"),
        ({"owner": ""}, "Ansvarig saknas.", "error"),
        ({"title": " "}, "Skriv en titel.", "error"),
        ({"visibility": "enhet"}, "Enhet saknas.", "error"),
        ({"actions": ()}, "Gör så här saknas.", "warn"),
        ({"body": "<h2>A</h2><h4>C</h4>"}, "rubriknivå hoppas över", "error"),
        ({"body": "<h3>B</h3>"}, "rubriknivå hoppas över", "error"),
        ({"body": "<table><tr><td>1</td></tr></table>"}, "tabell saknar rubriker", "error"),
        ({"body": '<p><a href="/x"><b>Här</b></a></p>'}, "Länktexten ”Här”", "warn"),
        ({"body": '<p><img src="/media/a.png"></p>'}, "bild saknar beskrivning", "error"),
        ({"body": "<p>Född 19121212-1212.</p>"}, "personnummer", "error"),
        ({"actions": (Action(do="Ring 070-123 45 67."),)}, "telefonnummer", "warn"),
        ({"body": f"<p>{LONG}</p>"}, "Lång mening", "warn"),
        ({"body": "<p>" + "Kort mening. " * 70 + "</p>"}, "Långt stycke, 140 ord", "warn"),
        (
            {"body": "<p>" + "Socialtjänstförvaltningens verksamhetsutvecklingsarbete. " * 9 + "</p>"},
            "LIX",
            "warn",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_found(values, words, tone):
    assert tones(replace(GOOD, **values), words) == [tone]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<table><thead><tr><th scope='col'>A</th></tr></thead></table>", "tabell saknar"),
        ("<h2>A</h2><h3>B</h3><h4>C</h4><h2>D</h2><h3>E</h3>", "rubriknivå"),
        ("<p>Ring 112, 114 14 eller 113 13.</p>", "telefonnummer"),
        ("<table><caption>T</caption><tr><th>A</th><td>" + "ord " * 60 + "</td></tr></table>", "Lång mening"),
    ],
    ids=["table with header", "levels in order", "short numbers", "long cell"],
)
def test_what_is_right_is_left_alone(body, words):
    found = [check for check in run_checks(replace(GOOD, body=body.replace("'", '"'))) if check.tone != "ok"]

    assert not any(words in check.message for check in found)


SECRET = "19121212-1212"


def holders(document):
    """The document with the number in each place that people read, one at a time."""
    for spot in texts(document):
        value = f"<p>Om {SECRET}.</p>" if spot.field.type is Type.RICH else f"Om {SECRET}"
        yield spot.place, with_value(document, spot.path, value)


def with_value(holder, path, value):
    """A copy of a document, a part or a tuple with another value at a path of `walk()`."""
    if not path:
        return value
    name, *rest = path
    if isinstance(name, int):
        return (*holder[:name], with_value(holder[name], rest, value), *holder[name + 1 :])
    return replace(holder, **{name: with_value(getattr(holder, name), rest, value)})


def test_a_number_that_points_out_a_person_is_found_wherever_people_read():
    records = [record for folder in CONTENT for record in read_records(STARTER / folder)]
    of_each_kind = {
        document.kind: document for _slug, document in (parse_record(r.data, topics=TOPICS) for r in records)
    }
    assert len(of_each_kind) == len(Kind)

    for document in of_each_kind.values():
        for place, changed in holders(document):
            assert tones(changed, "ser ut som ett personnummer"), place


@pytest.mark.parametrize(
    "body",
    [
        f"<table><thead><tr><th scope='col'>{SECRET}</th></tr></thead></table>",
        f"<table><tbody><tr><td>Ada</td><td>{SECRET}</td><td>dygnet runt</td></tr></tbody></table>",
        f"<ul><li>Ada<ul><li>{SECRET}</li></ul></li></ul>",
        f"<h2>{SECRET}</h2>",
        f"<blockquote><p>{SECRET}</p></blockquote>",
    ],
)
def test_a_number_is_found_in_every_part_of_a_text(body):
    document = replace(GOOD, body=body.replace("'", '"'))

    assert tones(document, "personnummer") == ["error"]


def test_a_phone_number_in_a_story_is_an_error():
    assert tones(replace(GOOD, kind="berattelse", during="<p>Ring 070-123 45 67.</p>"), "telefonnummer") == [
        "error"
    ]


def test_a_checklist_needs_steps_that_are_short_and_few():
    assert tones(checklist(), "saknar steg") == ["error"]
    assert tones(checklist("x" * 141), "Långt steg, 141 tecken.") == ["warn"]
    assert tones(checklist(*["Ring."] * 10), "har 10 steg") == ["warn"]
    assert tones(checklist(*["Ring."] * 9), "har 9 steg") == []


def test_links_that_lead_nowhere_are_named():
    document = replace(GOOD, related=("borta",))
    known = {"a": Target("mall")}

    found = [
        check for check in run_checks(document, dead_links(document, known, bool)) if check.rule == "link"
    ]

    assert [(check.tone, check.field) for check in found] == [("warn", "body"), ("warn", "related")]
    assert "/vagledning/a" in found[0].title
    assert "borta" in found[1].title


@pytest.mark.parametrize(
    "words", ["här", "Klicka här", "Läs mer här.", "Mer information hittar du här", "länken", "»Hit«"]
)
def test_link_words_that_say_nothing_are_found(words):
    body = f'<p>Läs <a href="/nu">{words}</a>.</p>'

    assert tones(replace(GOOD, body=body), "säger inget") == ["warn"]


@pytest.mark.parametrize("words", ["Anmäl här på sidan Hot", "här i Norrköping", "Så anmäler du"])
def test_link_words_that_say_something_pass(words):
    assert tones(replace(GOOD, body=f'<p><a href="/nu">{words}</a></p>'), "säger inget") == []


def test_a_step_without_a_verb_is_found():
    assert tones(
        checklist("Polisen", "Ring 112.", "Om det brinner: ring 112."), "börjar inte med ett verb"
    ) == ["warn"]
    assert tones(replace(GOOD, actions=(Action(do="Polis"),)), "börjar inte med ett verb") == ["warn"]


def test_only_errors_stop():
    document = replace(GOOD, actions=(), sources=(), body=f"<p>{LONG}</p>")

    assert [check.field for check in blocking(document)] == ["sources"]


def test_nothing_in_the_shipped_texts_stops_their_review():
    records = [record for folder in CONTENT for record in read_records(STARTER / folder)]
    documents = [parse_record(record.data, topics=TOPICS) for record in records]

    assert {slug: blocking(document) for slug, document in documents if blocking(document)} == {}
