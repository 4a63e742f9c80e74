"""What a step refers to while a run goes on: withdrawn, put back, moved, narrowed."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kb import clock
from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.library.content.document import Kind
from kb.library.core.models.items import ContentItem
from kb.library.core.models.reviewing import Withdrawal
from kb.library.core.queries.reading import get_reading
from kb.library.intake.loading import Report, load_batch
from kb.library.intake.records import read_records
from kb.library.services import addresses, publication, withdrawals
from kb.runs.services.changing import Sent
from kb.runs.services.starting import start_run
from tests.factories import make_item, make_unit, make_user, viewer_of
from tests.forms import page_of
from tests.library.drafts import save
from tests.runs.shown import run_path

CASES = Path(__file__).resolve().parent.parent / "data" / "cases" / "edit"


@pytest.fixture
def guide(session):
    """The case: a checklist whose step leads to guidance."""
    report = Report()
    for name in ("withdrawn-1-guide.md", "withdrawn-1-list.yaml"):
        load_batch(session, read_records(CASES / name), report, publish=True, by=SYSTEM)
    assert report.failed == []
    return session.scalars(select(ContentItem).where(ContentItem.slug == "rad-som-dras-in-1")).one()


@pytest.fixture
def step(session, scene, guide, sign_in):
    """Reads the step of a run that is going on."""
    viewer = viewer_of(session, scene.staff)
    reading = get_reading(session, viewer, Kind.CHECKLIST, "lista-med-rad-1")
    run = start_run(session, reading, unit_id=scene.unit.id, sent=Sent(viewer))
    session.commit()
    browser = sign_in(scene.staff)

    def read():
        session.flush()
        session.commit()
        return page_of(browser.get(run_path(run))).select_one("#steg-las")

    return read


def links(step):
    """Where the step leads."""
    return [link["href"] for link in step.select("a")]


def test_a_step_leads_to_its_guidance(step):
    assert links(step()) == ["/vagledning/rad-som-dras-in-1"]


def test_a_step_says_that_its_guidance_was_taken_away_and_why(session, guide, step):
    better = make_item(session, slug="battre")
    publication.withdraw(session, guide, reason="Rådet var farligt.", replacement=better, by=SYSTEM)

    found = step()

    assert set(links(found)) == {"/vagledning/battre"}
    assert "Råd som dras in 1 Borttagen" in found.get_text()
    assert "Rådet var farligt." in found.get_text()
    assert better.title in found.get_text()


def test_guidance_that_is_put_back_is_led_to_again(session, guide, step):
    anna, johan = (
        viewer_of(session, make_user(session, Role.REVIEWER)),
        viewer_of(session, make_user(session, Role.REVIEWER)),
    )
    withdrawals.withdraw_now(session, guide, reason="Fel.", replacement=None, by=anna)
    assert links(step()) == []
    asked = session.scalars(select(Withdrawal)).one()

    withdrawals.put_back(session, guide, seen=asked.id, by=johan)

    assert links(step()) == ["/vagledning/rad-som-dras-in-1"]


def test_a_request_alone_changes_nothing_in_a_run(session, guide, step):
    anna = viewer_of(session, make_user(session, Role.EDITOR))
    withdrawals.request_withdrawal(session, guide, reason="Fel.", replacement=None, by=anna)

    assert links(step()) == ["/vagledning/rad-som-dras-in-1"]


def test_guidance_that_was_renamed_is_led_to_where_it_is(session, guide, step):
    addresses.rename(session, guide, "nytt-namn", by=SYSTEM)

    assert links(step()) == ["/vagledning/nytt-namn"]


def test_guidance_narrowed_to_another_unit_is_not_named(session, guide, step):
    unit = make_unit(session)
    revision = save(session, guide, SYSTEM, visibility="enhet", unit=unit.public_id)
    publication.put_public(session, guide, revision, by=SYSTEM, way="granskning")

    found = step()

    assert links(found) == []
    assert "Råd som dras in" not in found.get_text()


def test_guidance_that_is_valid_no_longer_is_not_led_to_and_not_said_to_be_taken_away(session, guide, step):
    revision = save(session, guide, SYSTEM, valid_to=(clock.today() - timedelta(days=1)).isoformat())
    publication.put_public(session, guide, revision, by=SYSTEM, way="granskning")

    found = step()

    assert links(found) == []
    assert "Borttagen" not in found.get_text()
