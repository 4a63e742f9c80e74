"""The lint: clean texts pass, each fault is found at its place, and what we ship is clean."""

import copy
import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.library.content.verbs import WORDS, begins_with_a_verb, imperatives
from kb.library.intake.linting import duties, nearness
from kb.library.intake.linting.entries import Entry, read_entries
from kb.library.intake.linting.findings import ERROR, WARNING
from kb.library.intake.linting.language import shortened
from kb.library.intake.linting.lint import Site, lint
from kb.library.intake.linting.shipped import lint_lists, lint_shipped
from kb.text.order import swedish_key
from tests.factories import make_document, make_item
from tests.shipped_content import entries

TODAY = date(2026, 11, 21)
AML = "Arbetsmiljölag (1977:1160)"
SHARED = {
    "topics": ["hot"],
    "phases": ["under"],
    "owner": "Redaktionen",
    "checked_on": "2026-11-20",
    "review_interval_months": 12,
    "sources": [{"title": AML}],
    "provisions": [{"statute": AML, "short": "AML", "section": "3 kap. 2 §"}],
}
GUIDANCE: dict[str, Any] = {
    **SHARED,
    "kind": "vagledning",
    "slug": "vagledning-ett",
    "title": "En vägledning",
    "summary": "Så här gör du.",
    "actions": [{"do": "Ring 112.", "detail": "Säg var du är."}],
    "body": "## Bakgrund\n\nArbetsgivaren ska förebygga skador (AML 3 kap. 2 §). "
    "Läs [listan](/checklistor/lista-ett#steg-ring).",
}
CHECKLIST: dict[str, Any] = {
    **SHARED,
    "kind": "checklista",
    "slug": "lista-ett",
    "title": "En checklista",
    "summary": "Följ stegen.",
    "related": ["vagledning-ett"],
    "sections": [
        {
            "title": "Först",
            "steps": [
                {
                    "id": "ring",
                    "text": "Ring chefen.",
                    "role": "Kollega",
                    "deadline": "Inom 2 timmar",
                    "deadline_sort": "relativ",
                    "minutes": 120,
                    "why": "Hon behöver veta.",
                    "guidance": "vagledning-ett",
                },
                {
                    "id": "film",
                    "text": "Om du filmades, spara länken.",
                    "role": "Kollega",
                    "deadline": "Utan dröjsmål",
                    "deadline_sort": "lag",
                    "why": "Den försvinner lätt.",
                    "legal": "AML 3 kap. 2 §",
                    "guidance": "vagledning-ett",
                },
            ],
        }
    ],
}


@pytest.fixture
def findings(tmp_path):
    """`findings(*records)` gives the findings of records."""

    def run(*records):
        path = tmp_path / "fil.jsonl"
        path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
        entries = read_entries(path, {"hot": "hot"})
        return lint(entries, Site(TODAY, lambda address: address == "/ordlista"))

    return run


def changed(record, place, value):
    """A copy of a record with the value at `place` ("sections.0.steps.1.why") set, or taken away where it is None."""
    record = copy.deepcopy(record)
    *path, last = [int(part) if part.isdecimal() else part for part in place.split(".")]
    inner = record
    for part in path:
        inner = inner[part]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return record


def rules(found):
    """(level, rule, place) of findings."""
    return {(finding.level, finding.rule, finding.place) for finding in found}


@pytest.mark.parametrize("legal", ["AML 3 kap. 2 §", "GDPR art. 33", "Artikel 33 i dataskyddsförordningen"])
def test_clean_texts_have_no_findings(findings, legal):
    assert findings(GUIDANCE, changed(CHECKLIST, "sections.0.steps.1.legal", legal)) == []


STEP = "sections.0.steps.0"
SHOWN_STEP = "sections.1.steps.ring"
FAULTS = [
    ("checked_on", None, ERROR, "checked", "checked_on"),
    ("checked_on", "2099-12-24", ERROR, "record", "checked_on"),
    ("review_interval_months", None, ERROR, "interval", "review_interval_months"),
    ("owner", None, ERROR, "kontroll", "owner"),
    ("title", '"En vägledning: först"', WARNING, "title", "title"),
    ("sources", [], ERROR, "kontroll", "sources"),
    ("related", ["finns-inte"], ERROR, "link", "related.1"),
    (f"{STEP}.text", "Samtal med chefen.", ERROR, "imperative", f"{SHOWN_STEP}.text"),
    (f"{STEP}.text", "Att ringa chefen.", ERROR, "imperative", f"{SHOWN_STEP}.text"),
    (f"{STEP}.text", "Ring " + "chefen och " * 14, ERROR, "step", f"{SHOWN_STEP}.text"),
    (f"{STEP}.role", None, ERROR, "role", f"{SHOWN_STEP}.role"),
    (f"{STEP}.deadline", None, ERROR, "deadline", f"{SHOWN_STEP}.deadline"),
    (f"{STEP}.why", None, ERROR, "why", f"{SHOWN_STEP}.why"),
    (f"{STEP}.guidance", None, ERROR, "guidance", f"{SHOWN_STEP}.guidance"),
    (f"{STEP}.guidance", "finns-inte", ERROR, "link", f"{SHOWN_STEP}.guidance"),
    (f"{STEP}.minutes", None, ERROR, "deadline", f"{SHOWN_STEP}.deadline"),
    (f"{STEP}.minutes", 90, ERROR, "deadline", f"{SHOWN_STEP}.deadline"),
    (f"{STEP}.deadline", "Snarast", WARNING, "deadline", f"{SHOWN_STEP}.deadline"),
    ("sections.0.steps.1.legal", None, ERROR, "deadline", "sections.1.steps.film.deadline"),
    ("sections.0.steps.1.legal", "AML 3 kap. 3 a §", WARNING, "citation", "sections.1.steps.film.legal"),
    (f"{STEP}.condition", "Om", ERROR, "condition", f"{SHOWN_STEP}.condition"),
    (f"{STEP}.condition", "C", ERROR, "condition", f"{SHOWN_STEP}.condition"),
    ("sections.0.steps.1.legal", "AML", ERROR, "section", "sections.1.steps.film.legal"),
    (f"{STEP}.why", "| Säg det.", ERROR, "stray", f"{SHOWN_STEP}.why"),
    (f"{STEP}.text", "Ring | chefen.", ERROR, "stray", f"{SHOWN_STEP}.text"),
    (f"{STEP}.why", "Säg det enligt W53.", ERROR, "code", f"{SHOWN_STEP}.why"),
    (f"{STEP}.why", "Säg det [V2].", ERROR, "code", f"{SHOWN_STEP}.why"),
    (f"{STEP}.why", "Säg det [TV].", ERROR, "label", f"{SHOWN_STEP}.why"),
    (f"{STEP}.why", "Säg det [att verifiera].", ERROR, "label", f"{SHOWN_STEP}.why"),
    (f"{STEP}.why", "Han är född 19121212-1212.", ERROR, "identity", f"{SHOWN_STEP}.why"),
    (f"{STEP}.why", "Ring 070-123 45 67.", ERROR, "phone", f"{SHOWN_STEP}.why"),
    (f"{STEP}.why", "Ring 116 999.", ERROR, "phone", f"{SHOWN_STEP}.why"),
    ("kind", "recept", ERROR, "record", "kind"),
    ("summary", "x" * 301, ERROR, "record", "summary"),
]


@pytest.mark.parametrize(("place", "value", "level", "rule", "shown"), FAULTS)
def test_a_fault_in_a_checklist_is_found(findings, place, value, level, rule, shown):
    assert (level, rule, shown) in rules(findings(GUIDANCE, changed(CHECKLIST, place, value)))


TEXTS = [
    ("## Ett\n\n#### Två\n\nText.", ERROR, "kontroll"),
    ("ord " * 121, ERROR, "paragraph"),
    ("Läs [mer om det](/vagledning/finns-inte).", ERROR, "link"),
    ("Läs [mer om det](/vagledning/lista-ett).", ERROR, "link"),
    ("Läs [mer om det](/checklistor/lista-ett#steg-saknas).", ERROR, "link"),
    ("Läs [mer om det](/finns-inte).", ERROR, "link"),
    ("Läs [mer](/ordlista).", WARNING, "kontroll"),
    ("Kommunen ska anmäla enligt socialtjänstlagen.", WARNING, "duty"),
    ("Det står i AML 9 kap. 9 §.", WARNING, "citation"),
    (
        "Verksamhetsförändringar förutsätter organisationsövergripande riskbedömningsunderlag. " * 3,
        WARNING,
        "lix",
    ),
    ("och " * 31 + "slut.", WARNING, "sentence"),
]


@pytest.mark.parametrize(("body", "level", "rule"), TEXTS)
def test_a_fault_in_the_text_is_found(findings, body, level, rule):
    found = findings({**GUIDANCE, "body": body}, CHECKLIST)

    assert (level, rule) in {(finding.level, finding.rule) for finding in found}


PASSING = [
    "Läs [om orden i listan](/ordlista).",
    "Ring 112, 114 14, 113 13 eller 1177. Barn ringer 020-120 06 06.",
    "Det är osäkert [att verifiera].",
    "Förr stod det i gamla socialtjänstlagen att man måste rapportera.",
    "Mötet var klockan 11.30 och kostade 119 000 kronor.",
]


@pytest.mark.parametrize("body", PASSING)
def test_what_only_looks_wrong_passes(findings, body):
    assert findings({**GUIDANCE, "body": body}, CHECKLIST) == []


def test_ten_steps_without_pause_are_too_many(findings):
    steps = [{**CHECKLIST["sections"][0]["steps"][0], "id": f"steg-{n}"} for n in range(10)]

    found = findings(GUIDANCE, {**CHECKLIST, "sections": [{"title": "Allt", "steps": steps}]})

    assert (ERROR, "section", "sections.1.title") in rules(found)


def test_two_texts_that_say_the_same_are_found(findings):
    found = findings(GUIDANCE, {**GUIDANCE, "slug": "vagledning-tva"}, CHECKLIST)

    assert [finding.rule for finding in found] == ["likeness"]


def test_a_section_has_its_date_in_all_texts_or_in_none(findings):
    dated = changed(CHECKLIST, "provisions.0.in_force_from", "2025-07-01")

    assert {finding.rule for finding in findings(GUIDANCE, dated)} == {"agreement"}


def test_an_unreadable_record_is_a_finding_with_its_line(findings):
    found = findings(GUIDANCE, CHECKLIST, {"title": "Utan innehåll"})

    assert len(found) == 1
    assert "fil.jsonl:3:kind Fältet kind saknas." in found[0].line


def test_terms_and_names_count_as_short_words():
    assert shortened("Arbetsmiljöverket om allvarliga missförhållanden.") == "Arbets om allvar missfö."


@pytest.mark.parametrize("text", ["Ring 112.", "Om du är ensam, gå ut.", "Fråga: vem ringde?", "”Säg” nej."])
def test_an_imperative_or_a_condition_may_begin_a_step(text):
    assert begins_with_a_verb(text)


@pytest.mark.parametrize(
    "text", ["Skydd av personal", "Ringa 112", "Anmälan görs", "112 först", "Chefen ringer", "Möte", ""]
)
def test_a_noun_or_an_infinitive_may_not(text):
    assert not begins_with_a_verb(text)


def test_the_imperatives_are_in_swedish_order_and_each_once():
    lines = WORDS.read_text(encoding="utf-8").split()

    assert lines == sorted(imperatives(), key=swedish_key)


def test_the_shipped_texts_are_clean():
    count, found = lint_shipped(date.today())  # noqa: DTZ011  (any day after the texts were checked)

    assert count >= 92
    assert [finding.line for finding in found if finding.stops(strict=True)] == []


def test_the_small_lists_may_not_name_texts_that_are_missing():
    assert {finding.rule for finding in lint_lists([])} == {"link"}


def test_the_command_prints_findings_and_fails(app, tmp_path):
    path = tmp_path / "fil.jsonl"
    path.write_text(json.dumps(changed(CHECKLIST, "related", [])), encoding="utf-8")

    result = app.test_cli_runner().invoke(args=["library", "lint", str(path)])

    assert result.exit_code == 1
    assert (
        f"fel {path}:1:sections.1.steps.ring.guidance Texten ”vagledning-ett” finns inte.\n" in result.stdout
    )
    assert result.stderr == "1 text: 2 fel, 0 varningar.\n"


def test_the_command_checks_what_is_published(app, session):
    make_item(session, make_document(body='<p>Läs <a href="/finns-inte">om det</a>.</p>'), slug="prov")
    session.commit()

    result = app.test_cli_runner().invoke(args=["library", "lint", "--database"])

    assert "fel /vagledning/prov:body Sidan /finns-inte finns inte.\n" in result.stdout


def test_warnings_fail_only_when_strict(app, session):
    make_item(session, make_document(body='<p>Läs <a href="/ordlista">mer</a>.</p>'))
    session.commit()
    run = app.test_cli_runner().invoke

    assert run(args=["library", "lint", "--database"]).exit_code == 0
    assert run(args=["library", "lint", "--database", "--strict"]).exit_code == 1


def test_a_path_that_is_missing_is_said_in_swedish(app, tmp_path):
    result = app.test_cli_runner().invoke(args=["library", "lint", str(tmp_path / "saknas")])

    assert result.exit_code == 1
    assert "finns inte" in result.stderr


# One time for one duty; own words


def assessed(slug, deadline, minutes, text="Gör en ny riskbedömning."):
    """A checklist with one step about the same duty."""
    record = changed(CHECKLIST, "sections.0.steps.0.text", text)
    record = changed(changed(record, "slug", slug), "sections.0.steps.0.deadline", deadline)
    record = changed(changed(record, "title", slug), "sections.0.steps.0.why", f"Skäl i {slug} för just det.")
    return changed(record, "sections.0.steps.0.minutes", minutes)


@pytest.mark.parametrize(
    ("deadline", "minutes", "text"),
    [
        ("Inom 72 timmar", 4320, "Gör en ny riskbedömning."),
        ("Inom 24 timmar", 1440, "Gör en ny riskbedömning inom tre dygn."),
    ],
)
def test_a_duty_with_two_times_is_found_where_it_differs(findings, deadline, minutes, text):
    others = [assessed(f"lista-{n}", "Inom 24 timmar", 1440) for n in ("ett", "tre")]

    found = findings(GUIDANCE, *others, assessed("lista-fyra", deadline, minutes, text))

    duty = [finding for finding in found if finding.rule == "duty-time"]
    assert [(one.place, one.level) for one in duty] == [("sections.1.steps.ring.deadline", WARNING)]
    assert "72 timmar här men 24 timmar" in duty[0].message


def test_every_duty_that_is_kept_is_named_in_two_of_our_texts():
    named = Counter(
        duty
        for entry in entries()
        for text in [step.text for step in entry.document.steps()] + [a.do for a in entry.document.actions]
        for duty in duties.duties_in(text)
    )

    assert {duty for duty, count in named.items() if count >= 2} == set(duties.kept_duties())


SENTENCE = "Den som leder arbetet ringer var och en som berörs samma kväll"


@pytest.mark.parametrize(
    ("source", "is_near"),
    [
        (f"Först. {SENTENCE}. Sedan.", True),
        ("Den som leder arbetet ringer\nvar och en i huset.", True),  # eight words in a row, over a line end
        ("Samma kväll ringer den som leder arbetet till var och en, som är de som berörs.", True),
        ("Den som leder ringer. Alla som berörs får veta. Samma kväll.", False),
        ("Något helt annat står här, i egna ord och om ett annat ämne.", False),
    ],
)
def test_a_sentence_near_a_source_is_found(tmp_path, source, is_near):
    (tmp_path / "under").mkdir()
    (tmp_path / "under" / "källa.TXT").write_text(source, encoding="utf-8")
    entry = Entry("text.md", "text", make_document(body=f"<p>{SENTENCE}.</p>"))

    found = list(nearness.lint_nearness(entry, nearness.read_sources(tmp_path)))

    assert [finding.rule for finding in found] == (["nearness"] if is_near else [])
    assert all("källa.TXT" in finding.message for finding in found)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["ett", "två", "tre", "fyra", "fem", "sex"]), min_size=8, max_size=20))
def test_whatever_is_copied_is_found(words):
    sentence = " ".join(words).capitalize() + "."
    entry = Entry("text.md", "text", make_document(body=f"<p>{sentence}</p>"))

    assert list(nearness.lint_nearness(entry, [nearness.source_of("k", f"Före. {sentence} Efter.")]))


def test_the_command_takes_a_folder_of_sources(app, session, tmp_path):
    make_item(session, make_document(body=f"<p>{SENTENCE}.</p>"))
    session.commit()
    runner = app.test_cli_runner()
    empty = runner.invoke(args=["library", "lint", "--database", "--sources", str(tmp_path)])
    assert (empty.exit_code, "inga källtexter" in empty.output) == (1, True)
    (tmp_path / "k.md").write_text(SENTENCE, encoding="utf-8")

    result = runner.invoke(args=["library", "lint", "--database"], env={"RADRUM_SOURCES": str(tmp_path)})

    assert result.exit_code == 1
    assert "står också i k.md" in result.output
