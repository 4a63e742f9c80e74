"""Follow-ups and a handover: without script, on phones, on one page of paper, for assistive technology."""

import re

import pytest

from tests.journeys.test_accessibility import LOOKS, look
from tests.journeys.test_paper import pages_of, write_note
from tests.journeys.test_small_screens import start_run

pytestmark = pytest.mark.browser
NOTES = [
    "Vi lovade " + "att ringa tillbaka till den som hörde av sig. " * 6,
    "Receptionen är stängd. " * 20,
] * 5


@pytest.fixture
def handed(signed_in):
    """A run with long notes, offered by the Krisledare without script; address of the run and of the brief, pages."""
    leader = signed_in("krisledare", java_script_enabled=False)
    run = start_run(leader, exercise=False)
    for text in NOTES:
        leader.goto(run)
        write_note(leader, text)
    for _ in range(5):
        leader.goto(f"{run}/uppfoljning?om=30-dagar")
        leader.get_by_role("button", name="Spara uppföljningen").click()
    leader.goto(f"{run}/overlamning")
    leader.get_by_label(re.compile("^Till vem")).fill("Nattchefen")
    leader.get_by_label(re.compile("^Något mer")).fill("Ring vakten först, sedan chefen. " * 18)
    leader.get_by_role("button", name="Lämna över").click()
    return run, leader.url, leader


def test_a_handover_is_made_and_confirmed_without_script_and_is_one_page_of_paper(handed, signed_in):
    run, brief, leader = handed
    assert len(pages_of(leader)) == 1
    words = pages_of(leader)[0]
    assert words.index("Kritiskt.") < words.index("Nästatider")
    assert "Vilovade" in words

    staff = signed_in("medarbetare", java_script_enabled=False, viewport={"width": 375, "height": 667})
    staff.goto(run)
    staff.get_by_role("link", name=re.compile("^Läs och bekräfta")).click()
    staff.get_by_role("button", name="Jag tar över").click()
    assert staff.locator("[role=status]").inner_text().strip() == "Du leder genomförandet nu."
    assert len(pages_of(staff)) == 1
    leader.goto(run)
    assert "har bekräftat" not in leader.locator("main").inner_text()
    leader.goto(brief)
    assert leader.get_by_role("button", name=re.compile("^Ta tillbaka")).count() == 0


def test_every_page_of_what_remains_is_accessible(handed, signed_in):
    run, brief, leader = handed
    leader.goto("/uppfoljningar")
    one = leader.locator(".follow-up a").first.get_attribute("href")
    for scheme, width in LOOKS:
        page = signed_in("krisledare", color_scheme=scheme, viewport={"width": width, "height": 800})
        for path in (
            "/",
            "/uppfoljningar",
            one,
            f"{run}/uppfoljning",
            f"{run}/avslut",
            "/konto/mejl",
            run,
            brief,
        ):
            look(page, path)
        page.context.close()
    narrow = signed_in("krisledare", viewport={"width": 320, "height": 640})
    for path in ("/uppfoljningar", one, f"{run}/uppfoljning", "/konto/mejl", brief, run):
        narrow.goto(path)
        assert narrow.evaluate("document.documentElement.scrollWidth") <= 320, path
