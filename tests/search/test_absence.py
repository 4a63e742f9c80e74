"""Why a text is not found: each cause is named, with what to do."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kb import clock
from kb.accounts.roles import Role
from kb.jobs.models import Job
from kb.search.models import SearchChange
from tests.addresses import path_of
from tests.factories import make_document, make_draft, make_item, make_unit, make_user


@pytest.fixture
def why(app, indexer):
    """Run `flask search why …` in the application of the test."""
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["search", "why", *arguments])


@pytest.fixture
def unindexed(session, publish):
    """A published text that the index has not got yet, and the change that waits to be followed."""
    publish(title="Ett annat ord")
    item = make_item(session, make_document("vagledning", title="Nödlarm"), slug="nodlarm")
    session.commit()
    return item, session.scalars(select(SearchChange).where(SearchChange.item_id == item.id)).one()


@pytest.mark.parametrize(
    "address",
    ["nodlarm", "/vagledning/nodlarm", "https://radrum.kommun.example/vagledning/nodlarm/?q=larm#mer"],
)
def test_nothing_hinders_a_text_that_is_found_whichever_way_its_address_is_written(why, publish, address):
    publish(title="Nödlarm", slug="nodlarm")

    found = why(address)

    assert (found.exit_code, found.stdout.startswith("Inget hindrar")) == (0, True)


def test_an_address_that_no_text_has_is_said(why, publish):
    publish(title="Nödlarm", slug="nodlarm")

    found = why("nodlarmet")

    assert found.exit_code != 0
    assert "Ingen text har adressen ”nodlarmet”" in found.output


def test_a_draft_is_not_published(why, session):
    item = make_draft(session)
    session.commit()

    assert why(path_of(item)).stdout == "Texten är inte publicerad: utkast.\n"


def test_the_first_and_the_last_day_are_named(why, publish):
    later, earlier = clock.today() + timedelta(days=3), clock.today() - timedelta(days=3)
    publish(title="Nödlarm", slug="kommer", valid_from=later.isoformat())
    publish(title="Nödlarm", slug="var", valid_to=earlier.isoformat())

    assert why("kommer").stdout.startswith("Texten gäller från ")
    assert why("var").stdout.startswith("Texten gällde till och med ")


def test_a_text_for_a_unit_is_hidden_from_all_but_its_members(why, session, publish):
    unit = make_unit(session)
    make_user(session, Role.STAFF, unit=unit, email="anna@kommun.example")
    publish(title="Nödlarm", slug="nodlarm", visibility="enhet", unit=unit.public_id)

    assert why("nodlarm").stdout.startswith(f"Texten är bara för enheten {unit.name}.")
    assert why("nodlarm", "--as", "anna@kommun.example").exit_code == 0


def test_a_change_that_waits_long_asks_for_the_worker(why, session, unindexed):
    _, change = unindexed

    assert "Det brukar ta några sekunder." in why("nodlarm").stdout
    change.at = clock.now() - timedelta(hours=1)
    session.commit()
    found = why("nodlarm")
    assert found.exit_code == 1
    assert "Texten finns inte i sökindexet." in found.stdout
    assert "Kör arbetsprocessen?" in found.stdout


def test_a_damaged_job_is_named_with_what_mends_it(why, session, indexer, unindexed):
    now = clock.now()
    job = Job(queue="search", name="search.index_item", payload={"item": "x"}, created_at=now, run_at=now)
    session.add(job)
    session.commit()
    with indexer.store.lock():
        indexer.tick()

    found = why("nodlarm").stdout

    assert "Texten finns inte i sökindexet." in found
    assert f"Jobb {job.id} i indexets kö är lagt åt sidan: Jobbets uppgifter går inte att läsa." in found
    assert f"search repair och sedan jobs discard {job.id}" in found


def test_the_changes_of_other_texts_are_not_blamed(why, session, unindexed):
    _, change = unindexed
    change.item_id += 1
    session.commit()

    assert "Ändring" not in why("nodlarm").stdout
