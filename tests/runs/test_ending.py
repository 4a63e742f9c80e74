"""Inviting, ending and disposing."""

import pytest
from sqlalchemy import func, select

from kb.audit.models import AuditEvent
from kb.errors import Conflict, Forbidden, Invalid, NotFound
from kb.runs.models import Run, RunEvent, RunMember, RunSection, RunStep
from kb.runs.operations import StepState
from kb.runs.queries import get_run
from kb.runs.services.changing import Sent
from kb.runs.services.ending import dispose, finish, invite
from kb.runs.services.operating import set_step_state
from tests.runs.conftest import Scene


def end(scene: Scene, run: Run, note: str = "Alla är hemma.") -> Run:
    return finish(
        scene.session,
        run,
        closing_note=note,
        diary_number="SN 2026/0123",
        sent=Sent(scene.viewer(scene.leader)),
    )


def test_an_invited_person_sees_and_works_in_the_run(scene: Scene, run: Run) -> None:
    by = scene.viewer(scene.leader)
    person = invite(scene.session, run, email=scene.outsider.email.upper(), sent=Sent(by))

    assert person is scene.outsider
    assert get_run(scene.session, scene.viewer(scene.outsider), run.public_id) is run
    set_step_state(scene.session, run, "ring", StepState.DONE, sent=Sent(scene.viewer(scene.outsider)))


def test_inviting_again_or_who_is_there_already_changes_nothing(scene: Scene, run: Run) -> None:
    by = scene.viewer(scene.leader)
    invite(scene.session, run, email=scene.outsider.email, sent=Sent(by))

    assert invite(scene.session, run, email=scene.outsider.email, sent=Sent(by)) is None
    assert invite(scene.session, run, email=scene.staff.email, sent=Sent(by)) is None
    assert scene.session.scalar(select(func.count(RunMember.id))) == 1


def test_an_invitation_sent_again_invites_nobody_else(scene: Scene, run: Run) -> None:
    by = scene.viewer(scene.leader)
    invite(scene.session, run, email=scene.outsider.email, sent=Sent(by, client_id="a"))
    lines = len(scene.session.scalars(select(RunEvent)).all())

    assert invite(scene.session, run, email=scene.administrator.email, sent=Sent(by, client_id="a")) is None
    assert scene.session.scalars(select(RunMember.user_id)).all() == [scene.outsider.id]
    assert len(scene.session.scalars(select(RunEvent)).all()) == lines


def test_only_people_with_an_account_are_invited(scene: Scene, run: Run) -> None:
    scene.outsider.is_closed = True
    for email in (scene.outsider.email, "ingen@kommun.example", ""):
        with pytest.raises(Invalid):
            invite(scene.session, run, email=email, sent=Sent(scene.viewer(scene.leader)))


def test_only_a_leader_of_the_unit_invites_and_ends(scene: Scene, run: Run) -> None:
    invite(scene.session, run, email=scene.outsider.email, sent=Sent(scene.viewer(scene.leader)))

    for user in (scene.staff, scene.outsider):
        by = scene.viewer(user)
        with pytest.raises(Forbidden):
            invite(scene.session, run, email=scene.administrator.email, sent=Sent(by))
        with pytest.raises(Forbidden):
            finish(scene.session, run, closing_note="Slut", diary_number="", sent=Sent(by))


def test_ending_stores_note_and_diary_number(scene: Scene, run: Run) -> None:
    end(scene, run)

    assert (run.closing_note, run.diary_number) == ("Alla är hemma.", "SN 2026/0123")
    assert run.ended_by_name == "Karin Krisledare"


def test_ending_with_critical_steps_open_needs_a_note(scene: Scene, run: Run) -> None:
    with pytest.raises(Invalid, match="Kritiska"):
        end(scene, run, note="")
    set_step_state(scene.session, run, "sakra", StepState.DONE, sent=Sent(scene.viewer(scene.staff)))

    assert end(scene, run, note="").is_ended


def test_ending_twice_is_a_conflict_but_sending_twice_is_not(scene: Scene, run: Run) -> None:
    by = scene.viewer(scene.leader)
    finish(scene.session, run, closing_note="Slut", diary_number="", sent=Sent(by, client_id="a"))
    ended_at = run.ended_at

    finish(scene.session, run, closing_note="Annat", diary_number="", sent=Sent(by, client_id="a"))
    with pytest.raises(Conflict):
        finish(scene.session, run, closing_note="Annat", diary_number="", sent=Sent(by, client_id="b"))
    assert (run.ended_at, run.closing_note) == (ended_at, "Slut")


def test_disposal_removes_all_content_and_keeps_the_decision(scene: Scene, run: Run) -> None:
    public_id, lines, head = end(scene, run).public_id, run.log_count, run.log_head
    scene.session.commit()
    dispose(scene.session, run, decision="Beslut 12/2026", by=scene.viewer(scene.administrator))
    scene.session.commit()

    for table in (Run, RunSection, RunStep, RunEvent, RunMember):
        assert scene.session.scalar(select(func.count()).select_from(table)) == 0
    line = scene.session.scalars(select(AuditEvent).where(AuditEvent.name == "run.disposed")).one()
    told = {"unit": scene.unit.name, "decision": "Beslut 12/2026", "lines": lines, "head": head}
    assert (line.subject, line.data) == (public_id, told)


def test_disposal_is_for_administrators_ended_runs_and_with_a_decision(scene: Scene, run: Run) -> None:
    administrator = scene.viewer(scene.administrator)
    with pytest.raises(Conflict):
        dispose(scene.session, run, decision="Beslut", by=administrator)
    end(scene, run)
    with pytest.raises(Invalid):
        dispose(scene.session, run, decision=" ", by=administrator)
    with pytest.raises(Forbidden):
        dispose(scene.session, run, decision="Beslut", by=scene.viewer(scene.leader))
    assert get_run(scene.session, scene.viewer(scene.staff), run.public_id) is run


def test_what_is_disposed_of_is_gone(scene: Scene, run: Run) -> None:
    end(scene, run)
    dispose(scene.session, run, decision="Beslut", by=scene.viewer(scene.administrator))

    with pytest.raises(NotFound):
        dispose(scene.session, run, decision="Beslut", by=scene.viewer(scene.administrator))
