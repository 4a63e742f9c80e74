"""A capability that is added later gets its lines and boxes with no line in another's file."""

import copy
import sys
from enum import StrEnum
from types import ModuleType
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Blueprint
from hypothesis import given
from hypothesis import strategies as st

import kb
from kb.accounts import permissions
from kb.accounts.permissions import role
from kb.accounts.roles import Role
from kb.audit import events
from kb.audit.events import Event, Events, register_events
from kb.audit.services import record
from kb.web.guards import requires
from kb.web.health import Figures, Part, health_of
from kb.web.registry import Board, Box, Contents, Entry, FirstStep, Menu, current_url, registry_of
from tests.conftest import build_app
from tests.factories import make_user

FOR_EDITORS, FOR_ADMINS = "bubblor.blow", "bubblor.burst"
SHOWN = {Role.EDITOR: ("/redaktion", "Blås bubblor"), Role.ADMIN: ("/administration", "Spräck bubblor")}


class Permission(StrEnum):
    """What can be done with bubbles."""

    BLOW = FOR_EDITORS
    BURST = FOR_ADMINS


def init_app(app):
    """What the start of such a capability does."""
    permissions.register({Permission.BLOW: role(Role.EDITOR), Permission.BURST: role(Role.ADMIN)})
    bp = Blueprint("bubblor", __name__)
    for name, permission in (("blow_index", Permission.BLOW), ("burst_index", Permission.BURST)):
        view = requires(permission)(lambda: "")
        bp.add_url_rule(f"/bubblor/{name}", name, view)
    app.register_blueprint(bp)
    register_events(
        Events(place=35, names={"bubbla.burst": Event("Bubbla sprucken", "colour")}, keys={"colour": "färg"})
    )
    health_of(app).add(
        Part(
            title="Såpa",
            place=47,
            figures=lambda _session: Figures(
                rows=[("Kvar", "2 liter")], warnings=[("Såpan tar slut", "Köp mer.")]
            ),
            problems=lambda _database: ["Såpan tar slut"],
            is_ready=lambda _database: False,
        )
    )
    registry_of(app).add(
        Entry(
            menu=Menu.DESK, title="Blås bubblor", endpoint="bubblor.blow_index", place=65, count=lambda *_: 4
        ),
        Entry(menu=Menu.ADMINISTRATION, title="Spräck bubblor", endpoint="bubblor.burst_index", place=65),
        Entry(menu=Menu.ACCOUNT, title="Blås bubblor", endpoint="bubblor.blow_index", place=25),
        Entry(menu=Menu.MAIN, title="Spräck bubblor", endpoint="bubblor.burst_index", place=50),
        FirstStep(
            title="Köp såpa",
            text="Utan såpa blir det inget.",
            endpoint="bubblor.burst_index",
            link="Till såpan",
            place=35,
            is_done=lambda _session: False,
        ),
        *(
            Box(
                board=board,
                key="bubblor",
                title=title,
                permission=permission,
                place=35,
                read=lambda _session, viewer: Contents(
                    count=3,
                    rows=[{"title": viewer.name, "url": "/bubblor/blow_index"}],
                    warning=("Såpan är slut", "Köp mer."),
                ),
            )
            for board, title, permission in (
                (Board.DESK, "Blås bubblor", Permission.BLOW),
                (Board.ADMINISTRATION, "Spräck bubblor", Permission.BURST),
            )
        ),
    )


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    """An application with one capability more."""
    start: Any = ModuleType("kb.bubblor.start")
    start.init_app = init_app
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "_REGISTER", copy.deepcopy(events._REGISTER))
        patch.setitem(sys.modules, "kb.bubblor", ModuleType("kb.bubblor"))
        patch.setitem(sys.modules, "kb.bubblor.start", start)
        patch.setattr(kb, "CAPABILITIES", (*kb.CAPABILITIES[:-1], "bubblor", kb.CAPABILITIES[-1]))
        app = build_app(tmp_path_factory.mktemp("added"))
        yield app
    app.extensions["database"].dispose()
    for permission in Permission:  # those of the others stay: they are registered once in a process
        del permissions._REGISTER[permission]


@pytest.fixture
def shared_app(added):
    """The other fixtures take this application."""
    return added


@pytest.mark.parametrize("held", Role)
def test_its_lines_and_boxes_are_for_those_who_may_and_for_nobody_else(session, sign_in, held):
    browser = sign_in(make_user(session, held, name="Siv Såpa"))
    mine = SHOWN[held][1] if held in SHOWN else None

    start = BeautifulSoup(browser.get("/").data, "html.parser")
    assert titles(start, "#meny > ul > li > a")[4:-1] == (["Spräck bubblor"] if held is Role.ADMIN else [])
    assert ("Blås bubblor" in titles(start, "#konto a")) is (held is Role.EDITOR)
    for path, title in SHOWN.values():
        page = BeautifulSoup(browser.get(path).data, "html.parser")
        shown = mine == title
        assert any(words.startswith(title) for words in titles(page, ".side a")) is shown
        assert [str(box) for box in page.select("#bubblor")] == (
            [str(page.select_one("#bubblor"))] if shown else []
        )
        assert ("Siv Såpa" in page.main.get_text()) is shown
        assert ("Såpan är slut" in page.main.get_text()) is (shown and path == "/administration")


def test_its_first_step_stands_in_its_place(session, sign_in):
    page = BeautifulSoup(
        sign_in(make_user(session, Role.ADMIN)).get("/administration/kom-igang").data, "html.parser"
    )

    step = page.main.select("ol li")[3]
    assert step.b.get_text() == "Köp såpa"
    assert step.a["href"] == "/bubblor/burst_index"


def test_what_waits_there_is_said_in_the_menu(session, sign_in):
    page = BeautifulSoup(sign_in(make_user(session, Role.EDITOR)).get("/redaktion").data, "html.parser")

    assert "Blås bubblor 4 väntar" in titles(page, ".side a")
    assert titles(page, ".side a")[6] == "Blås bubblor 4 väntar"
    assert [head.get_text(" ", strip=True) for head in page.select(".box__head")][1] == "Blås bubblor 3"


def test_its_events_stand_in_the_log_and_can_be_chosen_after_those_of_the_capability_before(session, sign_in):
    admin = make_user(session, Role.ADMIN)
    record(session, "bubbla.burst", actor=admin.public_id, colour="röd")
    session.commit()

    page = BeautifulSoup(
        sign_in(admin).get("/administration/handelser?handelse=bubbla.burst").data, "html.parser"
    )

    names = [str(option["value"]) for option in page.select("#handelse option")]
    assert names.index("run.disposed") + 1 == names.index("bubbla.burst") == names.index("synonym.added") - 1
    assert "färg: röd" in page.main.get_text()


def test_its_health_is_told_and_asked(session, sign_in, added):
    page = BeautifulSoup(
        sign_in(make_user(session, Role.ADMIN)).get("/administration/drift").data, "html.parser"
    )
    heads = [head.get_text(strip=True) for head in page.main.select("h2")]

    assert heads.index("Noder") + 1 == heads.index("Såpa") == heads.index("Säkerhetskopia") - 1
    assert "Kvar 2 liter" in page.main.get_text(" ", strip=True)
    assert "Såpan tar slut" in page.main.get_text()
    assert "såpa" in added.test_client().get("/halsa/redo", expect_error=True).json["delar"]
    assert "Såpan tar slut" in added.test_cli_runner().invoke(args=["ops", "check"]).output


def titles(page, selector):
    """The words of the links."""
    return [" ".join(link.get_text().split()) for link in page.select(selector)]


def test_a_line_without_a_page_stops_the_start(tmp_path):
    def add_lost(app):
        registry_of(app).add(Entry(menu=Menu.MAIN, title="Borta", endpoint="bubblor.gone", place=1))

    start: Any = ModuleType("kb.borta.start")
    start.init_app = add_lost
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "kb.borta", ModuleType("kb.borta"))
        patch.setitem(sys.modules, "kb.borta.start", start)
        patch.setattr(kb, "CAPABILITIES", (*kb.CAPABILITIES, "borta"))

        with pytest.raises(RuntimeError, match=r"bubblor\.gone"):
            build_app(tmp_path)


PART = st.sampled_from(["redaktion", "ny", "nya", "lagen", "a"])
PATH = st.lists(PART, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))


@given(st.sets(PATH, max_size=5), PATH)
def test_at_most_one_line_is_current_and_it_holds_the_page(urls, path):
    current = current_url(sorted(urls), path)

    if current is None:
        assert path not in urls
    else:
        assert path == current or path.startswith(f"{current}/")
        assert not any(len(url) > len(current) and path.startswith(f"{url}/") for url in urls)
