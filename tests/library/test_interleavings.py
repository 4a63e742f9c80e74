"""Any order of publishing, withdrawing, narrowing, renaming and reading: nobody sees what the stored state forbids."""

import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kb.accounts.models import Unit
from kb.accounts.roles import Role
from kb.accounts.services.sign_ins import begin_sign_in
from kb.accounts.viewer import ANONYMOUS, SYSTEM
from kb.library.core.models.items import ContentItem
from kb.library.services import addresses, publication, revisions
from tests.addresses import path_of
from tests.factories import make_document, make_item, make_unit, make_user, viewer_of

_words = itertools.count(1)
COMMON = "gemensamt"
PAGES = (
    "/",
    "/vagledning",
    "/nu/hot",
    "/andrat",
    "/andrat.atom",
    f"/sok?q={COMMON}",
    f"/sok/forslag?q={COMMON[:6]}",
)
MAY_SEE = {"oppen": {"stranger", "reader", "member"}, "intern": {"reader", "member"}, "enhet": {"member"}}
STEPS = st.one_of(
    st.tuples(st.just("publish"), st.sampled_from(sorted(MAY_SEE))),
    st.tuples(st.just("withdraw"), st.none()),
    st.tuples(st.just("rename"), st.none()),
    st.tuples(st.just("days"), st.sampled_from([("", ""), ("2031-01-01", ""), ("", "2026-01-31")])),
    st.tuples(st.just("begin"), st.sampled_from(["stranger", "reader", "member"])),
    st.tuples(st.just("finish"), st.none()),
)


@dataclass
class World:
    """Two texts, three people, requests that began and are not finished, and what the stored state allows."""

    app: Any
    database: Any
    viewers: dict[str, Any]
    browsers: dict[str, Any]
    unit: str
    items: list[Any] = field(default_factory=list)
    begun: list[Any] = field(default_factory=list)
    used: set[Any] = field(default_factory=set)

    def new_text(self):
        """A text with a word of its own."""
        self.items.append({"visibility": "oppen", "status": "publicerad", "days": ("", ""), "old": []})
        with self.database.transaction() as session:
            item = make_item(session, self._document(self.items[-1]))
            self.items[-1] |= {"id": item.id, "path": path_of(item)}

    def _document(self, state):
        word = f"ord{next(_words):05}x"
        self.used.add(word)
        state["word"] = word
        return make_document(
            title=f"{COMMON.title()} {word}",
            summary=f"{COMMON.title()} {word}.",
            visibility=state["visibility"],
            unit=self.unit if state["visibility"] == "enhet" else "",
            valid_from=state["days"][0],
            valid_to=state["days"][1],
        )

    def do(self, name, value, state):
        """One step on one of the texts."""
        if name in {"begin", "finish"}:
            getattr(self, name)(value, state)
            return
        with self.database.transaction() as session:
            getattr(self, name)(session, session.get_one(ContentItem, state["id"]), state, value)

    def publish(self, session, item, state, visibility):
        """New words for these people."""
        self._renew(session, item, state | {"visibility": visibility}, state)

    def days(self, session, item, state, days):
        """Other days; a version for a later day needs the text to be away first."""
        if days[0] and item.is_published:
            self.withdraw(session, item, state, None)
        self._renew(session, item, state | {"days": days}, state)

    def _renew(self, session, item, wanted, state):
        if wanted["days"][0] and item.is_published and not state["days"][0]:
            return
        state |= wanted
        revision = revisions.add_revision(session, item, self._document(state), by=SYSTEM, reason="x")
        publication.put_public(session, item, revision, by=SYSTEM, way="prov")
        state["status"] = "publicerad"

    def withdraw(self, session, item, state, _value):
        """Take it away."""
        if item.is_published:
            publication.withdraw(session, item, reason="Fel.", replacement=None, by=SYSTEM)
            state["status"] = "borttagen"

    def rename(self, session, item, state, _value):
        """A new address; the old one leads there."""
        addresses.rename(session, item, f"adress-{next(_words)}", by=SYSTEM)
        state["old"].append(state["path"])
        state["path"] = path_of(item)

    def begin(self, who, state):
        """A request that has read something, so that its snapshot is of this moment."""
        session = self.database.reading()
        session.scalar(select(ContentItem.id).limit(1))
        self.begun.append((who, session, state["path"]))

    def finish(self, _value, _state):
        """The oldest of these goes on, and fills what is kept in memory."""
        if not self.begun:
            return
        who, session, path = self.begun.pop(0)
        for page in (path, *PAGES):
            with self.app.test_request_context(page):
                g.reader, g.viewer = session, self.viewers[who]
                view = self.app.view_functions
                endpoint, arguments = self.app.url_map.bind("localhost").match(page.partition("?")[0])
                try:
                    view[endpoint](**arguments)
                except Exception as error:
                    if type(error).__name__ not in {"NotFound", "Upcoming"}:
                        raise
                g.pop("reader", None)
        session.close()

    def forbidden_to(self, who):
        """The words that this person must not meet in lists now."""
        allowed = {
            state["word"]
            for state in self.items
            if state["status"] == "publicerad"
            and state["days"] == ("", "")
            and who in MAY_SEE[state["visibility"]]
        }
        return self.used - allowed

    def leaks(self, pages=PAGES):
        """(who, page, word) for everything that is shown and may not be."""
        for who, browser in self.browsers.items():
            forbidden = self.forbidden_to(who)
            for page in pages:
                text = browser.get(page).text
                yield from ((who, page, word) for word in forbidden if word in text)
            for state in self.items:
                yield from self._leaks_at(who, browser, state, forbidden)

    def _leaks_at(self, who, browser, state, forbidden):
        own = {state["word"]} if who in MAY_SEE[state["visibility"]] and not state["days"][0] else set()
        for path in (state["path"], *state["old"]):
            answer = browser.get(path)
            told = own if answer.status_code == 410 else set()  # its page tells what was taken away
            yield from ((who, path, word) for word in forbidden - told if word in answer.text)
            if answer.status_code == 301 and not own:
                yield who, path, answer.location


@pytest.fixture
def world(live_app):
    """People with their browsers."""
    database = live_app.extensions["database"]
    viewers, browsers = {"stranger": ANONYMOUS}, {"stranger": live_app.test_client()}
    with database.transaction() as session:
        unit = make_unit(session)
        for who, user in (
            ("reader", make_user(session, Role.READER)),
            ("member", make_user(session, Role.READER, unit=unit)),
        ):
            viewers[who] = viewer_of(session, user)
            browsers[who] = live_app.test_client()
            with browsers[who].session_transaction() as cookie:
                cookie["_user_id"] = begin_sign_in(session, user, device="Prov")
        public_id = session.scalar(select(Unit.public_id).where(Unit.id == unit.id))
    return World(live_app, database, viewers, browsers, public_id)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(STEPS, st.integers(0, 1)), min_size=2, max_size=8))
def test_nobody_sees_what_the_stored_state_forbids(world, steps):
    world.items, world.begun = [], []
    world.new_text()
    world.new_text()

    for number, ((name, value), which) in enumerate(steps):
        world.do(name, value, world.items[which])
        if name != "begin":
            assert list(world.leaks([PAGES[number % len(PAGES)]])) == []

    while world.begun:
        world.finish(None, None)
    assert list(world.leaks()) == []
    for state in world.items:
        with world.database.transaction() as session:
            world.withdraw(session, session.get_one(ContentItem, state["id"]), state, None)


def test_a_slow_reader_keeps_nothing_for_the_others(world):
    """The case that was seen, step by step."""
    world.new_text()
    world.do("begin", "reader", world.items[0])
    world.do("withdraw", None, world.items[0])
    world.do("finish", None, world.items[0])

    assert list(world.leaks()) == []
