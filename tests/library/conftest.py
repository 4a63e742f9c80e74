"""Two people who both write and review."""

import pytest

from kb.accounts.roles import Role
from tests.factories import make_user, viewer_of


@pytest.fixture
def anna(session):
    """An editor who is also a reviewer."""
    return viewer_of(session, make_user(session, Role.EDITOR, Role.REVIEWER, name="Anna"))


@pytest.fixture
def johan(session):
    """Another editor and reviewer."""
    return viewer_of(session, make_user(session, Role.EDITOR, Role.REVIEWER, name="Johan"))
