"""Follow-ups: made while a run goes on and when it ends, closed, moved, each with a line in the log."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from kb import clock
from kb.accounts.roles import Role
from kb.errors import Conflict, Forbidden, Invalid, NotFound
from kb.runs.followups.models import FollowUp
from kb.runs.followups.queries import get_follow_up
from kb.runs.models import Run, RunEvent
from kb.runs.operations import StepState
from kb.runs.services.cancelling import cancel
from kb.runs.services.changing import Sent
from kb.runs.services.ending import dispose, invite
from kb.runs.services.following_up import add_follow_up, add_proposed, move, tick
from kb.runs.services.operating import set_step_state
from tests.factories import make_user
from tests.runs.conftest import Scene
from tests.runs.shown import end, page, run_path, words

TOMORROW = timedelta(days=1)


def add(scene: Scene, run: Run, text: str = "Ring dem.", client_id: str | None = None, **values) -> FollowUp:
    sent = Sent(scene.viewer(scene.leader), client_id)
    due_at = values.pop("due_at", clock.now() + TOMORROW)
    found = add_follow_up(scene.session, run, text=text, due_at=due_at, sent=sent, **values)
    scene.session.commit()
    return found


def kinds(scene: Scene, run: Run) -> list[str]:
    query = select(RunEvent.kind).where(RunEvent.run_id == run.id).order_by(RunEvent.id)
    return [kind for kind in scene.session.scalars(query) if kind.startswith("followup")]


def left(scene: Scene) -> list[FollowUp]:
    return list(scene.session.scalars(select(FollowUp).order_by(FollowUp.id)))


def test_the_leader_adds_during_the_run_and_after_it(scene: Scene, run: Run) -> None:
    add(scene, run)
    end(scene, run)
    add(scene, run, "Samla gruppen.", mail_role=Role.STAFF.value)

    assert [found.text for found in left(scene) if not found.is_duty] == ["Ring dem.", "Samla gruppen."]
    assert kinds(scene, run) == ["followup_added"] * 3


def test_sent_again_is_made_once(scene: Scene, run: Run) -> None:
    add(scene, run, client_id="en")
    assert add(scene, run, "Annat.", client_id="en") is None
    assert len(left(scene)) == 1


@pytest.mark.parametrize(
    "values", [{"text": ""}, {"text": "x" * 301}, {"text": "Ring 19121212-1212"}, {"mail_role": "granskare"}]
)
def test_what_will_not_do_makes_nothing(scene: Scene, run: Run, values) -> None:
    with pytest.raises(Invalid):
        add(scene, run, **values)
    assert left(scene) == []


def test_only_the_leader_adds(scene: Scene, run: Run) -> None:
    with pytest.raises(Forbidden):
        add_follow_up(
            scene.session,
            run,
            text="Ring.",
            due_at=clock.now() + TOMORROW,
            sent=Sent(scene.viewer(scene.staff)),
        )


def test_nothing_is_followed_up_of_what_was_started_by_mistake(scene: Scene, run: Run, sign_in) -> None:
    cancel(scene.session, run, reason="misstag", sent=Sent(scene.viewer(scene.staff)))
    scene.session.commit()
    with pytest.raises(Conflict):
        add(scene, run)
    scene.session.rollback()
    browser, path = sign_in(scene.leader), run_path(run)

    assert f"{path}/uppfoljning" not in browser.get(path).text
    assert browser.get(f"{path}/uppfoljning").status_code == 409
    assert left(scene) == []


def test_ending_with_a_legal_duty_open_makes_a_follow_up_of_it(scene: Scene, run: Run) -> None:
    end(scene, run)
    (duty,) = left(scene)

    assert (duty.text, duty.provision, duty.step_key) == ("Anmäl.", "AML 3 kap. 3 a §", "anmal")
    assert duty.is_duty
    assert clock.local(duty.due_at).date() == clock.local(clock.now()).date() + TOMORROW


def test_a_duty_that_is_done_or_does_not_apply_remains_not(scene: Scene, run: Run) -> None:
    set_step_state(scene.session, run, "anmal", StepState.DONE, sent=Sent(scene.viewer(scene.staff)))
    end(scene, run)
    assert left(scene) == []


@pytest.mark.parametrize(
    ("legal", "sort", "remains"),
    [
        ("AML 3 kap. 3 a §", "ingen", True),
        ("", "lag", True),
        ("AML 6 kap. 7 § (tiden är råd)", "relativ", False),  # allows it, and demands nothing
        ("", "relativ", False),
    ],
)
def test_only_what_the_law_demands_is_a_duty(scene: Scene, run: Run, legal, sort, remains) -> None:
    step = next(step for step in run.steps if step.key == "anmal")
    step.legal, step.deadline_sort = legal, sort
    scene.session.commit()
    end(scene, run)
    assert bool(left(scene)) is remains


def test_a_duty_is_closed_with_a_note_only(scene: Scene, run: Run) -> None:
    end(scene, run)
    (duty,), sent = left(scene), Sent(scene.viewer(scene.staff))
    with pytest.raises(Invalid, match="Lagen"):
        tick(scene.session, duty, note="  ", sent=sent)
    assert not duty.is_done

    tick(scene.session, duty, note="Anmäld, nummer 2026-44.", sent=sent)
    assert (duty.note, duty.done_by_name) == ("Anmäld, nummer 2026-44.", "Milan Medarbetare")


def test_closing_twice_leaves_one_trace(scene: Scene, run: Run) -> None:
    found = add(scene, run)
    for user in (scene.staff, scene.leader):
        tick(scene.session, found, sent=Sent(scene.viewer(user)))
    assert found.done_by_name == "Milan Medarbetare"
    assert kinds(scene, run) == ["followup_added", "followup_done"]


def test_when_two_close_it_both_notes_stay(scene: Scene, run: Run) -> None:
    found = add(scene, run)
    for user, note in ((scene.staff, "Alla är ringda."), (scene.leader, "Anmäld, nummer 44.")):
        sent = Sent(scene.viewer(user), client_id=f"klar-{user.id}")
        for _ in range(2):
            tick(scene.session, found, note=note, sent=sent)

    assert found.note == f"Alla är ringda.\n{scene.leader.name}: Anmäld, nummer 44."
    assert found.done_by_name == "Milan Medarbetare"
    assert kinds(scene, run) == ["followup_added", "followup_done", "followup_done"]


def test_moving_needs_a_reason_and_says_what_it_was(scene: Scene, run: Run) -> None:
    found, sent = add(scene, run), Sent(scene.viewer(scene.staff))
    found.mailed_at = clock.now()
    scene.session.flush()
    later = clock.now() + timedelta(days=9)
    with pytest.raises(Invalid):
        move(scene.session, found, later, reason=" ", sent=sent)
    was = found.due_at
    move(scene.session, found, later, reason="Alla är lediga.", sent=sent)

    assert (found.due_at, found.mailed_at, found.moves) == (later, None, 1)
    line = scene.session.scalars(select(RunEvent).where(RunEvent.kind == "followup_moved")).one()
    assert (line.data["was"], line.data["reason"]) == (was.isoformat(), "Alla är lediga.")


def test_what_is_closed_is_not_moved(scene: Scene, run: Run) -> None:
    found, sent = add(scene, run), Sent(scene.viewer(scene.staff))
    tick(scene.session, found, sent=sent)
    with pytest.raises(Conflict):
        move(scene.session, found, clock.now() + TOMORROW, reason="Sent.", sent=sent)


def test_forms_of_one_that_was_closed_meanwhile_keep_what_was_typed(scene: Scene, run: Run, sign_in) -> None:
    found = add(scene, run)
    tick(scene.session, found, sent=Sent(scene.viewer(scene.staff)))
    scene.session.commit()
    browser, path = sign_in(scene.leader), f"/uppfoljningar/{found.public_id}"

    reason = "Alla är lediga till efter trettondagen, så vi ses först den veckan."
    for day in ("", "2026-12-24"):
        moved = browser.post(f"{path}/flytt", data={"dag": day, "orsak": reason})
        assert (moved.status_code, reason in moved.text) == (409, True)
    noted = browser.post(f"{path}/klar", data={"anteckning": "Anmäld. " * 200})
    assert (noted.status_code, len(page(noted).select_one("#anteckning").text) >= 1600) == (422, True)


def test_the_usual_ones_are_made_at_the_end_once(scene: Scene, run: Run) -> None:
    end(scene, run)
    sent = Sent(scene.viewer(scene.leader), client_id="slut")
    for _ in range(2):
        add_proposed(scene.session, run, ["7-dagar", "1-dag", "9-dagar"], sent=sent)
    with pytest.raises(Forbidden):
        add_proposed(scene.session, run, ["1-dag"], sent=Sent(scene.viewer(scene.staff)))
    days = [
        (clock.local(found.due_at).date() - clock.today()).days for found in left(scene) if not found.is_duty
    ]
    assert days == [1, 7]


def test_disposal_takes_the_follow_ups_too(scene: Scene, run: Run) -> None:
    add(scene, run)
    end(scene, run)
    dispose(scene.session, run, decision="Beslut", by=scene.viewer(scene.administrator))
    assert scene.session.scalar(select(func.count(FollowUp.id))) == 0


# Pages


def test_a_leader_makes_one_and_a_colleague_closes_it(scene: Scene, run: Run, sign_in) -> None:
    leader, staff = sign_in(scene.leader), sign_in(scene.staff)
    form = page(leader.get(f"{run_path(run)}/uppfoljning?om=7-dagar"))
    day = str(form.select_one("[name=dag]")["value"])
    assert (datetime.fromisoformat(day).date() - clock.today()).days == 7
    sent = {"vad": "Fråga hur alla mår.", "dag": day, "tid": "10:00", "mejl": "krisledare"}
    assert leader.post(f"{run_path(run)}/uppfoljning", data=sent).status_code == 303

    assert "Fråga hur alla mår." in words(staff.get(run_path(run)))
    assert "Fråga hur alla mår." in words(staff.get("/"))
    (found,) = left(scene)
    path = f"/uppfoljningar/{found.public_id}"
    assert "Mejlas Krisledare" in words(staff.get(path))
    assert staff.post(f"{path}/klar", data={"anteckning": "Alla mår bra."}).status_code == 303
    listed = words(staff.get("/uppfoljningar"))
    assert "Inget att följa upp" in listed
    assert "Alla mår bra." in listed
    assert "Följ upp den här veckan" not in words(staff.get("/"))
    assert "klar. Alla mår bra." in words(staff.get(f"{run_path(run)}/logg"))


def test_a_bad_form_is_shown_again_with_what_was_typed(scene: Scene, run: Run, sign_in) -> None:
    leader, found = sign_in(scene.leader), add(scene, run)
    path = f"/uppfoljningar/{found.public_id}"
    wrong = leader.post(f"{run_path(run)}/uppfoljning", data={"vad": "Ring dem.", "dag": "i morgon"})
    assert wrong.status_code == 422
    assert page(wrong).select_one("[name=vad]")["value"] == "Ring dem."
    moved = leader.post(f"{path}/flytt", data={"dag": "2099-01-01", "orsak": "För långt bort."})
    assert moved.status_code == 422
    assert page(moved).select_one("[name=orsak]")["value"] == "För långt bort."
    ticked = leader.post(f"{path}/klar", data={"anteckning": "x" * 10_000})
    assert ticked.status_code == 422
    assert not left(scene)[0].is_done


def test_ending_offers_the_usual_ones(scene: Scene, run: Run, sign_in) -> None:
    leader = sign_in(scene.leader)
    shown = page(leader.get(f"{run_path(run)}/avslut"))
    assert len(shown.select("[name=uppfoljningar]")) == 5
    data = {"client_id": "slut", "anteckning": "Slut.", "uppfoljningar": ["1-dag", "12-veckor"]}
    for _ in range(2):
        assert leader.post(f"{run_path(run)}/avslut", data=data).status_code == 303
    assert [found.is_duty for found in left(scene)] == [True, False, False]
    record = words(leader.get(f"{run_path(run)}/protokoll"))
    assert "Följ upp en sista gång." in record


def test_the_start_page_says_what_is_late(scene: Scene, run: Run, sign_in) -> None:
    add(scene, run)
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        shown = words(sign_in(scene.staff).get("/"))
    assert "Försenad 2 dagar" in shown


def test_the_start_page_leaves_out_what_is_far_ahead(scene: Scene, run: Run, sign_in) -> None:
    add(scene, run, due_at=clock.now() + timedelta(days=30))
    assert "Följ upp" not in words(sign_in(scene.staff).get("/"))


def test_an_exercise_says_so_everywhere(scene: Scene, sign_in) -> None:
    run = scene.start(is_exercise=True)
    found, staff = add(scene, run), sign_in(scene.staff)
    for path in ("/", "/uppfoljningar", f"/uppfoljningar/{found.public_id}"):
        assert "övning" in words(staff.get(path)).casefold()
    assert "ÖVNING" in staff.get("/uppfoljningar.ics").text


# Who sees them


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("own", [True, False])
def test_who_may_not_see_the_run_sees_no_follow_up_of_it(scene: Scene, run: Run, sign_in, role, own) -> None:
    found = add(scene, run, "Hemlig uppföljning.")
    person = make_user(scene.session, role, unit=scene.unit if own else None)
    sees = own and role in (Role.STAFF, Role.LEADER)
    browser, path = sign_in(person), f"/uppfoljningar/{found.public_id}"

    assert ("Hemlig uppföljning." in browser.get("/").text) is sees
    assert ("Hemlig uppföljning." in browser.get("/uppfoljningar").text) is sees
    assert (found.public_id in browser.get("/uppfoljningar.ics").text) is sees
    for address in (path, f"{path}.ics"):
        assert browser.get(address).status_code == (200 if sees else 404)
    wanted = 200 if own and role is Role.LEADER else 403 if sees else 404
    assert browser.get(f"{run_path(run)}/uppfoljning").status_code == wanted
    assert browser.post(f"{path}/flytt", data={}).status_code == (422 if sees else 404)
    assert browser.post(f"{path}/klar", data={}).status_code == (303 if sees else 404)


def test_who_is_not_signed_in_is_asked_to(scene: Scene, run: Run, client) -> None:
    path = f"/uppfoljningar/{add(scene, run, 'Hemlig.').public_id}"
    for address in ("/uppfoljningar", "/uppfoljningar.ics", path, f"{path}.ics"):
        answer = client.get(address)
        assert answer.status_code in (302, 303)
    assert "Hemlig." not in client.get("/").text


def test_an_invited_person_sees_those_of_the_run_alone(scene: Scene, run: Run) -> None:
    mine, other = add(scene, run), add(scene, scene.start())
    invite(scene.session, run, email=scene.outsider.email, sent=Sent(scene.viewer(scene.leader)))
    viewer = scene.viewer(scene.outsider)
    assert get_follow_up(scene.session, viewer, mine.public_id) is mine
    with pytest.raises(NotFound):
        get_follow_up(scene.session, viewer, other.public_id)


def test_a_clock_that_went_back_changes_no_day(scene: Scene, run: Run) -> None:
    found = add(scene, run)
    due_at = found.due_at
    with time_machine.travel(datetime(2025, 1, 1, tzinfo=UTC), tick=False):
        tick(scene.session, found, sent=Sent(scene.viewer(scene.leader)))
    assert (found.due_at, found.is_done) == (due_at, True)
