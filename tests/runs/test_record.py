"""The record for spreadsheets and other programs: whole, with kinds, corrections, additions and hashes."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.errors import Invalid
from kb.runs.models import Run
from kb.runs.services.changing import Sent
from kb.runs.services.entries import Entry, add_entry, correct
from kb.runs.services.operating import add_note
from tests.runs.conftest import Scene, SignIn
from tests.runs.shown import end, run_path, words

TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=40)


@pytest.fixture
def recorded(scene: Scene, run: Run) -> Run:
    """A run with a decision, a correction, a note of two lines, an end and an addition."""
    sent = Sent(scene.viewer(scene.staff))
    decision = Entry(
        kind="beslut", text="Stäng dörren.\nLås den.", decided_by="Chefen", ground="AML 3 kap. 2 §"
    )
    add_entry(scene.session, run, decision, sent=sent)
    correct(scene.session, run, 2, Entry(kind="beslut", text="Stäng båda dörrarna."), sent=sent)
    add_note(scene.session, run, "ring", "Första raden\n=andra raden", sent=sent)
    end(scene, run)
    add_entry(scene.session, run, Entry(kind="media", text="=HYPERLINK()"), sent=sent)
    scene.session.commit()
    return run


def rows_of(response: Any) -> list[dict[str, str]]:
    assert response.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff")), delimiter=";"))


def test_the_table_holds_every_step_and_every_line(scene: Scene, recorded: Run, sign_in: SignIn) -> None:
    rows = rows_of(sign_in(scene.staff).get(f"{run_path(recorded)}/protokoll.csv"))

    steps, log = ([row for row in rows if row["Del"] == part] for part in ("Steg", "Logg"))
    assert [row["Text"] for row in steps] == [step.text for step in recorded.steps]
    assert any("Första raden\n=andra raden" in row["Märkning"] for row in steps)
    assert [int(row["Nummer"]) for row in log] == list(range(1, recorded.log_count + 1))
    assert [row["Kontrollsumma före"] for row in log] == ["", *(row["Kontrollsumma"] for row in log[:-1])]
    assert log[-1]["Kontrollsumma"] == recorded.log_head
    assert (log[1]["Slag"], log[1]["Text"]) == ("Beslut", "Stäng dörren.\nLås den.")
    assert (log[1]["Beslutat av"], log[1]["Märkning"]) == ("Chefen", "rättad, se rad 3")
    assert log[2]["Märkning"] == "rättar rad 2"
    assert (log[-1]["Text"], log[-1]["Märkning"]) == ("'=HYPERLINK()", "tillägg efter avslut")


@pytest.mark.parametrize(("is_exercise", "sort"), [(True, "ÖVNING"), (False, "Skarpt läge")])
def test_the_table_says_first_what_it_is_of(
    scene: Scene, sign_in: SignIn, is_exercise: bool, sort: str
) -> None:
    run = scene.start(is_exercise=is_exercise, place="Västra")

    first = rows_of(sign_in(scene.staff).get(f"{run_path(run)}/protokoll.csv"))[0]

    assert (first["Del"], first["Slag"]) == ("Genomförande", sort)
    assert first["Text"] == f"Akut hot, {scene.unit.name}, Västra"
    assert first["Kontrollsumma"] == run.log_head


def test_the_data_say_the_same(scene: Scene, recorded: Run, sign_in: SignIn) -> None:
    response = sign_in(scene.staff).get(f"{run_path(recorded)}/protokoll.json")
    data = json.loads(response.get_data())

    assert (data["format"], data["version"]) == ("radrum-protokoll", 1)
    assert data["run"]["log_hash"] == recorded.log_head == data["log"][-1]["hash"]
    assert data["run"]["closing_note"] == "Alla är hemma."
    line = data["log"][1]
    assert (line["kind"], line["corrected_by"], line["after_end"]) == ("beslut", [3], False)
    assert line["details"] == {"Beslutat av": "Chefen", "Grund": "AML 3 kap. 2 §"}
    assert (data["log"][-1]["after_end"], data["log"][2]["corrects"]) == (True, 2)
    notes = [note for section in data["sections"] for step in section["steps"] for note in step["notes"]]
    assert [note["text"] for note in notes] == ["Första raden\n=andra raden"]


def test_the_page_names_the_hash_and_leads_to_both(scene: Scene, recorded: Run, sign_in: SignIn) -> None:
    response = sign_in(scene.staff).get(f"{run_path(recorded)}/protokoll")

    assert recorded.log_head in words(response)
    for ending in ("csv", "json"):
        assert f"{run_path(recorded)}/protokoll.{ending}" in response.text


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(TEXT, min_size=1, max_size=5))
def test_whatever_is_written_stands_whole_in_table_and_data(
    scene: Scene, run: Run, sign_in: SignIn, lines: list[str]
) -> None:
    browser = sign_in(scene.staff)
    with scene.session.begin_nested() as savepoint:
        try:
            entry = Entry(kind="atgard", text="\n".join(lines))
            add_entry(scene.session, run, entry, sent=Sent(scene.viewer(scene.staff)))
        except Invalid:
            return  # nothing but spaces, or it looks like an identity number
        scene.session.refresh(run)
        kept = run.events[-1].data["text"]
        told = json.loads(browser.get(f"{run_path(run)}/protokoll.json").get_data())["log"][-1]["text"]
        row = rows_of(browser.get(f"{run_path(run)}/protokoll.csv"))[-1]["Text"]
        savepoint.rollback()
    assert told == kept
    assert row in (kept, f"'{kept}")


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_only_who_sees_the_run_gets_them(scene: Scene, recorded: Run, sign_in: SignIn, ending: str) -> None:
    path = f"{run_path(recorded)}/protokoll.{ending}"
    for user, expected in ((scene.leader, 200), (scene.outsider, 404), (scene.administrator, 404)):
        response = sign_in(user).get(path)
        assert response.status_code == expected
        assert ("Stäng" in response.get_data(as_text=True)) is (expected == 200)
        assert response.headers["Cache-Control"] == "no-store"
