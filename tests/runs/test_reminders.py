"""Mails about follow-ups and late steps: once, to those of the run's unit, whatever clocks, kills and backups do."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from kb import clock
from kb.accounts.roles import Role
from kb.jobs.models import Job
from kb.jobs.worker import recur
from kb.mail.models import MailMessage
from kb.mail.services import mark_sent
from kb.runs.followups.models import FollowUp
from kb.runs.followups.queries import list_open
from kb.runs.models import Run, RunStep
from kb.runs.operations import StepState
from kb.runs.reminders.models import LateNotice, MailChoice
from kb.runs.reminders.queries import Choice, get_choice
from kb.runs.reminders.services import choose, mail_follow_ups, mail_late_steps
from kb.runs.services.cancelling import cancel
from kb.runs.services.changing import Sent
from kb.runs.services.ending import dispose, invite
from kb.runs.services.following_up import move, tick
from kb.runs.services.operating import retime, set_step_state
from tests.factories import make_user
from tests.runs.conftest import Scene
from tests.runs.shown import end, words
from tests.runs.test_following_up import add

BOTH = Choice(late_steps=True, follow_ups=True)


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    """As in the worker: letters ask for addresses."""
    with app.app_context():
        yield


def mailed(scene: Scene) -> list[str]:
    """To whom, in order."""
    return sorted(scene.session.scalars(select(MailMessage.to)))


def letter(scene: Scene) -> MailMessage:
    return scene.session.scalars(select(MailMessage)).one()


def want(scene: Scene, *people, choice: Choice = BOTH) -> None:
    for person in people:
        choose(scene.session, choice, by=scene.viewer(person))


def on(moment: datetime):
    return time_machine.travel(moment, tick=False)


def late(scene: Scene, run: Run) -> datetime:
    """A moment when the second step is late, and the first one is done."""
    set_step_state(scene.session, run, "sakra", StepState.DONE, sent=Sent(scene.viewer(scene.staff)))
    return run.event_at + timedelta(minutes=17)


# Follow-ups


def test_the_mail_comes_in_the_morning_of_the_day_and_once(scene: Scene, run: Run) -> None:
    found = add(scene, run, mail_role=Role.LEADER.value)
    with on(found.mail_at - timedelta(seconds=1)):
        assert mail_follow_ups(scene.session) == 0
    for days in (0, 0, 1, 400):
        with on(found.mail_at + timedelta(days=days)):
            mail_follow_ups(scene.session)
    assert mailed(scene) == [scene.leader.email]


def test_the_mail_says_where_and_nothing_of_what(scene: Scene) -> None:
    run = scene.start(place="Hemma hos Siv")
    found = add(scene, run, "Ring Siv.", mail_role=Role.LEADER.value)
    with on(found.mail_at):
        mail_follow_ups(scene.session)
    told = letter(scene)
    assert f"/uppfoljningar/{found.public_id}" in told.body
    assert scene.unit.name in told.body
    for hidden in ("Siv", run.title):
        assert hidden not in told.subject + told.body


def test_an_exercise_says_so_in_the_mail(scene: Scene) -> None:
    found = add(scene, scene.start(is_exercise=True), mail_role=Role.LEADER.value)
    with on(found.mail_at):
        mail_follow_ups(scene.session)
    assert letter(scene).subject.startswith("ÖVNING: ")
    assert "Det här är en övning." in letter(scene).body


def test_a_duty_says_that_the_law_asks_for_it(scene: Scene, run: Run) -> None:
    end(scene, run)
    duty = scene.session.scalars(select(FollowUp)).one()
    with on(duty.mail_at):
        mail_follow_ups(scene.session)
    assert "Något som lagen kräver" in letter(scene).body


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("is_chosen", [True, False])
def test_only_who_sees_the_run_is_mailed(scene: Scene, run: Run, role, own, is_chosen) -> None:
    person = make_user(scene.session, role, unit=scene.unit if own else None)
    if is_chosen:
        want(scene, person)
    found = add(scene, run, mail_role=Role.LEADER.value)
    with on(max(found.mail_at, late(scene, run))):
        mail_follow_ups(scene.session)
        mail_late_steps(scene.session)

    about_late = scene.session.scalars(select(MailMessage).where(MailMessage.subject.contains("försen")))
    sees = own and role in (Role.STAFF, Role.LEADER)
    told_of_late = {message.to for message in about_late}
    assert told_of_late == ({person.email} if sees and is_chosen else set())
    told = mailed(scene).count(person.email) - (person.email in told_of_late)
    assert told == (sees and (is_chosen or role is Role.LEADER))
    assert scene.outsider.email not in mailed(scene)


def test_an_invited_person_who_chose_it_is_mailed_until_the_account_is_closed(scene: Scene, run: Run) -> None:
    invite(scene.session, run, email=scene.outsider.email, sent=Sent(scene.viewer(scene.leader)))
    want(scene, scene.outsider)
    first, second = add(scene, run), add(scene, run, due_at=clock.now() + timedelta(days=5))
    with on(first.mail_at):
        mail_follow_ups(scene.session)
    scene.outsider.is_closed = True
    with on(second.mail_at):
        assert mail_follow_ups(scene.session) == 1
    assert mailed(scene) == [scene.outsider.email]


def test_what_is_closed_before_the_day_is_not_mailed(scene: Scene, run: Run) -> None:
    found = add(scene, run, mail_role=Role.LEADER.value)
    tick(scene.session, found, sent=Sent(scene.viewer(scene.staff)))
    with on(found.mail_at):
        assert mail_follow_ups(scene.session) == 0


def test_nothing_remains_of_a_run_that_was_started_by_mistake(scene: Scene, run: Run) -> None:
    found = add(scene, run, mail_role=Role.LEADER.value)
    cancel(scene.session, run, reason="Fel lista.", sent=Sent(scene.viewer(scene.staff)))
    with on(found.mail_at):
        assert mail_follow_ups(scene.session) == 0
    assert list_open(scene.session, scene.viewer(scene.leader)) == []


def test_what_is_moved_is_mailed_on_the_new_day_too(scene: Scene, run: Run) -> None:
    found, sent = add(scene, run, mail_role=Role.LEADER.value), Sent(scene.viewer(scene.leader))
    first = found.due_at
    for due_at in (first, first + timedelta(days=2), first):  # moved away, and back again
        move(scene.session, found, due_at, reason="Ledigt.", sent=sent)
        with on(due_at):
            mail_follow_ups(scene.session)
    assert mailed(scene) == [scene.leader.email] * 3


def test_a_whole_heap_is_mailed(scene: Scene, run: Run, app, monkeypatch) -> None:
    monkeypatch.setattr("kb.runs.reminders.services.BATCH", 3)
    monkeypatch.setattr("kb.runs.reminders.jobs.BATCH", 3)
    for _ in range(7):
        add(scene, run, mail_role=Role.LEADER.value)
    with on(clock.now() + timedelta(days=2)):
        told = app.test_cli_runner().invoke(args=["runs", "remind"])
        again = app.test_cli_runner().invoke(args=["runs", "remind"])
    assert told.output.startswith("7 uppföljningar och 2 försenade steg")
    assert again.output.startswith("0 uppföljningar och 0 försenade steg")


ACTS = st.lists(
    st.sampled_from(["look", "look", "killed", "day", "back", "ahead", "send", "backup", "restore"]),
    max_size=14,
)


@given(ACTS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_one_message_is_made_and_it_is_made(scene: Scene, acts) -> None:
    """Many may leave (a restored backup, a server that breaks off), but with one Message-ID; and one always does."""
    run = scene.start()
    found = add(scene, run, mail_role=Role.LEADER.value)
    now, left, kept = found.mail_at - timedelta(hours=1), set[str](), None
    for act in [*acts, "truth", "look", "send"]:
        if act == "truth":
            now = max(now, found.mail_at + timedelta(minutes=5))
        now += {"day": timedelta(days=1), "back": -timedelta(days=9), "ahead": timedelta(days=400)}.get(
            act, timedelta(minutes=1)
        )
        with on(now):
            kept = _act(scene, found, act, left, kept)
    assert len(left) == 1
    scene.session.execute(delete(MailMessage))


def _act(scene: Scene, found: FollowUp, act: str, left: set[str], kept):
    session = scene.session
    if act in ("look", "killed"):
        step = session.begin_nested()
        mail_follow_ups(session)
        step.rollback() if act == "killed" else step.commit()
        session.expire_all()
    if act == "send":
        for message in session.scalars(select(MailMessage).where(MailMessage.sent_at.is_(None))):
            left.add(message.public_id)
            mark_sent(message)
    if act == "backup":
        return found.mailed_at, set(session.scalars(select(MailMessage.public_id)))
    if act == "restore" and kept is not None:
        found.mailed_at = kept[0]
        session.execute(delete(MailMessage).where(MailMessage.public_id.not_in(kept[1])))
        session.flush()
        session.expire_all()
    return kept


def test_the_worker_does_it_each_minute(scene: Scene, run: Run, app) -> None:
    outbox, database = app.extensions["jobs"], app.extensions["database"]
    (schedule,) = [found for found in outbox.schedules if found.name == "runs.remind"]
    assert schedule.every == timedelta(minutes=1)
    assert not schedule.by_each
    found = add(scene, run, mail_role=Role.LEADER.value)
    with on(found.mail_at):
        schedule.due_at = None
        recur(database, schedule)
        schedule.due_at = None
    scene.session.expire_all()
    assert mailed(scene) == [scene.leader.email]
    assert scene.session.scalar(select(func.count(Job.id)).where(Job.name == "mail.send")) == 1


# Late steps


def test_a_late_step_is_mailed_once_to_who_chose_it(scene: Scene, run: Run) -> None:
    want(scene, scene.staff, scene.outsider)
    want(scene, scene.leader, choice=Choice(follow_ups=True))
    moment = late(scene, run)
    with on(moment - timedelta(minutes=2)):
        assert mail_late_steps(scene.session) == 0
    for minutes in (0, 1, 600):
        with on(moment + timedelta(minutes=minutes)):
            mail_late_steps(scene.session)
    assert mailed(scene) == [scene.staff.email]
    assert "Steg 2 skulle vara klart" in letter(scene).body
    assert "2 minuter sent" in letter(scene).body
    assert "Ring chef" not in letter(scene).body


def test_a_step_that_is_late_again_is_not_told_again(scene: Scene, run: Run) -> None:
    want(scene, scene.staff)
    moment = late(scene, run)
    with on(moment):
        mail_late_steps(scene.session)
        was = clock.local(run.event_at)
        retime(
            scene.session,
            run,
            clock.local(moment).strftime("%H.%M"),
            reason="Fel.",
            sent=Sent(scene.viewer(scene.staff)),
        )
        assert mail_late_steps(scene.session) == 0
    with on(moment + timedelta(hours=1)):
        assert mail_late_steps(scene.session) == 0
    assert was < clock.local(run.event_at)
    assert len(mailed(scene)) == 1


def test_several_late_at_once_are_one_mail(scene: Scene, run: Run) -> None:
    want(scene, scene.staff)
    with on(run.event_at + timedelta(hours=5)):
        assert mail_late_steps(scene.session) == 2
    assert letter(scene).subject == "Flera steg är försenade i Rådrum"
    assert letter(scene).body.count("skulle vara klart") == 2


def test_who_chooses_later_is_not_told_of_old_ones(scene: Scene, run: Run) -> None:
    with on(late(scene, run)):
        assert mail_late_steps(scene.session) == 1
        want(scene, scene.staff)
        assert mail_late_steps(scene.session) == 0
    assert mailed(scene) == []


def test_nothing_is_late_in_a_run_that_has_ended(scene: Scene, run: Run) -> None:
    want(scene, scene.staff)
    end(scene, run)
    with on(clock.now() + timedelta(days=1)):
        assert mail_late_steps(scene.session) == 0


def test_disposal_takes_the_notices_too(scene: Scene, run: Run) -> None:
    with on(late(scene, run)):
        mail_late_steps(scene.session)
    end(scene, run)
    dispose(scene.session, run, decision="Beslut", by=scene.viewer(scene.administrator))
    assert scene.session.scalar(select(func.count(LateNotice.step_id))) == 0
    assert scene.session.scalar(select(func.count(RunStep.id))) == 0


def test_an_exercise_that_is_late_says_so(scene: Scene) -> None:
    want(scene, scene.staff)
    run = scene.start(is_exercise=True)
    with on(late(scene, run)):
        mail_late_steps(scene.session)
    assert letter(scene).subject == "ÖVNING: Ett steg är försenat i Rådrum"


# The choice


def test_nobody_has_chosen_anything_from_the_start(scene: Scene) -> None:
    assert get_choice(scene.session, scene.staff.id) == Choice()


def test_a_person_chooses_and_takes_it_back(scene: Scene, sign_in) -> None:
    browser = sign_in(scene.staff)
    assert "checked" not in browser.get("/konto/mejl").text
    assert browser.post("/konto/mejl", data={"forsenat": "y"}).status_code == 303
    assert get_choice(scene.session, scene.staff.id) == Choice(late_steps=True)
    assert browser.get("/konto/mejl").text.count("checked") == 1
    browser.post("/konto/mejl", data={})
    scene.session.expire_all()
    assert get_choice(scene.session, scene.staff.id) == Choice()
    assert scene.session.scalar(select(func.count(MailChoice.user_id))) == 1


def test_who_is_not_signed_in_chooses_nothing(client) -> None:
    assert client.get("/konto/mejl").status_code in (302, 303)


def test_the_start_page_says_what_is_late_in_words(scene: Scene, run: Run, sign_in) -> None:
    with on(late(scene, run)):
        shown = words(sign_in(scene.staff).get("/"))
    assert "Steg 2, Ring chef: skulle vara klart" in shown
    assert "2 minuter sent" in shown
