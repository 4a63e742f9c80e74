"""Steps get states, people and notes; nothing is lost, nothing is done twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kb import clock
from kb.accounts.roles import Role
from kb.errors import Conflict, Forbidden, Invalid, NotFound
from kb.runs.models import Run, RunEvent, RunStep
from kb.runs.operations import StepState
from kb.runs.services.changing import Sent
from kb.runs.services.ending import finish
from kb.runs.services.operating import add_note, assign, set_step_state
from tests.factories import make_user
from tests.runs.conftest import Scene


def find_step(scene: Scene, run: Run, key: str) -> RunStep:
    return scene.session.scalars(select(RunStep).where(RunStep.run_id == run.id, RunStep.key == key)).one()


def kinds(scene: Scene, run: Run) -> list[str]:
    return list(
        scene.session.scalars(select(RunEvent.kind).where(RunEvent.run_id == run.id).order_by(RunEvent.id))
    )


def test_a_tick_says_who_and_when_by_both_clocks(scene: Scene, run: Run) -> None:
    device_at = clock.now() - timedelta(minutes=30)

    set_step_state(
        scene.session, run, "ring", StepState.DONE, sent=Sent(scene.viewer(scene.leader), device_at=device_at)
    )

    step = find_step(scene, run, "ring")
    assert (step.state, step.state_by_name, step.state_device_at) == ("done", "Karin Krisledare", device_at)
    assert step.state_at is not None
    assert step.state_at > device_at


def test_sending_twice_changes_nothing_and_answers_the_same(scene: Scene, run: Run) -> None:
    by = scene.viewer(scene.staff)
    first = set_step_state(scene.session, run, "ring", StepState.DONE, sent=Sent(by, client_id="a"))
    set_step_state(scene.session, run, "ring", StepState.OPEN, sent=Sent(by, client_id="b"))
    again = set_step_state(scene.session, run, "ring", StepState.DONE, sent=Sent(by, client_id="a"))

    assert again is first
    assert again.state == "open"
    assert kinds(scene, run) == ["started", "done", "open"]


@pytest.mark.parametrize("client_id", ["x" * 121, "a b", "å", "a\x00"])
def test_an_odd_client_id_is_refused(scene: Scene, run: Run, client_id: str) -> None:
    with pytest.raises(Invalid):
        set_step_state(
            scene.session,
            run,
            "ring",
            StepState.DONE,
            sent=Sent(scene.viewer(scene.staff), client_id=client_id),
        )


def test_two_marks_of_one_step_keep_the_first_and_log_both(scene: Scene, run: Run) -> None:
    set_step_state(scene.session, run, "ring", StepState.DONE, sent=Sent(scene.viewer(scene.staff)))
    set_step_state(scene.session, run, "ring", StepState.DONE, sent=Sent(scene.viewer(scene.leader)))

    assert find_step(scene, run, "ring").state_by_name == "Milan Medarbetare"
    assert kinds(scene, run) == ["started", "done", "done"]


def test_an_undone_tick_leaves_its_trace(scene: Scene, run: Run) -> None:
    by = scene.viewer(scene.staff)
    set_step_state(scene.session, run, "ring", StepState.DONE, sent=Sent(by))
    set_step_state(scene.session, run, "ring", StepState.OPEN, sent=Sent(by))

    assert find_step(scene, run, "ring").state == "open"
    assert kinds(scene, run) == ["started", "done", "open"]


def test_skipping_needs_a_reason(scene: Scene, run: Run) -> None:
    with pytest.raises(Invalid, match="varför"):
        set_step_state(
            scene.session, run, "ring", StepState.SKIPPED, sent=Sent(scene.viewer(scene.staff)), reason="  "
        )

    assert find_step(scene, run, "ring").state == "open"


def test_skipping_a_critical_step_needs_a_leader(scene: Scene, run: Run) -> None:
    skipped = StepState.SKIPPED
    with pytest.raises(Forbidden):
        set_step_state(
            scene.session, run, "sakra", skipped, sent=Sent(scene.viewer(scene.staff)), reason="Alla är ute"
        )

    set_step_state(
        scene.session, run, "sakra", skipped, sent=Sent(scene.viewer(scene.leader)), reason="Alla är ute"
    )

    assert find_step(scene, run, "sakra").skip_reason == "Alla är ute"


def test_both_notes_are_kept(scene: Scene, run: Run) -> None:
    add_note(scene.session, run, "ring", "Rum 214.", sent=Sent(scene.viewer(scene.staff)))
    add_note(scene.session, run, "ring", "Rum 215.", sent=Sent(scene.viewer(scene.leader)))

    notes = scene.session.scalars(
        select(RunEvent).where(RunEvent.kind == "noted").order_by(RunEvent.id)
    ).all()
    assert [note.data["text"] for note in notes] == ["Rum 214.", "Rum 215."]


@pytest.mark.parametrize(
    "text", ["", "   ", "Klienten 19850709-1232 ringde", "x" * 1001], ids=["empty", "blank", "id", "long"]
)
def test_a_note_that_will_not_do_is_refused(scene: Scene, run: Run, text: str) -> None:
    with pytest.raises(Invalid) as caught:
        add_note(scene.session, run, "ring", text, sent=Sent(scene.viewer(scene.staff)))

    assert caught.value.field == "text"
    assert kinds(scene, run) == ["started"]


def test_a_step_is_given_to_a_person_of_the_unit_or_to_a_role(scene: Scene, run: Run) -> None:
    by = scene.viewer(scene.staff)
    person = assign(scene.session, run, "ring", "karin krisledare", sent=Sent(by))
    role = assign(scene.session, run, "anmal", "Skyddsombudet", sent=Sent(by))

    assert (person.assigned_role, person.assigned_user_id) == ("Karin Krisledare", scene.leader.id)
    assert (role.assigned_role, role.assigned_user_id) == ("Skyddsombudet", None)


def test_a_name_that_two_of_the_unit_have_means_neither_of_them(scene: Scene, run: Run) -> None:
    make_user(scene.session, Role.STAFF, unit=scene.unit, name="Karin Krisledare")
    scene.session.flush()

    step = assign(scene.session, run, "ring", "karin krisledare", sent=Sent(scene.viewer(scene.staff)))

    assert (step.assigned_role, step.assigned_user_id) == ("karin krisledare", None)


def test_an_assignment_sent_again_changes_nothing(scene: Scene, run: Run) -> None:
    by = scene.viewer(scene.staff)
    assign(scene.session, run, "ring", "Skyddsombudet", sent=Sent(by, client_id="a"))
    assign(scene.session, run, "ring", "Chefen", sent=Sent(by, client_id="b"))

    again = assign(scene.session, run, "ring", "Skyddsombudet", sent=Sent(by, client_id="a"))

    assert again.assigned_role == "Chefen"
    assert kinds(scene, run) == ["started", "assigned", "assigned"]


@pytest.mark.parametrize("key", ["ring", None])
def test_a_note_sent_again_is_kept_once(scene: Scene, run: Run, key: str | None) -> None:
    by = scene.viewer(scene.staff)

    for text in ("Rum 214.", "Rum 214.", "Rum 215."):
        add_note(scene.session, run, key, text, sent=Sent(by, client_id="a"))

    lines = scene.session.scalars(select(RunEvent).where(RunEvent.kind == "noted")).all()
    assert [(line.data["text"], line.step_key, line.client_id) for line in lines] == [
        ("Rum 214.", key or "", "a")
    ]


def test_what_was_sent_before_the_end_is_answered_after_it(scene: Scene, run: Run) -> None:
    by = scene.viewer(scene.leader)
    note, step = Sent(by, client_id="a"), Sent(by, client_id="b")
    add_note(scene.session, run, None, "Alla är hemma.", sent=note)
    set_step_state(scene.session, run, "ring", StepState.DONE, sent=step)
    finish(scene.session, run, closing_note="Klart.", diary_number="", sent=Sent(by))
    before = kinds(scene, run)

    add_note(scene.session, run, None, "Alla är hemma.", sent=note)

    assert set_step_state(scene.session, run, "ring", StepState.DONE, sent=step).state == "done"
    assert kinds(scene, run) == before


def test_a_reason_can_be_given_for_a_step_that_an_answer_ruled_out(scene: Scene) -> None:
    run = scene.start(answers={"Om mötet filmades": "nej"})
    by = scene.viewer(scene.leader)
    assert find_step(scene, run, "film").is_ruled_out

    set_step_state(scene.session, run, "film", StepState.SKIPPED, sent=Sent(by), reason="Ingen kamera")

    step = find_step(scene, run, "film")
    assert (step.state, step.skip_reason, step.state_by_name) == (
        "skipped",
        "Ingen kamera",
        "Karin Krisledare",
    )
    assert not step.is_ruled_out


def test_a_second_reason_leaves_the_first(scene: Scene, run: Run) -> None:
    for user, reason in ((scene.staff, "Ingen kamera"), (scene.leader, "Annat")):
        sent = Sent(scene.viewer(user))
        set_step_state(scene.session, run, "film", StepState.SKIPPED, sent=sent, reason=reason)

    step = find_step(scene, run, "film")
    assert (step.skip_reason, step.state_by_name) == ("Ingen kamera", "Milan Medarbetare")


def test_a_step_that_is_not_there_is_not_found(scene: Scene, run: Run) -> None:
    with pytest.raises(NotFound):
        set_step_state(scene.session, run, "finns-inte", StepState.DONE, sent=Sent(scene.viewer(scene.staff)))


def test_who_does_not_see_the_run_cannot_change_it(scene: Scene, run: Run) -> None:
    for user in (scene.outsider, scene.administrator):
        with pytest.raises(NotFound):
            set_step_state(scene.session, run, "ring", StepState.DONE, sent=Sent(scene.viewer(user)))


def test_an_ended_run_is_never_changed(scene: Scene, run: Run) -> None:
    by = scene.viewer(scene.leader)
    finish(scene.session, run, closing_note="Klart.", diary_number="", sent=Sent(by))
    before = kinds(scene, run)

    for change in (
        lambda: set_step_state(scene.session, run, "ring", StepState.DONE, sent=Sent(by)),
        lambda: assign(scene.session, run, "ring", "Chef", sent=Sent(by)),
        lambda: add_note(scene.session, run, None, "Mer", sent=Sent(by)),
    ):
        with pytest.raises(Conflict):
            change()
    assert kinds(scene, run) == before


def test_a_line_of_the_log_cannot_be_changed(scene: Scene, run: Run) -> None:
    line = scene.session.scalars(select(RunEvent).where(RunEvent.run_id == run.id)).one()
    line.actor_name = "Någon annan"

    with pytest.raises(RuntimeError, match="must not be changed"):
        scene.session.flush()
