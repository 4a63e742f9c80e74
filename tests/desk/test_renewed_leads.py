"""Topics and situations of an installation that is upgraded: what nobody changed leads to the new texts."""

import json

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import text

from kb.db import Database, upgrade

LATEST = {"efter": {"checklista": "aterkomst-medarbetare", "vagledning": "morgonen-efter-hot-eller-vald"}}


@pytest.fixture
def connection(tmp_path):
    """A database as the release before left it."""
    database = Database(f"sqlite:///{tmp_path / 'radrum.sqlite3'}")
    upgrade(database, tmp_path / "lock")
    with database.engine.begin() as connection:
        for slug, guidance in (("hot", "stod-och-atergang-efter-hot"), ("vald", "vart-eget")):
            leads = {"efter": {"checklista": "aterkomst-medarbetare", "vagledning": guidance}}
            connection.execute(
                text(
                    "INSERT INTO topic (slug, name, icon, intro, position, leads) VALUES (:s, :s, 'x', '', 1, :l)"
                ),
                {"s": slug, "l": json.dumps(leads)},
            )
        connection.execute(
            text(
                "INSERT INTO common_situation (title, icon, position, item_slug)"
                " VALUES ('Journalisten ringer', 'x', 1, 'media-dela-pa-uppdraget')"
            )
        )
        yield connection
    database.dispose()


def test_what_was_shipped_is_renewed_and_what_somebody_chose_stays(connection):
    migration = ScriptDirectory("migrations").get_revision("0005").module
    with Operations.context(MigrationContext.configure(connection)):
        migration.upgrade()

    leads = {slug: json.loads(row) for slug, row in connection.execute(text("SELECT slug, leads FROM topic"))}
    assert leads["hot"] == LATEST
    assert leads["vald"]["efter"]["vagledning"] == "vart-eget"
    assert (
        connection.execute(text("SELECT item_slug FROM common_situation")).scalar_one()
        == "journalisten-ringer"
    )

    with Operations.context(MigrationContext.configure(connection)):
        migration.downgrade()
    assert (
        json.loads(connection.execute(text("SELECT leads FROM topic WHERE slug = 'hot'")).scalar_one())[
            "efter"
        ]["vagledning"]
        == "stod-och-atergang-efter-hot"
    )
