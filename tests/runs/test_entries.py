"""What people write in the log: kinds, decisions, corrections that leave the old line, additions after the end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from kb import clock
from kb.accounts.roles import Role
from kb.errors import Invalid, NotFound
from kb.runs.log.kinds import EntryKind
from kb.runs.log.verifying import Checked, verify
from kb.runs.models import Run, RunEvent
from kb.runs.services.changing import Sent
from kb.runs.services.entries import Entry, add_entry, correct
from kb.runs.services.operating import add_note
from kb.text.characters import normal
from tests.factories import make_user
from tests.runs.conftest import Scene, SignIn
from tests.runs.shown import end, page, run_path, words

NOW = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)  # 14.00 in Sweden
DECISION = {
    "slag": "beslut",
    "text": "Receptionen hålls stängd.\nPersonalen arbetar hemifrån.",
    "beslutat-av": "Socialchef i beredskap",
    "grund": "AML 3 kap. 2 §",
    "underrattade": "Alla i huset, facket",
    "ses-over": "2026-12-01T08:00",
    "nar": "13.15",
}


def entry(text: str = "Polisen är på plats.", kind: str = "handelse", **more: str) -> Entry:
    return Entry(kind=kind, text=text, **more)


def write(scene: Scene, run: Run, **values: Any) -> RunEvent:
    add_entry(scene.session, run, entry(**values), sent=Sent(scene.viewer(scene.staff)))
    scene.session.commit()
    return newest(scene, run)


def newest(scene: Scene, run: Run) -> RunEvent:
    query = select(RunEvent).where(RunEvent.run_id == run.id).order_by(RunEvent.number.desc())
    return scene.session.scalars(query.limit(1)).one()


def count(scene: Scene) -> int:
    return scene.session.scalar(select(func.count(RunEvent.id))) or 0


def line_of(response: Any, number: int) -> str:
    return " ".join(page(response).select_one(f"#rad-{number}").get_text(" ", strip=True).split())


@time_machine.travel(NOW, tick=False)
def test_a_decision_is_kept_with_all_that_belongs_to_it(scene: Scene, sign_in: SignIn) -> None:
    run, browser = scene.start(), sign_in(scene.staff)

    answer = browser.post(f"{run_path(run)}/logg", data=DECISION)

    assert (answer.status_code, answer.location) == (303, f"{run_path(run)}/logg")
    shown = line_of(browser.get(answer.location), 2)
    for part in (
        "Rad 2, 14.00 Beslut",
        "Milan Medarbetare: Receptionen hålls stängd.",
        "När i dag 13.15",
        "Beslutat av Socialchef i beredskap",
        "Grund AML 3 kap. 2 §",
        "Fick veta Alla i huset, facket",
        "Ses över i morgon 08.00",
    ):
        assert part in shown
    assert newest(scene, run).data["review_at"] == "2026-12-01T07:00:00+00:00"


@pytest.mark.parametrize("kind", EntryKind)
def test_each_kind_is_named_and_can_be_shown_alone(
    scene: Scene, run: Run, sign_in: SignIn, kind: EntryKind
) -> None:
    write(scene, run, kind=kind.value, text="Det här hände.")
    browser = sign_in(scene.staff)

    alone = browser.get(f"{run_path(run)}/logg?slag={kind.value}")
    assert [row["id"] for row in page(alone).select(".log-line")] == ["rad-2"]
    assert kind.label in line_of(alone, 2)
    assert f"{kind.label}: Det här hände." in words(browser.get(run_path(run)))
    assert len(page(browser.get(f"{run_path(run)}/logg?slag=annat")).select(".log-line")) == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"text": "19900101-1017 var här"}, "text"),
        ({"slag": "annat"}, "slag"),
        ({"slag": "handelse"}, "slag"),
        ({"nar": "i förrgår"}, "nar"),
        ({"nar": "2026-12-24T10:00"}, "nar"),
        ({"ses-over": "2026-11-29T10:00"}, "ses-over"),
        ({"ses-over": "snart"}, "ses-over"),
        ({"ses-over": "2066-11-29T10:00"}, "ses-over"),
        ({"beslutat-av": "x" * 121}, "beslutat-av"),
        ({"grund": "x" * 10_000}, "grund"),
        ({"underrattade": "x" * 301}, "underrattade"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_what_will_not_do_is_said_at_its_field_and_nothing_typed_is_lost(
    scene: Scene, sign_in: SignIn, wrong: dict[str, str], field: str
) -> None:
    run, browser = scene.start(), sign_in(scene.staff)
    lines, sent = count(scene), DECISION | wrong

    answer = browser.post(f"{run_path(run)}/logg", data=sent)

    assert answer.status_code == 422
    form = page(answer).select_one("form.entry")
    assert form.select(".field--wrong .field__error")
    assert form.select_one(f'.field--wrong [name="{field}"]')
    for name in ("text", "beslutat-av", "grund", "underrattade", "ses-over", "nar"):
        kept = form.select_one(f'[name="{name}"]')
        assert str(kept.get("value") or kept.text).strip() == sent[name].strip()
    assert form.select(".entry__decision--filled"), "the part about decisions is seen whatever is chosen"
    assert count(scene) == lines


def test_a_line_is_corrected_by_a_new_one_and_both_are_shown(scene: Scene, run: Run, sign_in: SignIn) -> None:
    old = write(scene, run, text="Polisen kom 13.10")
    browser = sign_in(scene.leader)
    path = f"{run_path(run)}/logg/{old.number}/rattelse"
    form = page(browser.get(path))
    assert form.select_one("textarea#text").text.strip() == "Polisen kom 13.10"
    assert form.select_one('[name="slag"][checked]')["value"] == "handelse"

    same = browser.post(path, data={"slag": "handelse", "text": "Polisen kom 13.10"})
    done = browser.post(path, data={"slag": "kontakt", "text": "Polisen kom 13.25"})

    assert (same.status_code, done.status_code) == (422, 303)
    log = browser.get(f"{run_path(run)}/logg")
    assert "Rättad se rad 3" in line_of(log, 2)
    assert "Polisen kom 13.10" in line_of(log, 2)
    assert "Kontakt Rättar rad 2 Karin Krisledare: Polisen kom 13.25" in line_of(log, 3)
    scene.session.refresh(old)
    assert old.data == {"text": "Polisen kom 13.10"}
    latest = words(browser.get(run_path(run)))
    assert "Händelse: Polisen kom 13.10 (rättad, se rad 3)" in latest
    assert "Rättad se rad 3" in words(browser.get(f"{run_path(run)}/protokoll"))


def test_a_line_may_be_corrected_twice_and_a_correction_too(scene: Scene, run: Run, sign_in: SignIn) -> None:
    write(scene, run, text="Ett")
    sent = Sent(scene.viewer(scene.leader))
    for number, text in ((2, "Två"), (2, "Tre"), (3, "Fyra")):
        correct(scene.session, run, number, entry(text), sent=sent)
    scene.session.commit()

    log = sign_in(scene.staff).get(f"{run_path(run)}/logg")
    assert "Rättad se rad 3 , rad 4" in line_of(log, 2)
    assert "Rättad se rad 5 Rättar rad 2" in line_of(log, 3)


def test_a_decision_is_corrected_though_its_time_to_look_again_has_been(
    scene: Scene, sign_in: SignIn
) -> None:
    with time_machine.travel(NOW, tick=False):
        run, browser = scene.start(), sign_in(scene.staff)
        browser.post(f"{run_path(run)}/logg", data=DECISION)
    path = f"{run_path(run)}/logg/2/rattelse"
    with time_machine.travel(NOW + timedelta(days=100), tick=False):
        form = page(sign_in(scene.staff).get(path)).select_one("form:has(textarea#text)")
        typed = {
            field["name"]: field.get("value") or field.text for field in form.select("input[value], textarea")
        }
        typed |= {"slag": "beslut", "grund": "AML 3 kap. 2 och 4 §§"}
        assert sign_in(scene.staff).post(path, data=typed).status_code == 303

    first, second = scene.session.scalars(
        select(RunEvent).where(RunEvent.run_id == run.id, RunEvent.number > 1).order_by(RunEvent.number)
    ).all()
    changed = {"ground": "AML 3 kap. 2 och 4 §§", "corrects": 2}
    assert second.data == first.data | changed


def test_the_note_of_a_step_is_corrected_at_its_step(scene: Scene, run: Run, sign_in: SignIn) -> None:
    add_note(scene.session, run, "ring", "Ring växeln", sent=Sent(scene.viewer(scene.staff)))
    scene.session.commit()
    browser = sign_in(scene.staff)
    assert browser.post(f"{run_path(run)}/logg/2/rattelse", data={"text": "Ring vakten"}).status_code == 303

    step = page(browser.get(run_path(run))).select_one("#steg-ring").get_text(" ", strip=True)
    assert "rättad, se rad 3" in step
    assert "Ring vakten" in step
    assert "anteckning till steg 2: Ring vakten" in words(browser.get(f"{run_path(run)}/logg"))


def test_what_came_by_itself_or_is_not_there_is_not_corrected(
    scene: Scene, run: Run, sign_in: SignIn
) -> None:
    browser, sent = sign_in(scene.leader), Sent(scene.viewer(scene.leader))
    other = scene.start()
    write(scene, other)

    with pytest.raises(Invalid, match="Rådrum"):
        correct(scene.session, run, 1, entry(), sent=sent)
    with pytest.raises(NotFound):
        correct(scene.session, run, 2, entry(), sent=sent)
    assert browser.get(f"{run_path(run)}/logg/1/rattelse").status_code == 422
    for method in (browser.get, browser.post):
        assert method(f"{run_path(run)}/logg/99/rattelse").status_code == 404
    assert page(browser.get(f"{run_path(run)}/logg")).select(".log-line a[href$=rattelse]") == []


def test_after_the_end_lines_are_additions_and_steps_stay_as_they_are(
    scene: Scene, run: Run, sign_in: SignIn
) -> None:
    write(scene, run, text="Före slutet")
    end(scene, run)
    browser = sign_in(scene.staff)

    answer = browser.post(f"{run_path(run)}/logg", data={"slag": "media", "text": "Tidningen ringde."})
    corrected = browser.post(f"{run_path(run)}/logg/2/rattelse", data={"slag": "handelse", "text": "Före"})

    assert (answer.status_code, corrected.status_code) == (303, 303)
    for path in ("logg", "protokoll"):
        log = browser.get(f"{run_path(run)}/{path}")
        marked = [
            str(row["id"]) for row in page(log).select(".log-line") if "Tillägg efter avslut" in row.text
        ]
        assert len(marked) == 2
    assert browser.post(f"{run_path(run)}/steg/ring/lage", data={"lage": "klart"}).status_code == 409
    found = verify(scene.session, run.public_id)
    assert isinstance(found, Checked)
    assert found.problems == ()


def test_what_was_written_offline_keeps_the_times_that_were_meant(scene: Scene) -> None:
    with time_machine.travel(NOW, tick=False):
        run = scene.start()
        typed_at = clock.now()
    with time_machine.travel(NOW + timedelta(hours=30), tick=False):
        sent = Sent(scene.viewer(scene.staff), "a", typed_at)
        for _ in range(3):
            add_entry(scene.session, run, entry("Beslut", "beslut", at="13.30", review_at="15.00"), sent=sent)

    assert count(scene) == 2
    assert newest(scene, run).data["at"] == "2026-11-30T12:30:00+00:00"
    assert newest(scene, run).data["review_at"] == "2026-11-30T14:00:00+00:00"


LINES = st.lists(
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=30),
    min_size=1,
    max_size=6,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_lines_of_a_note_stay_lines_on_every_page(
    scene: Scene, run: Run, sign_in: SignIn, lines: list[str]
) -> None:
    browser = sign_in(scene.staff)
    with scene.session.begin_nested() as savepoint:
        try:
            add_entry(scene.session, run, entry("\n".join(lines)), sent=Sent(scene.viewer(scene.staff)))
        except Invalid:
            return  # it looks like an identity number
        kept = newest(scene, run).data["text"]
        assert [one.split() for one in kept.split("\n")] == [normal(one).split() for one in lines]
        for path in ("", "/logg", "/protokoll"):
            shown = page(browser.get(run_path(run) + path))
            assert any(kept in element.get_text() for element in shown.select(".lines")), path
        savepoint.rollback()


ROLES = {
    "staff of the unit": (Role.STAFF, True, True),
    "leader of the unit": (Role.LEADER, True, True),
    "reader of the unit": (Role.READER, True, False),
    "editor of the unit": (Role.EDITOR, True, False),
    "administrator": (Role.ADMIN, True, False),
    "staff of another unit": (Role.STAFF, False, False),
    "leader of another unit": (Role.LEADER, False, False),
}


@pytest.mark.parametrize("who", ROLES)
def test_only_those_of_the_unit_see_or_write_the_log(
    scene: Scene, run: Run, sign_in: SignIn, who: str
) -> None:
    role, is_here, may = ROLES[who]
    write(scene, run, text="Hemligt för andra")
    person = make_user(scene.session, role, unit=scene.unit if is_here else None)
    browser, path = sign_in(person), run_path(run)
    lines = count(scene)

    seen = [browser.get(path + part) for part in ("/logg", "/logg/2/rattelse", "/protokoll", "")]
    sent = [
        browser.post(path + part, data={"slag": "handelse", "text": "Jag skriver"})
        for part in ("/logg", "/logg/2/rattelse")
    ]

    assert {answer.status_code for answer in seen} == ({200} if may else {404})
    assert {answer.status_code for answer in sent} == ({303} if may else {404})
    assert any("Hemligt" in answer.text for answer in [*seen, *sent]) is may
    assert count(scene) == lines + (2 if may else 0)


def test_who_is_not_signed_in_sees_nothing_of_the_log(scene: Scene, run: Run, client: Any) -> None:
    write(scene, run, text="Hemligt för andra")
    for part in ("/logg", "/logg/2/rattelse"):
        answers = [client.get(run_path(run) + part), client.post(run_path(run) + part, data={"text": "x"})]
        assert all("Hemligt" not in answer.text for answer in answers)
        assert {answer.status_code for answer in answers} <= {303, 403}
    assert count(scene) == 2
