"""A checklist that is corrected or taken away while a run of it goes on: said on run, lists and record."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kb import clock
from kb.accounts.viewer import SYSTEM
from kb.library.content.document import Document, Kind, Section, Step
from kb.library.content.fields import table
from kb.library.core.models.items import ContentItem
from kb.library.core.queries.reading import get_reading
from kb.library.intake.loading import Report, load_batch
from kb.library.intake.records import read_records
from kb.library.services import publication
from kb.runs.operations import StepState
from kb.runs.recall import differences
from kb.runs.services import operating
from kb.runs.services.changing import Sent
from kb.runs.services.starting import start_run
from kb.text.wording import swedish_date
from tests.addresses import path_of
from tests.factories import make_item, make_unit
from tests.forms import page_of
from tests.library.drafts import save
from tests.runs.shown import run_path

CASES = Path(__file__).resolve().parent.parent / "data" / "cases" / "edit"
REASONS = {1: "Fel nummer", 2: "Köket är avstängt"}
NOW = {1: "Ring polisen i stället.", 2: "Gå ut genom stora dörren."}


def load(session, name):
    report = Report()
    load_batch(session, read_records(CASES / name), report, publish=True, by=SYSTEM)
    assert report.failed == []


@pytest.fixture(params=[1, 2])
def case(request, session, scene, sign_in):
    """A run of the first version, with one step ticked."""
    load(session, f"corrected-{request.param}-v1.yaml")
    session.commit()
    viewer = scene.viewer(scene.staff)
    slug = f"rattas-under-tiden-{request.param}"
    run = start_run(
        session, get_reading(session, viewer, Kind.CHECKLIST, slug), unit_id=scene.unit.id, sent=Sent(viewer)
    )
    operating.set_step_state(session, run, run.steps[0].key, StepState.DONE, sent=Sent(viewer))
    session.commit()
    item = session.scalars(select(ContentItem).where(ContentItem.slug == slug)).one()
    return request.param, item, run, sign_in(scene.staff)


def correct(session, item, number):
    load(session, f"corrected-{number}-v2.yaml")
    item.published_revision.reason = REASONS[number]
    session.commit()


def text(browser, address):
    return " ".join(page_of(browser.get(address)).get_text(" ").split())


def test_nothing_is_said_of_a_checklist_that_is_as_it_was(case):
    _number, _item, run, browser = case

    for address in (run_path(run), "/genomforanden", f"{run_path(run)}/protokoll"):
        assert "Checklistan är ändrad" not in text(browser, address)
        assert "Checklistan ändrades" not in text(browser, address)


def test_a_run_says_that_its_checklist_was_corrected_why_and_which_step_differs(session, case):
    number, item, run, browser = case
    correct(session, item, number)

    found = text(browser, run_path(run))

    assert "Checklistan ändrades i dag" in found
    assert REASONS[number] in found
    assert f"Steg 1 lyder nu: ”{NOW[number]}”" in found
    assert "1 av 2 klara" in found or "1 av" in found
    assert "Checklistan är ändrad" in text(browser, "/genomforanden")
    assert "Checklistan är ändrad" in text(browser, "/")
    assert NOW[number] in text(browser, f"{run_path(run)}/protokoll")


def test_a_run_says_that_its_checklist_was_taken_away_and_why(session, case):
    number, item, run, browser = case
    correct(session, item, number)
    instead = make_item(session)
    publication.withdraw(session, item, reason=REASONS[number], replacement=instead, by=SYSTEM)
    session.commit()

    for address in (run_path(run), f"{run_path(run)}/protokoll"):
        found = text(browser, address)
        assert "Checklistan togs bort" in found
        assert "Checklistan ändrades" in found
        assert found.count(REASONS[number]) >= 2
    page = page_of(browser.get(run_path(run)))
    assert page.select_one(".message--errors a")["href"] == path_of(instead)
    assert not page.select(f"a[href^='{path_of(item)}/historik']")  # it would lead to 410
    assert "Checklistan är borttagen" in text(browser, "/genomforanden")


def test_the_fragment_is_new_when_the_checklist_is_corrected(session, case):
    number, item, run, browser = case
    fragment = browser.get(f"{run_path(run)}/fragment")
    correct(session, item, number)

    for again in (
        browser.get(f"{run_path(run)}/fragment", headers={"If-None-Match": fragment.headers["ETag"]}),
        browser.get(f"{run_path(run)}/fragment?efter=999999"),
    ):
        assert again.status_code == 200
        assert REASONS[number] in again.get_data(as_text=True)


def test_nothing_is_said_of_a_version_that_only_another_unit_may_read(session, scene, case):
    _number, item, run, browser = case
    unit = make_unit(session)
    revision = save(
        session, item, SYSTEM, visibility="enhet", unit=unit.public_id, summary="Bara för den andra enheten."
    )
    publication.put_public(session, item, revision, by=SYSTEM, way="granskning")
    session.commit()

    assert "Checklistan ändrades" not in text(browser, run_path(run))
    assert "Checklistan är ändrad" not in text(browser, "/genomforanden")


def test_what_happens_after_the_end_is_not_in_the_record(session, scene, case):
    number, item, run, browser = case
    run.ended_at = run.started_at
    run.ended_by_name = "Karin"
    session.commit()
    correct(session, item, number)

    assert "Checklistan ändrades" not in text(browser, f"{run_path(run)}/protokoll")


STEP_A = Step(id="a", text="Ring chefen.")
CHANGES = {
    "text": "Ring polisen.",
    "role": "Chef",
    "deadline": "Genast",
    "minutes": 5,
    "critical": True,
    "why": "Skäl.",
    "legal": "AML 3 kap. 2 §",
    "condition": "Om mötet filmades",
}
# The key, and the fields that a run is silent about when nothing else of the step has changed.
UNTOLD = {"id", "short", "deadline_sort", "guidance", "verify"}


def test_each_field_of_a_step_is_told_of_or_left_out_on_purpose():
    """A new field belongs in CHANGES and in `_FIELDS` of kb/runs/recall.py, or in UNTOLD."""
    assert {field.name for field in table(Step)} == CHANGES.keys() | UNTOLD


def copied(step, position):
    from kb.runs.models import RunStep

    return RunStep(
        key=step.id,
        position=position,
        text=step.text,
        role=step.role,
        deadline=step.deadline,
        minutes=step.minutes,
        is_critical=step.critical,
        why=step.why,
        legal=step.legal,
        condition=step.condition,
    )


@pytest.mark.parametrize("name", CHANGES)
def test_any_change_of_a_step_that_people_see_is_told(name):
    newer = replace(STEP_A, **dict([(name, CHANGES[name])]))
    document = Document(kind="checklista", title="T", sections=(Section(title="S", steps=(newer,)),))

    assert len(list(differences([copied(STEP_A, 1)], document))) == 1


def test_added_and_removed_steps_are_told_and_nothing_else():
    other = Step(id="b", text="Gå undan.")
    document = Document(kind="checklista", title="T", sections=(Section(title="S", steps=(other,)),))

    assert list(differences([copied(STEP_A, 1)], document)) == [
        "Steg 1 finns inte längre: ”Ring chefen.”",
        "Nytt steg: ”Gå undan.”",
    ]
    assert list(differences([copied(other, 1)], document)) == []


@pytest.mark.parametrize("is_over", [False, True])
def test_a_run_says_that_its_checklist_is_valid_no_longer_until_it_ends(session, case, is_over):
    _number, item, run, browser = case
    last = clock.today() - timedelta(days=1)
    item.valid_to = last
    if is_over:
        run.ended_at, run.ended_by_name = clock.now(), "Karin"
    session.commit()

    for address in (run_path(run), f"{run_path(run)}/protokoll"):
        said = f"Checklistan gällde till och med {swedish_date(last)}" in text(browser, address)
        assert said is not is_over
