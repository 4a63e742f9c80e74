"""The list of all content, and the work list of a new site."""

import pytest

from kb.accounts.roles import Role
from tests.factories import make_document, make_draft, make_item, make_unit, make_user
from tests.forms import page_of


@pytest.fixture
def unit(session):
    """The unit where the people of these tests work."""
    return make_unit(session)


@pytest.fixture
def editor(session, unit):
    """An editor."""
    return make_user(session, Role.EDITOR, unit=unit, name="Anna")


@pytest.fixture
def browser(sign_in, editor):
    """The editor's browser."""
    return sign_in(editor)


def test_the_list_is_narrowed_by_state_kind_topic_and_words(session, browser):
    make_item(session, make_document(title="Åskväder över Öland"))
    make_draft(session, make_document("berattelse", title="Om hot", topics=("desinformation",)))
    session.commit()

    def titles(query):
        return [
            link.get_text()
            for link in page_of(browser.get(f"/redaktion/innehall?{query}")).select("tbody th a")
        ]

    assert titles("") == ["Om hot", "Åskväder över Öland"]
    assert titles("lage=publicerad") == ["Åskväder över Öland"]
    assert titles("lage=utkast") == ["Om hot"]
    assert titles("typ=berattelse") == ["Om hot"]
    assert titles("amne=desinformation") == ["Om hot"]
    assert titles("ord=öland+åsk") == ["Åskväder över Öland"]
    assert titles("ord=finns+inte") == []
    assert titles("granskning=saknas") == ["Åskväder över Öland"]
    assert titles("lage=x&typ=y&amne=z&sida=x") == ["Om hot", "Åskväder över Öland"]


def test_the_list_has_pages_of_twenty(session, browser):
    for _ in range(21):
        make_item(session)
    session.commit()

    first = page_of(browser.get("/redaktion/innehall?lage=publicerad"))
    second = page_of(browser.get(first.select_one('[rel="next"]')["href"]))

    assert len(first.select("tbody tr")) == 20
    assert len(second.select("tbody tr")) == 1


def test_the_work_list_of_a_new_site_says_that_nothing_waits(browser):
    page = page_of(browser.get("/redaktion"))

    assert page.get_text().count("Klart. Inget väntar.") == 4
    assert "Synpunkter" not in page.get_text()
