"""One rule of who may read: the condition for queries, the words for what is kept, the check of a document."""

from itertools import product

import pytest
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS, Viewer
from kb.library.content.document import Visibility
from kb.library.core.models.items import ContentItem
from kb.library.core.visibility import can_read_document, may_open, may_read, visibility_terms, visible
from tests.factories import make_document, make_item, make_unit


@pytest.fixture
def units(session):
    return make_unit(session), make_unit(session)


def viewers(units):
    """Nobody, and people in no unit, in one, in the other and in both."""
    yield ANONYMOUS
    for chosen in product((False, True), repeat=2):
        held = {unit.id for unit, is_in in zip(units, chosen, strict=True) if is_in}
        yield Viewer(user_id=1, roles=dict.fromkeys(held, frozenset({Role.READER})))


def texts(units):
    """(visibility, unit) of every kind of text."""
    yield from ((visibility, None) for visibility in (Visibility.OPEN, Visibility.INTERNAL))
    yield from ((Visibility.UNIT, unit) for unit in units)


def test_condition_words_and_check_agree_for_every_reader_and_text(session, units):
    for visibility, unit in texts(units):
        document = make_document(visibility=visibility.value, unit=unit.public_id if unit else "")
        item = make_item(session, document)
        word = f"{visibility}:{unit.id}" if unit else str(visibility)
        for viewer in viewers(units):
            may = can_read_document(session, viewer, document)
            assert may is (word in visibility_terms(viewer))
            for condition in (may_read, may_open, visible):
                found = select(ContentItem.id).where(ContentItem.id == item.id, condition(viewer))
                assert (session.scalar(found) is not None) is may, (condition.__name__, word, viewer)
