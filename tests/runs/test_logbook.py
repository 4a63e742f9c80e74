"""The log says what each person did, also where it was so already and where it was undone."""

import pytest

from kb.runs.models import Run
from kb.runs.operations import StepState
from kb.runs.services.changing import Sent
from kb.runs.services.operating import set_step_state
from tests.runs.conftest import Scene, SignIn
from tests.runs.shown import run_path, words

TOLD = {
    ("open", "done"): "steg 2 klart",
    ("done", "done"): "steg 2 klart (var det redan)",
    ("skipped", "done"): "steg 2 klart",
    ("done", "open"): "ångrade klart på steg 2",
    ("skipped", "open"): "steg 2 aktuellt igen",
    ("open", "open"): "steg 2 inte klart (var det redan)",
    ("open", "skipped"): "steg 2 ej aktuellt, Ingen var där",
    ("done", "skipped"): "steg 2 ej aktuellt, Ingen var där",
    ("skipped", "skipped"): "steg 2 ej aktuellt, Ingen var där (var det redan)",
}


def test_every_change_is_in_the_table() -> None:
    assert {(was, now) for was in StepState for now in StepState} == TOLD.keys()


@pytest.mark.parametrize(("was", "now"), TOLD, ids=lambda state: str(state))
def test_the_log_tells_what_changed_and_from_what(
    scene: Scene, run: Run, sign_in: SignIn, was: str, now: str
) -> None:
    before, change = (scene.viewer(user) for user in (scene.leader, scene.staff))
    if was != StepState.OPEN:
        set_step_state(
            scene.session, run, "ring", StepState(was), sent=Sent(before), reason="Skäl för länge sedan"
        )
    set_step_state(scene.session, run, "ring", StepState(now), sent=Sent(change), reason="Ingen var där")
    scene.session.commit()

    log = words(sign_in(scene.staff).get(f"{run_path(run)}/logg"))

    assert f"Milan Medarbetare: {TOLD[was, now]}".casefold() in log.casefold()
    assert ("(var det redan)" in log) == (was == now)
