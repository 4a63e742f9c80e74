"""The page of a run as it is asked for again and again: what is kept shows all that is new, and only one's own."""

import random
from datetime import timedelta

import pytest
import time_machine

from kb import clock
from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.library.services.publication import withdraw
from kb.runs.models import Run
from kb.runs.operations import StepState
from kb.runs.services.changing import Sent
from kb.runs.services.ending import invite
from kb.runs.services.operating import add_note, assign, set_step_state
from kb.runs.views.live import DRAWN
from tests.factories import make_user
from tests.runs.conftest import Scene
from tests.runs.shown import end, page, run_path

PACKED = {"Accept-Encoding": "br"}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_is_what_would_be_drawn_anew_for_each_viewer(
    scene: Scene, run: Run, sign_in, seed
) -> None:
    chance = random.Random(seed)
    colleague = make_user(scene.session, Role.STAFF, unit=scene.unit, name="Cilla Kollega")
    browsers = [sign_in(person) for person in (scene.staff, colleague, scene.leader)]
    moment = clock.now()
    ways = [_tick, _note, _assign, _invite, _withdraw, _nothing, _nothing]
    for turn in range(8):
        last = turn == 7 and seed % 2
        (_end if last else chance.choice(ways))(scene, run, chance)
        scene.session.commit()
        moment += timedelta(seconds=chance.choice([0, 3, 90, 3600]))
        with time_machine.travel(moment, tick=False):
            kept = [browser.get(f"{run_path(run)}/fragment") for browser in browsers]
            for browser, answer in zip(browsers, kept, strict=True):
                DRAWN.clear()
                anew = browser.get(f"{run_path(run)}/fragment")
                assert answer.data == anew.data
                assert answer.headers["ETag"] == anew.headers["ETag"]


def test_a_change_gives_another_tag_and_none_the_same(scene: Scene, run: Run, sign_in) -> None:
    browser = sign_in(scene.staff)
    tags = []
    for change in (_nothing, _tick, _note, _assign, _withdraw):
        change(scene, run, random.Random(1))
        scene.session.commit()
        tags.append(browser.get(f"{run_path(run)}/fragment").headers["ETag"])
        DRAWN.clear()
        assert (
            browser.get(f"{run_path(run)}/fragment", headers={"If-None-Match": tags[-1]}).status_code == 304
        )
    assert len(set(tags)) == len(tags)


def test_what_is_sent_to_all_holds_no_secret_of_anybody(scene: Scene, run: Run, sign_in) -> None:
    staff, leader = sign_in(scene.staff), sign_in(scene.leader)
    forms = [page(browser.get(run_path(run))).select("#genomforande form") for browser in (staff, leader)]
    sent = [
        page(browser.get(f"{run_path(run)}/fragment")).select("#genomforande form")
        for browser in (staff, leader)
    ]

    for with_tokens, without in zip(forms, sent, strict=True):
        assert len(with_tokens) == len(without) > 0
        assert all(form.select_one("[name=csrf_token]")["value"] for form in with_tokens)
        assert not any(form.select_one("[name=csrf_token]")["value"] for form in without)
    tokens = {
        form.select_one("[name=csrf_token]")["value"] for forms_of_one in forms for form in forms_of_one
    }
    names = [form.select_one("[name=client_id]")["value"] for forms_of_one in forms for form in forms_of_one]
    assert len(tokens) == 2
    assert len(set(names)) == len(names)


def test_packed_it_is_the_same(scene: Scene, run: Run, sign_in) -> None:
    browser = sign_in(scene.staff)
    plain, packed = (
        browser.get(f"{run_path(run)}/fragment"),
        browser.get(f"{run_path(run)}/fragment", headers=PACKED),
    )

    assert packed.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 3
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Content-Encoding" not in browser.get(f"{run_path(run)}/fragment?x=1", headers=PACKED).headers


def test_who_is_let_go_of_sees_nothing_that_is_kept(scene: Scene, run: Run, sign_in) -> None:
    guest = make_user(scene.session, Role.STAFF)
    browser = sign_in(guest)
    assert sign_in(scene.staff).get(f"{run_path(run)}/fragment").status_code == 200
    assert browser.get(f"{run_path(run)}/fragment").status_code == 404


def _tick(scene: Scene, run: Run, chance: random.Random) -> None:
    step, state = chance.choice(run.steps), chance.choice(list(StepState))
    sent = Sent(scene.viewer(scene.leader))
    set_step_state(scene.session, run, step.key, state, reason="Behövs inte.", sent=sent)


def _note(scene: Scene, run: Run, chance: random.Random) -> None:
    add_note(scene.session, run, chance.choice(run.steps).key, "Ringt.", sent=Sent(scene.viewer(scene.staff)))


def _assign(scene: Scene, run: Run, chance: random.Random) -> None:
    assign(scene.session, run, chance.choice(run.steps).key, "Vakten", sent=Sent(scene.viewer(scene.staff)))


def _invite(scene: Scene, run: Run, chance: random.Random) -> None:
    invite(scene.session, run, email=scene.outsider.email, sent=Sent(scene.viewer(scene.leader)))


def _withdraw(scene: Scene, run: Run, chance: random.Random) -> None:
    if not scene.item.withdrawn_at:
        withdraw(scene.session, scene.item, reason="Fel.", replacement=None, by=SYSTEM)


def _nothing(scene: Scene, run: Run, chance: random.Random) -> None:
    pass


def _end(scene: Scene, run: Run, chance: random.Random) -> None:
    end(scene, run)
