"""Two people at the same moment, on a database that really commits."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from kb.accounts.roles import Role
from kb.library.core.models.items import ContentItem
from kb.library.core.queries.drafts import get_item
from kb.library.services import drafts
from kb.library.services.revisions import RevisionConflict
from tests.factories import make_document, make_draft, make_unit, make_user, viewer_of


@pytest.fixture
def database(live_app):
    """The application's database."""
    return live_app.extensions["database"]


@pytest.fixture
def draft(database):
    """(public id, base, document, people): a draft that everybody has open."""
    with database.transaction() as session:
        unit = make_unit(session)
        people = [viewer_of(session, make_user(session, Role.EDITOR, unit=unit)) for _ in range(6)]
        item = make_draft(session, make_document(), by=people[0])
        return item.public_id, item.latest_revision_id, item.latest_revision.content, people


def test_of_all_who_save_at_once_one_is_stored_and_the_others_are_told(database, draft):
    public_id, base, document, people = draft

    def save(by):
        try:
            with database.transaction() as session:
                item = get_item(session, by, public_id, lock=True)
                mine = replace(document, title=f"Från {by.name}")
                drafts.save_draft(session, item, mine, base=base, by=by)
        except RevisionConflict:
            return None
        return by.name

    with ThreadPoolExecutor(len(people)) as pool:
        stored = [name for name in pool.map(save, people) if name]

    with database.reading() as session:
        item = session.query(ContentItem).filter_by(public_id=public_id).one()
        assert [f"Från {name}" for name in stored] == [item.latest_revision.content.title]
        assert item.latest_revision.number == 2
