"""A version from us over a text that cannot be read."""

import pytest
from sqlalchemy import text as sql

from kb.library.core.models.stored import DOCUMENTS
from kb.library.services import shipping
from tests.library.test_shipped_versions import confirmed, ship, text


@pytest.mark.parametrize(("readers", "then"), [("oppen", "oppen"), ("intern", "intern"), ("enhet", "intern")])
def test_over_what_cannot_be_read_a_version_never_widens_who_may_read(session, anna, johan, readers, then):
    ship(session)
    confirmed(session, anna, johan)
    ship(session, body="Andra lydelsen.")
    [(item, waiting)] = shipping.list_offers(session, anna)
    item.visibility = readers
    row = {"value": "[1, 2]", "id": item.published_revision_id}
    session.execute(sql("UPDATE revision SET document = :value WHERE id = :id"), row)
    session.expire_all()
    DOCUMENTS.clear()

    shipping.take_over(session, item, digest=waiting.digest, by=anna)

    assert text(session).visibility == then
    assert "Andra lydelsen." in text(session).published_revision.content.body
