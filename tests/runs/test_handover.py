"""The lead of a run is handed over: a brief, confirmed by the receiver, said on the run until then, taken back."""

from datetime import timedelta
from typing import Any, cast

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from kb import clock
from kb.accounts.roles import Role
from kb.errors import Conflict, Forbidden, Invalid
from kb.runs.handover.brief import DECISIONS, LONGEST, NOTES, STEPS, is_binding, make_brief
from kb.runs.handover.models import Handover, HandoverState
from kb.runs.handover.queries import lead_of, waiting_of
from kb.runs.models import Run, RunEvent
from kb.runs.operations import StepState, Times
from kb.runs.services.changing import RunEnded, Sent
from kb.runs.services.ending import dispose, invite
from kb.runs.services.entries import Entry, add_entry, correct
from kb.runs.services.handing_over import confirm, offer, take_back
from kb.runs.services.operating import add_note, set_step_state
from tests.factories import make_user
from tests.runs.conftest import Scene
from tests.runs.shown import end, page, run_path, words
from tests.runs.test_following_up import add


def hand(
    scene: Scene, run: Run, to: str = "Chef i beredskap", client_id: str | None = None, **values
) -> Handover:
    sent = Sent(scene.viewer(values.pop("by", scene.leader)), client_id)
    found = offer(scene.session, run, to=to, sent=sent, **values)
    scene.session.commit()
    return found


def note(scene: Scene, run: Run, text: str, key: str | None = None) -> None:
    add_note(scene.session, run, key, text, sent=Sent(scene.viewer(scene.staff)))


def kinds(scene: Scene, run: Run) -> list[str]:
    query = select(RunEvent.kind).where(RunEvent.run_id == run.id).order_by(RunEvent.id)
    return [kind for kind in scene.session.scalars(query) if kind.startswith("handover")]


def who_leads(scene: Scene, run: Run) -> str:
    return lead_of(scene.session, run, clock.now()).words


# The rules


def test_the_lead_changes_when_the_receiver_confirms_and_not_before(scene: Scene, run: Run) -> None:
    assert who_leads(scene, run) == "Milan Medarbetare"
    found = hand(scene, run)
    assert who_leads(scene, run) == "Milan Medarbetare"
    confirm(scene.session, found, name="Chef i beredskap", sent=Sent(scene.viewer(scene.staff)))

    assert who_leads(scene, run) == "Milan Medarbetare, Chef i beredskap"
    assert found.state == HandoverState.CONFIRMED
    assert kinds(scene, run) == ["handover_offered", "handover_taken"]


def test_who_hands_over_cannot_confirm(scene: Scene, run: Run) -> None:
    found = hand(scene, run)
    with pytest.raises(Forbidden):
        confirm(scene.session, found, name="Jag", sent=Sent(scene.viewer(scene.leader)))
    assert found.state == HandoverState.OFFERED


def test_a_named_member_alone_can_confirm(scene: Scene, run: Run) -> None:
    other = make_user(scene.session, Role.LEADER, unit=scene.unit, name="Lena Ledare")
    found = hand(scene, run, "lena ledare")
    with pytest.raises(Forbidden, match="lena ledare"):
        confirm(scene.session, found, name="Milan", sent=Sent(scene.viewer(scene.staff)))
    confirm(scene.session, found, name="Lena Ledare", sent=Sent(scene.viewer(other)))
    assert who_leads(scene, run) == "Lena Ledare"


def test_who_leads_by_handover_hands_it_on(scene: Scene, run: Run) -> None:
    mate = make_user(scene.session, Role.STAFF, unit=scene.unit, name="Siri Skift")
    with pytest.raises(Forbidden):
        hand(scene, run, by=mate)
    confirm(scene.session, hand(scene, run), name="Siri", sent=Sent(scene.viewer(mate)))
    assert hand(scene, run, "Nattchefen", by=mate).offered_by_name == "Siri Skift"


def test_who_has_handed_it_over_leads_no_more(scene: Scene, run: Run) -> None:
    confirm(
        scene.session, hand(scene, run, by=scene.staff), name="Karin", sent=Sent(scene.viewer(scene.leader))
    )
    with pytest.raises(Forbidden):
        hand(scene, run, by=scene.staff)


def test_one_waits_at_a_time_and_is_taken_back(scene: Scene, run: Run) -> None:
    found = hand(scene, run)
    with pytest.raises(Invalid, match="Ta tillbaka"):
        hand(scene, run, "Nattchefen")
    with pytest.raises(Forbidden):
        take_back(scene.session, found, sent=Sent(scene.viewer(scene.staff)))
    take_back(scene.session, found, sent=Sent(scene.viewer(scene.leader)))

    assert waiting_of(scene.session, run) is None
    assert who_leads(scene, run) == "Milan Medarbetare"
    assert kinds(scene, run) == ["handover_offered", "handover_back"]
    assert hand(scene, run, "Nattchefen").state == HandoverState.OFFERED


def test_what_is_answered_is_not_answered_again(scene: Scene, run: Run) -> None:
    found, staff = hand(scene, run), scene.viewer(scene.staff)
    confirm(scene.session, found, name="Milan", sent=Sent(staff, "a"))
    confirm(scene.session, found, name="Milan", sent=Sent(staff, "a"))
    for act in (
        lambda s: confirm(scene.session, found, name="x", sent=s),
        lambda s: take_back(scene.session, found, sent=s),
    ):
        with pytest.raises(Conflict):
            act(Sent(staff, "b"))
    assert len(kinds(scene, run)) == 2


def test_sent_again_is_offered_once(scene: Scene, run: Run) -> None:
    assert hand(scene, run, client_id="en") is hand(scene, run, client_id="en")
    assert scene.session.scalar(select(func.count(Handover.id))) == 1


@pytest.mark.parametrize("to", ["", "x" * 81, "Karin Krisledare", "19121212-1212"])
def test_what_will_not_do_is_refused(scene: Scene, run: Run, to: str) -> None:
    with pytest.raises(Invalid):
        hand(scene, run, to)


def test_nothing_is_handed_over_in_a_run_that_has_ended(scene: Scene, run: Run) -> None:
    found = hand(scene, run)
    end(scene, run)
    with pytest.raises(RunEnded):
        confirm(scene.session, found, name="Milan", sent=Sent(scene.viewer(scene.staff)))
    with pytest.raises(RunEnded):
        hand(scene, run)
    dispose(scene.session, run, decision="Beslut", by=scene.viewer(scene.administrator))
    assert scene.session.scalar(select(func.count(Handover.id))) == 0


# The brief


def brief(scene: Scene, run: Run, follow_ups=()) -> dict[str, Any]:
    scene.session.flush()
    scene.session.expire_all()
    return make_brief(run, follow_ups, clock.now())


def test_critical_steps_come_first_and_done_ones_not_at_all(scene: Scene, run: Run) -> None:
    set_step_state(scene.session, run, "ring", StepState.DONE, sent=Sent(scene.viewer(scene.staff)))
    found = brief(scene, run)
    assert [row["number"] for row in found["steps"]["rows"]] == [1, 3, 4]
    assert [row["critical"] for row in found["steps"]["rows"]] == [True, False, False]
    assert (found["done"], found["total"]) == (1, 4)


def test_decisions_and_promises_in_notes_are_told_apart(scene: Scene, run: Run) -> None:
    note(scene, run, "Vi lovade ringa familjen\nföre 18.", "ring")
    note(scene, run, "Receptionen är stängd.")
    note(scene, run, "Beslutat att stänga i morgon.")
    found = brief(scene, run)
    assert [row["text"] for row in found["decisions"]["rows"]] == [
        "Beslutat att stänga i morgon.",
        "Steg 2: Vi lovade ringa familjen före 18.",
    ]
    assert [row["text"] for row in found["notes"]["rows"]] == ["Receptionen är stängd."]


def test_a_decision_of_the_log_and_when_it_is_looked_at_again_are_told(scene: Scene, run: Run) -> None:
    sent, later = Sent(scene.viewer(scene.staff)), clock.local(clock.now() + timedelta(days=1))
    entry = Entry(kind="beslut", text="Stänger.", review_at=later.strftime("%Y-%m-%dT%H:%M"))
    add_entry(scene.session, run, entry, sent=sent)
    line = scene.session.scalars(select(RunEvent).where(RunEvent.kind == "beslut")).one()
    assert brief(scene, run)["times"]["rows"][-1]["text"] == "Se över beslutet: Stänger."
    corrected = Entry(kind="beslut", text="Stänger i tre dagar.")
    correct(scene.session, run, line.number, corrected, sent=sent)
    found = brief(scene, run)
    assert [row["text"] for row in found["decisions"]["rows"]] == ["Stänger i tre dagar."]
    assert "Se över beslutet: Stänger." not in [row["text"] for row in found["times"]["rows"]]


@pytest.mark.parametrize(
    ("text", "binds"),
    [
        ("Vi kom överens om mötet.", True),
        ("Anna återkommer kl. 15.", True),
        ("Löfte: skjuts hem.", True),
        ("Jag hör av mig.", True),
        ("Lovisa har ringt.", False),
        ("Obeslutsam stämning.", False),
    ],
)
def test_what_binds_is_seen_by_its_words(text: str, binds: bool) -> None:
    assert is_binding(text) is binds


@given(st.lists(st.text(min_size=1, max_size=1000), max_size=30), st.integers(1, 40))
def test_whatever_was_written_the_brief_is_short(texts, steps) -> None:
    events = [_Line(number, text) for number, text in enumerate(texts, 1)]
    run = _Run([_Step(n) for n in range(1, steps + 1)], events)
    found = make_brief(cast("Run", run), [], clock.now())
    for part, most in (("steps", STEPS), ("decisions", DECISIONS), ("notes", NOTES)):
        rows = found[part]["rows"]
        assert len(rows) <= most
        assert all(len(row["text"]) <= LONGEST + len("Steg 99: ") for row in rows)
    assert found["steps"]["more"] == max(0, steps - STEPS)
    assert sum(len(found[p]["rows"]) + found[p]["more"] for p in ("decisions", "notes")) == len(texts)


class _Line:
    kind, step_key, actor_name, server_at = "noted", "", "Milan", clock.now()

    def __init__(self, number: int, text: str) -> None:
        self.number, self.data = number, {"text": text}


class _Step:
    state, minutes, deadline_sort, deadline, assigned_role, role = "open", None, "ingen", "", "", "Chef"

    def __init__(self, position: int) -> None:
        self.position, self.text, self.is_critical = position, "Gör det här nu. " * 40, position % 2 == 0
        self.key = str(position)


class _Run:
    times = Times(clock.now(), clock.now())

    def __init__(self, steps, events) -> None:
        self.steps, self.events = steps, events


def test_times_to_come_and_follow_ups_are_told(scene: Scene, run: Run) -> None:
    add(scene, run, "Samla gruppen.")
    found = hand(scene, run).brief
    assert [row["text"] for row in found["times"]["rows"]] == ["Steg 2: Ring chef."]
    assert [row["text"] for row in found["follow_ups"]["rows"]] == ["Samla gruppen."]


# Pages


def test_it_is_handed_over_by_forms(scene: Scene, run: Run, sign_in) -> None:
    leader, staff = sign_in(scene.leader), sign_in(scene.staff)
    note(scene, run, "Vi lovade skjuts hem.")
    assert "Lämna över" in words(leader.get(run_path(run)))
    sent = {"till": "Nattchefen", "meddelande": "Ring vakten först.", "client_id": "en"}
    made = leader.post(f"{run_path(run)}/overlamning", data=sent)
    assert made.status_code == 303
    path = made.location

    told = words(leader.get(path))
    assert "Ring vakten först." in told
    assert "Vi lovade skjuts hem." in told
    assert "Jag tar över" not in told
    assert leader.get(f"{run_path(run)}/overlamning").location == path
    assert "lämnade över till Nattchefen" in words(staff.get(run_path(run)))

    wrong = staff.post(f"{path}/bekraftelse", data={"namn": ""})
    assert wrong.status_code == 422
    assert staff.post(f"{path}/bekraftelse", data={"namn": "Nattchefen"}).status_code == 303
    assert leader.post(f"{path}/atertagande").status_code == 409
    shown = words(leader.get(run_path(run)))
    assert "Leds av Milan Medarbetare, Nattchefen" in shown
    assert "lämnade över till" not in shown
    log = words(leader.get(f"{run_path(run)}/logg"))
    assert "tog över ledningen efter Karin Krisledare" in log
    assert "Bekräftad" in words(leader.get(path))


def test_a_confirmed_brief_stays_as_it_was(scene: Scene, run: Run, sign_in) -> None:
    found, staff = hand(scene, run), sign_in(scene.staff)
    confirm(scene.session, found, name="Milan", sent=Sent(scene.viewer(scene.staff)))
    scene.session.commit()
    path = f"{run_path(run)}/overlamning/{found.public_id}"
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        set_step_state(scene.session, run, "ring", StepState.DONE, sent=Sent(scene.viewer(scene.staff)))
        end(scene, run)
        assert "Ring chef." in words(staff.get(path))


def test_an_unconfirmed_one_is_taken_back_on_its_page(scene: Scene, run: Run, sign_in) -> None:
    found, leader = hand(scene, run), sign_in(scene.leader)
    path = f"{run_path(run)}/overlamning/{found.public_id}"
    assert leader.post(f"{path}/atertagande").status_code == 303
    assert "Återtagen" in words(leader.get(path))
    assert "lämnade över" not in words(leader.get(run_path(run)))


def test_the_page_of_an_exercise_says_so(scene: Scene, sign_in) -> None:
    run = scene.start(is_exercise=True)
    found = hand(scene, run)
    shown = sign_in(scene.staff).get(f"{run_path(run)}/overlamning/{found.public_id}")
    assert "ÖVNING" in words(shown)


def test_a_bad_form_keeps_what_was_typed(scene: Scene, run: Run, sign_in) -> None:
    leader = sign_in(scene.leader)
    answer = leader.post(f"{run_path(run)}/overlamning", data={"till": "", "meddelande": "Ring vakten."})
    assert answer.status_code == 422
    assert "Ring vakten." in page(answer).select_one("[name=meddelande]").text


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("own", [True, False])
def test_who_does_not_see_the_run_sees_no_handover(scene: Scene, run: Run, sign_in, role, own) -> None:
    found, other = hand(scene, run, message="Hemligt."), scene.start()
    person = make_user(scene.session, role, unit=scene.unit if own else None)
    sees = own and role in (Role.STAFF, Role.LEADER)
    browser, path = sign_in(person), f"{run_path(run)}/overlamning/{found.public_id}"

    assert browser.get(path).status_code == (200 if sees else 404)
    assert browser.get(f"{run_path(other)}/overlamning/{found.public_id}").status_code == 404
    assert browser.post(f"{path}/bekraftelse", data={}).status_code == (422 if sees else 404)
    assert browser.post(f"{run_path(run)}/overlamning", data={}).status_code == (
        422 if sees and role is Role.LEADER else 403 if sees else 404
    )


def test_an_invited_person_can_take_over(scene: Scene, run: Run, sign_in) -> None:
    invite(scene.session, run, email=scene.outsider.email, sent=Sent(scene.viewer(scene.leader)))
    found = hand(scene, run, "Stabschefen")
    path = f"{run_path(run)}/overlamning/{found.public_id}"
    assert (
        sign_in(scene.outsider).post(f"{path}/bekraftelse", data={"namn": "Stabschefen"}).status_code == 303
    )
    assert who_leads(scene, run) == "Olle Annanstans, Stabschefen"
