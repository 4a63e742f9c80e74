"""A site with people, texts and a run, all really committed."""

import pytest

from kb.accounts.roles import Role
from tests.conftest import build_app
from tests.factories import make_item, make_unit, make_user


@pytest.fixture
def site(live_app):
    """An application of its own with something in every part that people would miss."""
    with live_app.extensions["database"].transaction() as session:
        unit = make_unit(session, "Hemtjänst Norr")
        make_user(session, Role.REVIEWER, Role.EDITOR, unit=unit, email="åsa@kommun.example")
        for number in range(3):
            make_item(session, slug=f"text-om-oro-{number}")
    return live_app


@pytest.fixture
def run(site):
    """`run("ops", "check")` runs a command and gives its result."""

    def command(*words, app=None):
        return (app or site).test_cli_runner().invoke(args=list(map(str, words)))

    return command


@pytest.fixture
def other(tmp_path):
    """A second, empty application."""
    app = build_app(tmp_path / "other")
    yield app
    app.extensions["database"].dispose()
