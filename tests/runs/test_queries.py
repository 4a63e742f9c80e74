"""Who sees which runs, and what lists say about them."""

from datetime import timedelta

import pytest
import time_machine

from kb import clock
from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS
from kb.errors import NotFound
from kb.runs.demo import create_demo_run
from kb.runs.models import Run
from kb.runs.operations import StepState
from kb.runs.queries import alerts, get_run, page_ended, running_for
from kb.runs.services.changing import Sent
from kb.runs.services.ending import finish
from kb.runs.services.operating import set_step_state
from tests.factories import make_document, make_item, make_unit, make_user, viewer_of
from tests.runs.conftest import Scene


def test_a_run_is_seen_by_its_unit_only(scene: Scene, run: Run) -> None:
    reader = make_user(scene.session, Role.READER, Role.EDITOR, Role.REVIEWER, unit=scene.unit)
    blind = [
        scene.viewer(scene.outsider),
        scene.viewer(scene.administrator),
        viewer_of(scene.session, reader),
        ANONYMOUS,
    ]

    for viewer in blind:
        assert (running_for(scene.session, viewer), alerts(scene.session, viewer)) == ([], [])
        with pytest.raises(NotFound):
            get_run(scene.session, viewer, run.public_id)
    assert [card.title for card in running_for(scene.session, scene.viewer(scene.leader))] == ["Akut hot"]


def test_a_card_counts_steps_and_lateness(scene: Scene, run: Run) -> None:
    set_step_state(scene.session, run, "sakra", StepState.DONE, sent=Sent(scene.viewer(scene.staff)))

    with time_machine.travel(clock.now() + timedelta(minutes=32), tick=False):
        card = running_for(scene.session, scene.viewer(scene.staff))[0]

    assert (card.done, card.total, card.late) == (1, 4, 1)
    assert (card.place, card.public_id, card.is_exercise) == ("Kontoret i Centrum", run.public_id, False)


def test_each_run_of_a_list_has_its_own_progress(scene: Scene, run: Run) -> None:
    second, third = scene.start(place="Receptionen"), scene.start(place="Lagret")
    by, session = Sent(scene.viewer(scene.staff)), scene.session
    set_step_state(session, run, "ring", StepState.DONE, sent=by)
    set_step_state(session, second, "ring", StepState.DONE, sent=by)
    set_step_state(session, second, "sakra", StepState.DONE, sent=by)
    set_step_state(session, second, "film", StepState.SKIPPED, sent=by, reason="Ingen kamera")

    cards = {card.public_id: card for card in running_for(session, by.by)}

    so_far = [(cards[one.public_id].done, cards[one.public_id].total) for one in (run, second, third)]
    steps = len(run.steps)
    assert so_far == [(1, steps), (2, steps - 1), (0, steps)]


def test_steps_that_do_not_apply_are_not_counted(scene: Scene) -> None:
    scene.start(answers={"Om mötet filmades": "nej"})

    card = running_for(scene.session, scene.viewer(scene.staff))[0]

    assert (card.done, card.total) == (0, 3)


def test_an_ended_run_leaves_the_running_ones(scene: Scene, run: Run) -> None:
    finish(scene.session, run, closing_note="Slut", diary_number="", sent=Sent(scene.viewer(scene.leader)))
    viewer = scene.viewer(scene.staff)

    assert running_for(scene.session, viewer) == []
    assert alerts(scene.session, viewer) == []
    assert [card.public_id for card in page_ended(scene.session, viewer, 1).items] == [run.public_id]
    assert page_ended(scene.session, scene.viewer(scene.administrator), 1).total == 0


def test_the_demonstration_is_one_exercise(scene: Scene) -> None:
    make_item(scene.session, make_document("checklista"), slug="akut-hot-mot-medarbetare")
    unit = make_unit(scene.session)
    user = make_user(scene.session, Role.LEADER, unit=unit)

    first, second = (create_demo_run(scene.session, unit, user) for _ in range(2))

    assert first is second
    assert first.is_exercise
