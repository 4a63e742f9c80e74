"""The page of one step: what it says, and the way to those beside it."""

from kb.runs.operations import StepState
from kb.runs.services.changing import Sent
from kb.runs.services.operating import set_step_state
from tests.forms import page_of
from tests.runs.shown import run_path


def test_the_pages_of_the_steps_lead_through_the_whole_list(scene, run, sign_in):
    browser = sign_in(scene.staff)
    address, seen = f"{run_path(run)}/steg/{run.steps[0].key}", []
    while address:
        shown = page_of(browser.get(address))
        seen.append(shown.h1.get_text(strip=True))
        assert shown.main.find("a", string="Till listan")["href"].startswith(f"{run_path(run)}#steg-")
        onward = shown.main.find("a", string="Nästa")
        address = onward["href"] if onward else ""

    assert seen == [step.text for step in run.steps]
    back = shown.main.find("a", string="Föregående")["href"]
    assert page_of(browser.get(back)).h1.get_text(strip=True) == run.steps[-2].text


def test_it_says_the_state_the_reason_and_the_pause(scene, run, sign_in):
    set_step_state(scene.session, run, "sakra", StepState.DONE, sent=Sent(scene.viewer(scene.staff)))
    scene.session.commit()
    browser = sign_in(scene.staff)
    words = page_of(browser.get(f"{run_path(run)}/steg/sakra")).main.get_text(" ")
    assert "Klart" in words
    first = run.sections[0]
    last = [step for step in run.steps if step.section_id == first.id][-1]
    assert first.pause in page_of(browser.get(f"{run_path(run)}/steg/{last.key}")).main.get_text(" ")
    if last.key != "sakra":
        assert first.pause not in words


def test_a_step_of_another_run_and_somebody_of_another_unit_get_nothing(scene, run, sign_in):
    assert sign_in(scene.staff).get(f"{run_path(run)}/steg/finns-inte").status_code == 404
    assert sign_in(scene.outsider).get(f"{run_path(run)}/steg/sakra").status_code == 404
