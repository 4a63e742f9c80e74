"""Taking back what was started by mistake, and ending by staff where nothing critical is open."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from kb.audit.models import AuditEvent
from kb.errors import Conflict, Forbidden, Invalid
from kb.runs.log.verifying import Checked, verify
from kb.runs.models import Run, RunEvent
from kb.runs.operations import StepState
from kb.runs.queries import list_cancelled, page_disposable, page_ended, running_for
from kb.runs.services.cancelling import cancel
from kb.runs.services.changing import Sent
from kb.runs.services.ending import finish, invite
from kb.runs.services.operating import set_step_state
from tests.runs.conftest import Scene, SignIn
from tests.runs.shown import page, run_path, words


def cancelled(scene: Scene, run: Run, client_id: str | None = None) -> Run:
    sent = Sent(scene.viewer(scene.staff), client_id)
    return cancel(scene.session, run, reason="misstag", sent=sent)


def close_critical(scene: Scene, run: Run) -> None:
    for step in run.steps:
        if step.is_critical:
            set_step_state(
                scene.session, run, step.key, StepState.DONE, sent=Sent(scene.viewer(scene.leader))
            )
    scene.session.commit()


def test_who_started_it_takes_it_back_and_it_is_kept_and_marked(
    scene: Scene, run: Run, sign_in: SignIn
) -> None:
    browser, path = sign_in(scene.staff), run_path(run)
    assert page(browser.get(path)).select_one(f'a[href="{path}/avbrott"]')
    form = page(browser.get(f"{path}/avbrott"))
    assert form.select_one("#orsak")["value"] == "Startad av misstag"

    without = browser.post(f"{path}/avbrott", data={"orsak": " "})
    done = browser.post(f"{path}/avbrott", data={"orsak": "Misstag"})

    assert (without.status_code, done.status_code) == (422, 303)
    shown = words(browser.get(done.location))
    assert "räknas inte" in shown
    assert "av Milan Medarbetare: Misstag" in shown
    assert "avbröt genomförandet: Misstag" in words(browser.get(f"{path}/logg"))
    assert "Avbruten" in words(browser.get(f"{path}/protokoll"))
    listed = page(browser.get("/genomforanden"))
    assert listed.select_one("#avbrutna")
    assert listed.select_one("#avslutade") is None
    assert browser.post(f"{path}/steg/ring/lage", data={"lage": "klart"}).status_code == 409
    assert browser.post(f"{path}/avbrott", data={"orsak": "Igen"}).status_code == 409
    assert scene.session.scalars(select(AuditEvent.name)).all().count("run.cancelled") == 1


def test_it_stands_in_no_list_of_ended_ones_but_can_be_disposed_of(scene: Scene, run: Run) -> None:
    cancelled(scene, run)
    viewer = scene.viewer(scene.staff)

    assert running_for(scene.session, viewer) == []
    assert page_ended(scene.session, viewer, 1).items == []
    assert list_cancelled(scene.session, viewer) == [run]
    assert list_cancelled(scene.session, scene.viewer(scene.outsider)) == []
    assert [row.public_id for row in page_disposable(scene.session, 1).items] == [run.public_id]
    found = verify(scene.session, run.public_id)
    assert isinstance(found, Checked)
    assert found.problems == ()


@pytest.mark.parametrize(("minutes", "may"), [(0, True), (29, True), (31, False), (600, False)])
def test_it_may_be_taken_back_for_half_an_hour(
    scene: Scene, run: Run, sign_in: SignIn, minutes: int, may: bool
) -> None:
    browser, path = sign_in(scene.staff), run_path(run)
    with time_machine.travel(run.started_at + timedelta(minutes=minutes), tick=False):
        link = page(browser.get(path)).select_one(f'a[href="{path}/avbrott"]')
        assert (link is not None) is may
        assert browser.get(f"{path}/avbrott").status_code == (200 if may else 403)
        sent = browser.post(f"{path}/avbrott", data={"orsak": "Misstag"})
    assert sent.status_code == (303 if may else 403)
    scene.session.refresh(run)
    assert run.is_cancelled is may


def test_only_who_started_it_takes_it_back(scene: Scene, run: Run, sign_in: SignIn) -> None:
    path = run_path(run)
    for user in (scene.leader, scene.administrator, scene.outsider):
        expected = 403 if user is scene.leader else 404
        assert sign_in(user).get(f"{path}/avbrott").status_code == expected
        assert sign_in(user).post(f"{path}/avbrott", data={"orsak": "x"}).status_code == expected
    with pytest.raises(Invalid):
        cancel(scene.session, run, reason="19900101-1017", sent=Sent(scene.viewer(scene.staff)))
    assert not run.is_ended


def test_sent_again_it_is_taken_back_once(scene: Scene, run: Run) -> None:
    for _ in range(3):
        cancelled(scene, run, "a")
    lines = select(func.count(RunEvent.id)).where(RunEvent.kind == "cancelled")
    assert scene.session.scalar(lines) == 1
    with pytest.raises(Conflict):
        finish(
            scene.session, run, closing_note="Slut", diary_number="", sent=Sent(scene.viewer(scene.leader))
        )


def test_staff_end_what_has_no_critical_step_open(scene: Scene, run: Run, sign_in: SignIn) -> None:
    browser, path = sign_in(scene.staff), run_path(run)
    assert page(browser.get(path)).select_one(f'a[href="{path}/avslut"]') is None
    assert browser.post(f"{path}/avslut", data={"anteckning": "Slut"}).status_code == 403
    close_critical(scene, run)

    assert page(browser.get(path)).select_one(f'a[href="{path}/avslut"]')
    assert browser.get(f"{path}/avslut").status_code == 200
    assert browser.post(f"{path}/avslut", data={"anteckning": ""}).status_code == 303
    scene.session.refresh(run)
    assert run.ended_by_name == "Milan Medarbetare"


def test_who_is_invited_from_elsewhere_ends_nothing(scene: Scene, run: Run, sign_in: SignIn) -> None:
    invite(scene.session, run, email=scene.outsider.email, sent=Sent(scene.viewer(scene.leader)))
    close_critical(scene, run)
    browser, path = sign_in(scene.outsider), run_path(run)

    assert page(browser.get(path)).select_one(f'a[href="{path}/avslut"]') is None
    for part in ("/avslut", "/avbrott"):
        assert browser.get(path + part).status_code == 403
        assert browser.post(path + part, data={"anteckning": "x", "orsak": "x"}).status_code == 403


def test_a_critical_step_that_is_opened_again_meanwhile_stops_staff(scene: Scene, run: Run) -> None:
    close_critical(scene, run)
    sent = Sent(scene.viewer(scene.leader))
    set_step_state(scene.session, run, "sakra", StepState.OPEN, sent=sent)

    with pytest.raises(Forbidden):
        finish(scene.session, run, closing_note="Slut", diary_number="", sent=Sent(scene.viewer(scene.staff)))
