"""Units: names are unique and wanted."""

import pytest
from sqlalchemy import select

from kb.accounts.services.units import create_unit, ensure_first_unit, rename_unit
from kb.accounts.viewer import SYSTEM
from kb.audit.models import AuditEvent
from kb.errors import Invalid


def test_first_unit_is_made_once(session):
    first = ensure_first_unit(session)

    assert first.name == "Socialtjänsten"
    assert ensure_first_unit(session) is first


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "hemtjänst VÄST"])
def test_useless_or_taken_names_are_refused(session, name):
    create_unit(session, name="Hemtjänst Väst", by=SYSTEM)

    with pytest.raises(Invalid) as caught:
        create_unit(session, name=name, by=SYSTEM)
    assert caught.value.field == "name"


def test_a_unit_may_change_the_case_of_its_own_name(session):
    unit = create_unit(session, name="hemtjänst", by=SYSTEM)

    assert rename_unit(session, unit, name="Hemtjänst", by=SYSTEM).name == "Hemtjänst"


@pytest.mark.parametrize("name", ["Hemtjänst", "  Hemtjänst ", "Hemtjänst\n"])
def test_the_same_name_again_changes_nothing(session, name):
    unit = create_unit(session, name="Hemtjänst", by=SYSTEM)

    rename_unit(session, unit, name=name, by=SYSTEM)

    assert unit.name == "Hemtjänst"
    assert session.scalars(select(AuditEvent).where(AuditEvent.name == "unit.renamed")).all() == []
