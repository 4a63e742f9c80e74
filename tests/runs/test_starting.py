"""A run is an own copy of the checklist's version."""

import pytest
from sqlalchemy import func, select

from kb.accounts.models import Membership
from kb.accounts.roles import Role
from kb.audit.models import AuditEvent
from kb.errors import Forbidden, Invalid
from kb.library.content.document import Kind, Step
from kb.library.content.fields import table
from kb.library.services.publication import put_public
from kb.library.services.revisions import add_revision
from kb.runs.log.logbook import line_words
from kb.runs.models import Run, RunEvent
from kb.runs.operations import StepState
from kb.runs.services.changing import Sent
from kb.runs.services.operating import set_step_state
from kb.runs.services.starting import ONE_MORE, start_run
from tests.factories import make_document, make_item, make_unit
from tests.forms import page_of
from tests.library.documents import filled
from tests.runs.conftest import Scene
from tests.runs.shown import run_path


def test_a_run_copies_the_version_and_keeps_it(scene: Scene, run: Run) -> None:
    changed = make_document("checklista", title="Ny titel", sections=())
    revision = add_revision(scene.session, scene.item, changed, by=scene.viewer(scene.staff), reason="Ny")
    put_public(scene.session, scene.item, revision, by=scene.viewer(scene.staff), way="granskning")
    scene.session.expire_all()

    assert (run.title, run.version) == ("Akut hot", 1)
    assert [step.key for step in run.steps] == ["sakra", "ring", "film", "anmal"]
    assert [section.pause for section in run.sections] == ["Är alla i säkerhet?", ""]


def test_a_no_at_the_start_makes_the_step_not_applicable_and_can_be_taken_back(scene: Scene) -> None:
    run = scene.start(answers={"Om mötet filmades": "nej"})
    step = next(step for step in run.steps if step.key == "film")
    assert step.is_ruled_out
    assert run.conditions == [{"condition": "Om mötet filmades", "answer": "nej"}]

    set_step_state(scene.session, run, "film", StepState.OPEN, sent=Sent(scene.viewer(scene.staff)))

    assert step.state == "open"


@pytest.mark.parametrize("answers", [None, {}, {"Om mötet filmades": "kanske"}, {"Annat": "nej"}])
def test_without_a_no_every_step_is_open(scene: Scene, answers: dict[str, str] | None) -> None:
    run = scene.start(answers=answers)

    assert {step.state for step in run.steps} == {"open"}


def test_starting_twice_with_one_form_gives_one_run(scene: Scene) -> None:
    first, second = scene.start(client_id="x"), scene.start(client_id="x")

    assert first is second
    assert scene.session.scalar(select(func.count(Run.id))) == 1
    assert scene.session.scalar(select(func.count(RunEvent.id))) == 1


@pytest.mark.parametrize("because", ["", "   ", "\u200b"])
def test_what_the_unit_follows_already_is_started_anew_with_a_reason_only(
    scene: Scene, run: Run, because: str
) -> None:
    with pytest.raises(Invalid) as caught:
        scene.start(because=because)

    assert caught.value.field == "because"
    assert scene.session.scalar(select(func.count(Run.id))) == 1
    again = scene.start(because="Ett annat hot, mot en annan")
    assert "Startade en till: Ett annat hot, mot en annan" in line_words(again.events[0], {}, None)


def test_an_exercise_an_ended_run_and_another_unit_ask_for_no_reason(scene: Scene, run: Run) -> None:
    scene.start(because="", is_exercise=True)
    run.ended_at = run.started_at
    assert "Startade en till" not in line_words(scene.start(because="").events[0], {}, None)
    other = make_unit(scene.session)
    scene.session.add(Membership(user_id=scene.staff.id, unit_id=other.id, role=Role.STAFF.value))
    scene.session.flush()
    assert start_run(scene.session, scene.reading(), unit_id=other.id, sent=Sent(scene.viewer(scene.staff)))


def test_sending_the_form_again_asks_nothing(scene: Scene) -> None:
    first = scene.start(client_id="x", because="")

    assert scene.start(client_id="x", because="") is first


def test_the_form_leads_to_what_goes_on_and_keeps_what_was_typed(scene: Scene, run: Run, sign_in) -> None:
    browser = sign_in(scene.staff)
    form = page_of(browser.get(f"/genomforanden/nytt?checklista={scene.item.slug}"))
    assert form.main.find("a", href=run_path(run))
    assert form.find(attrs={"name": "darfor"})

    data = {"checklista": scene.item.slug, "plats": "Lokal 2", "client_id": "ny"}
    refused = browser.post("/genomforanden", data=data)
    again = page_of(refused)
    assert refused.status_code == 422
    assert ONE_MORE in again.get_text()
    assert again.find(attrs={"name": "plats"})["value"] == "Lokal 2"
    assert scene.session.scalar(select(func.count(Run.id))) == 1

    assert browser.post("/genomforanden", data=data | {"darfor": "Ett annat hot"}).status_code == 303


def test_somebody_of_another_unit_is_not_told_of_the_run(scene: Scene, run: Run, sign_in) -> None:
    shown = page_of(sign_in(scene.outsider).get(f"/genomforanden/nytt?checklista={scene.item.slug}"))

    assert run.public_id not in str(shown)
    assert not shown.find(attrs={"name": "darfor"})


def test_only_staff_of_the_unit_start_there(scene: Scene) -> None:
    other = make_unit(scene.session)
    for user, unit in ((scene.staff, other), (scene.outsider, scene.unit), (scene.administrator, scene.unit)):
        with pytest.raises(Forbidden):
            start_run(scene.session, scene.reading(), unit_id=unit.id, sent=Sent(scene.viewer(user)))


@pytest.mark.parametrize("place", ["Hemma hos 850709-1232", "x" * 121])
def test_a_place_that_will_not_do_is_refused(scene: Scene, place: str) -> None:
    with pytest.raises(Invalid) as caught:
        scene.start(place=place)

    assert caught.value.field == "place"


def test_the_start_is_audited_without_any_text_of_the_run(scene: Scene, run: Run) -> None:
    line = scene.session.scalars(select(AuditEvent).where(AuditEvent.name == "run.started")).one()

    assert line.subject == run.public_id
    assert line.data == {"unit": scene.unit.name, "checklist": scene.item.slug, "exercise": False}


def test_a_checklist_without_steps_is_not_started(scene: Scene) -> None:
    scene.item = make_item(scene.session, make_document("checklista", sections=()))

    with pytest.raises(Invalid, match="inga steg"):
        scene.start()

    assert scene.session.scalar(select(func.count(Run.id))) == 0


def test_a_run_keeps_and_shows_every_field_of_a_step(session, scene: Scene, sign_in) -> None:
    document = filled(Kind.CHECKLIST)
    scene.item = make_item(session, document)
    session.commit()
    run = scene.start()
    step, copy = next(document.steps()), run.steps[0]
    shown = " ".join(page_of(sign_in(scene.staff).get(run_path(run))).get_text(" ").split())

    unlike = {"id": "key", "critical": "is_critical"}
    told = {field.name for field in table(Step)} - {
        "short",
        "guidance",
    }  # the readers' time line; a link of its own
    assert {
        name for name in told if getattr(copy, unlike.get(name, name), None) != getattr(step, name)
    } == set()
    seen = {field.name for field in table(Step) if field.is_text} & told - {"deadline"}  # by the clock
    assert {name for name in seen if getattr(step, name) not in shown} == set()
